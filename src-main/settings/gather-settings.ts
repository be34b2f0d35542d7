import { parseEnvFile } from './env-file.ts';
import { isOfTheSdk, isVariable, VARIABLES, type VariableName } from './variables.ts';

export interface ConfigSources {
  /** What the command line says. */
  readonly flags: Readonly<Partial<Record<VariableName, string>>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null where there is no file. */
  readonly file: { readonly path: string; readonly text: string } | null;
  /** Settings that come from elsewhere than a file and count as one: a folder of the desktop app. */
  readonly base?: { readonly where: string; readonly values: Readonly<Partial<Record<VariableName, string>>> };
  /** A profile was named: which folder and which backup it is about is not for the environment to say. */
  readonly isProfile?: boolean;
  /** The next step when they are wrong, where it is another than to correct the file or to write one. */
  readonly advice?: string;
  readonly cwd: string;
  readonly hostname: string;
  /** Makes a path absolute, from the folder given. */
  readonly resolve: (folder: string, path: string) => string;
  /** The folder a file lies in. */
  readonly dirname: (path: string) => string;
}

/** The text of one setting, before it is judged. */
export interface GivenSetting {
  readonly text: string;
  /** For messages. */
  readonly where: string;
  /** What a relative path is relative to. */
  readonly folder: string;
}

/** What names the two places of a pair. */
const PLACES: readonly VariableName[] = ['WATCH_DIR', 'BACKEND_TYPE', 'BACKUP_DIR', 'S3_BUCKET', 'S3_PREFIX', 'S3_ENDPOINT', 'S3_KEYCHAIN'];

/** Which text counts for each setting: flags before environment before file. An empty value counts as not set. The environment may hold any other name; the file may not. What the SDK shares with other programs is left to it there. */
export function gatherSettings(sources: ConfigSources): { readonly given: ReadonlyMap<VariableName, GivenSetting>; readonly faults: readonly string[] } {
  const { flags, env, base, cwd, isProfile = false } = sources;
  const { given, faults } = fromFile(sources);
  const names = Object.keys(VARIABLES).filter(isVariable);
  for (const [where, source] of [
    [base?.where ?? '', base?.values ?? {}],
    ['environment', env],
    ['command line', flags],
  ] as const) {
    for (const name of names) {
      if (source === env && (isOfTheSdk(name) || (isProfile && PLACES.includes(name)))) continue;
      const text = (source as Readonly<Record<string, string | undefined>>)[name];
      if (text !== undefined && text !== '') given.set(name, { text, where, folder: cwd });
    }
  }
  return { given, faults };
}

function fromFile({ file, dirname }: ConfigSources): { readonly given: Map<VariableName, GivenSetting>; readonly faults: readonly string[] } {
  const given = new Map<VariableName, GivenSetting>();
  if (file === null) return { given, faults: [] };
  const parsed = parseEnvFile(file.text);
  const faults = parsed.faults.map(({ line, what }) => `line ${line} of ${file.path} ${what}`);
  for (const [name, { value, line }] of parsed.values) {
    const where = `line ${line} of ${file.path}`;
    if (!isVariable(name)) faults.push(`${name} (${where}) is not a known setting${suggestion(name)}`);
    else if (value !== '') given.set(name, { text: value, where, folder: dirname(file.path) });
  }
  return { given, faults };
}

/** The known name that is closest in spelling, if any is close. */
export function suggestion(name: string): string {
  const near = Object.keys(VARIABLES)
    .map((known) => ({ known, distance: editDistance(name.toUpperCase(), known) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near !== undefined && near.distance <= 3 ? `; did you mean ${near.known}?` : '';
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
