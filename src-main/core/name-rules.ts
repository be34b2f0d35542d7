/** How the names of a synced tree lie on disk. `toDisk` and `fromDisk` are inverses of each other, name by name (docs/format.md, "Names on disk"). */
export interface NameRules {
  toDisk(name: string): string;
  fromDisk(name: string): string;
}

export type NamePlatform = 'posix' | 'win32';

/** `platform`: as Node names it; all but Windows hold the same names. */
export function nameRules(platform: string): NameRules {
  return platform === 'win32' ? WINDOWS : POSIX;
}

/** POSIX holds every component there is: NUL and `/` cannot be in one. */
const POSIX: NameRules = { toDisk: (name) => name, fromDisk: (name) => name };

/**
 * Two steps, each a bijection. A character that cannot stand where it stands becomes `%HH`; a text that already reads `%HH`, `%25HH`, `%2525HH` … for such a character gets one more `25`, and nothing else changes,
 * so `100%.txt` stays `100%.txt`. First step: forbidden characters, and a dot or a space at the end. Second step: the first letter of a device name.
 */
const WINDOWS: NameRules = {
  toDisk: (name) => escapeDevice(escapeCharacters(name)),
  fromDisk: (name) => unescapeCharacters(unescapeDevice(name)),
};

const FORBIDDEN = '[<>:"|?*\\\\\\x01-\\x1F]';
const FORBIDDEN_CODES = '(?:0[1-9A-F]|1[0-9A-F]|22|2A|3A|3C|3E|3F|5C|7C)';
const CANNOT_HOLD = new RegExp(`${FORBIDDEN}|[. ]$`);
const TO_ESCAPE = new RegExp(`${FORBIDDEN}|[. ]$|%(?=(?:25)*(?:${FORBIDDEN_CODES}|(?:2E|20)$))`, 'g');
const TO_UNESCAPE = new RegExp(`%((?:25)+)(?=${FORBIDDEN_CODES}|(?:2E|20)$)|%(${FORBIDDEN_CODES}|(?:2E|20)$)`, 'g');

/** Whether Windows can hold a component under its own name. */
export function isWindowsName(name: string): boolean {
  return !CANNOT_HOLD.test(name) && !DEVICE.test(name);
}

function escapeCharacters(name: string): string {
  return name.replace(TO_ESCAPE, (found) => (found === '%' ? '%25' : hex(found)));
}
function unescapeCharacters(name: string): string {
  return name.replace(TO_UNESCAPE, (_found, repeats: string | undefined, code: string | undefined) => (repeats === undefined ? unhex(code ?? '') : `%${repeats.slice(2)}`));
}

/** Reserved with any extension, and with spaces before it. The superscript digits are no mistake: Windows takes them for 1, 2 and 3. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9\u00B9\u00B2\u00B3]|lpt[0-9\u00B9\u00B2\u00B3]|conin\$|conout\$) *(?:\.|$)/i;
const DEVICE_ESCAPE = /^%((?:25)*)(4[13CE]|50|6[13CE]|70)/;

function escapeDevice(name: string): string {
  if (DEVICE.test(name)) return hex(name.slice(0, 1)) + name.slice(1);
  return readsAsDevice(name) === null ? name : `%25${name.slice(1)}`;
}
function unescapeDevice(name: string): string {
  const read = readsAsDevice(name);
  if (read === null) return name;
  return read.repeats === 0 ? read.device : `%${name.slice(3)}`;
}
function readsAsDevice(name: string): { readonly repeats: number; readonly device: string } | null {
  const match = DEVICE_ESCAPE.exec(name);
  if (match === null) return null;
  const device = unhex(match[2] ?? '') + name.slice(match[0].length);
  return DEVICE.test(device) ? { repeats: (match[1] ?? '').length / 2, device } : null;
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
function unhex(code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16));
}
