import { SyncError } from '../core/errors.ts';
import { costFault } from './kdf.ts';
import {
  type CodecSettings,
  type CodedDocument,
  type EpochRecord,
  encodeVaultDocument,
  type KdfCost,
  type KeyringRecord,
  MAX_VAULT_BYTES,
  NAME_FORMS,
  NEWEST_FORMAT,
  type SealedRoot,
  type SlotRecord,
  type SwitchRecord,
  unreadable,
  type VaultDocument,
} from './vault-document.ts';
import { SECRET_KINDS } from './vault-secret.ts';

export const MAX_SLOTS = 16;
export const MAX_EPOCHS = 64;
export const MAX_U32 = 0xffff_ffff;
/** What a Date takes, ms. */
const MAX_TIME = 8_640_000_000_000_000;
export const LABEL = /^[^\p{C}\p{Zl}\p{Zp}]{1,64}$/u;

/**
 * Reads `vault.json`. Format 1: the id counts, the rest is left alone. Format 2 and 3: canonical, every field within its limits; its MAC is checked when it is opened. `config` for a newer format, `corrupt` with
 * the field at fault for anything else.
 */
export function parseVaultDocument(bytes: Uint8Array): VaultDocument {
  if (bytes.length > MAX_VAULT_BYTES) throw unreadable(`it is longer than ${MAX_VAULT_BYTES} bytes`);
  const value = jsonOf(bytes);
  if (!isRecord(value)) throw unreadable('it is no JSON object');
  const { format, vault } = value;
  if (!isWhole(format, 1, Number.MAX_SAFE_INTEGER)) throw unreadable('format is no number of a format');
  // Of a newer format nothing but its number can be relied on.
  if (format > NEWEST_FORMAT) throw new SyncError('config', `this place was made by a newer File Sync (format ${format})`, { hint: 'Update File Sync on this device.' });
  if (typeof vault !== 'string' || !/^[0-9a-f]{16,64}$/.test(vault)) throw unreadable('vault is no id of a vault');
  if (format === 1) return { format: 1, vault };
  const document = codedDocument(value, vault, format === 3);
  if (!encodeVaultDocument(document).equals(bytes)) throw unreadable('it is not written as File Sync writes it');
  return document;
}

function codedDocument(value: Fields, vault: string, isSwitched: boolean): CodedDocument {
  const codec = codecOf(fieldsOf(value, 'codec'), 'codec');
  const known = { format: 2, vault, codec, ...(isSwitched ? { switch: switchOf(fieldsOf(value, 'switch'), codec) } : {}) } as const;
  if (codec.encryption) return { ...known, keyring: keyringOf(fieldsOf(value, 'keyring')) };
  if (codec.names !== 'plain') throw unreadable('codec.names are encrypted where nothing is');
  if (value['keyring'] !== null) throw unreadable('keyring is there though nothing is encrypted');
  return { ...known, keyring: null };
}

function codecOf({ encryption, compression, names }: Fields, at: string): CodecSettings {
  if (typeof encryption !== 'boolean') throw unreadable(`${at}.encryption is neither true nor false`);
  if (typeof compression !== 'boolean') throw unreadable(`${at}.compression is neither true nor false`);
  return { encryption, compression, names: oneOf(names, NAME_FORMS, `${at}.names`) };
}

/** Only from what hides nothing to what the old form cannot be taken for. */
function switchOf(value: Fields, to: CodecSettings): SwitchRecord {
  const { encryption, compression, names } = codecOf(fieldsOf(value, 'from'), 'switch.from');
  if (encryption || names !== 'plain') throw unreadable('switch.from is encrypted');
  if (!to.encryption && (!to.compression || compression)) throw unreadable('switch.from is what the vault is switched to');
  return { from: { encryption, compression, names }, began: whole(value['began'], 0, MAX_TIME, 'switch.began') };
}

function keyringOf(value: Fields): KeyringRecord {
  const slots = listOf(value['slots'], MAX_SLOTS, 'keyring.slots').map((slot, i) => slotOf(slot, `keyring.slots[${i}]`));
  const epochs = listOf(value['epochs'], MAX_EPOCHS, 'keyring.epochs').map((epoch, i) => epochOf(epoch, `keyring.epochs[${i}]`));
  if (new Set(slots.map(({ id }) => id)).size < slots.length) throw unreadable('keyring.slots has one id twice');
  if (epochs.some(({ id }, i) => id <= (epochs[i - 1]?.id ?? 0))) throw unreadable('keyring.epochs is not in order');
  return {
    revision: whole(value['revision'], 1, MAX_U32, 'keyring.revision'),
    slots,
    epochs,
    names: sealedRootOf(fieldsOf(value, 'names'), 'keyring.names'),
    mac: hex(value['mac'], 32, 'keyring.mac'),
  };
}

function slotOf(value: Fields, at: string): SlotRecord {
  const kind = oneOf(value['kind'], SECRET_KINDS, `${at}.kind`);
  const { label, kdf } = value;
  if (typeof label !== 'string' || !LABEL.test(label)) throw unreadable(`${at}.label is no label`);
  if ((kdf !== null) !== (kind === 'passphrase')) throw unreadable(`${at}.kdf does not fit its kind`);
  return {
    id: hex(value['id'], 4, `${at}.id`),
    kind,
    label,
    made: whole(value['made'], 0, MAX_TIME, `${at}.made`),
    kdf: kdf === null ? null : kdfOf(fieldsOf(value, 'kdf'), `${at}.kdf`),
    salt: hex(value['salt'], 16, `${at}.salt`),
    commitment: hex(value['commitment'], 32, `${at}.commitment`),
    wrapped: hex(value['wrapped'], 48, `${at}.wrapped`),
  };
}

/** C64: a file that would make a passphrase cheap to guess, or cost hours to open, is refused before anything is derived. */
function kdfOf(value: Fields, at: string): KdfCost {
  const number = (name: keyof KdfCost): number => whole(value[name], 0, MAX_U32, `${at}.${name}`);
  const cost = { memoryKiB: number('memoryKiB'), passes: number('passes'), lanes: number('lanes') };
  const fault = costFault(cost);
  if (fault !== null) throw unreadable(`${at} makes opening ${fault}; somebody may have changed it`);
  return cost;
}

function epochOf(value: Fields, at: string): EpochRecord {
  return { id: whole(value['id'], 1, MAX_U32, `${at}.id`), made: whole(value['made'], 0, MAX_TIME, `${at}.made`), ...sealedRootOf(value, at) };
}

function sealedRootOf(value: Fields, at: string): SealedRoot {
  return { salt: hex(value['salt'], 16, `${at}.salt`), sealed: hex(value['sealed'], 48, `${at}.sealed`) };
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(value: Fields, name: string): Fields {
  const inner = value[name];
  if (!isRecord(inner)) throw unreadable(`${name} is missing`);
  return inner;
}

function listOf(value: unknown, most: number, at: string): readonly Fields[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > most || !value.every(isRecord)) throw unreadable(`${at} is no list of 1 to ${most}`);
  return value;
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}

function whole(value: unknown, min: number, max: number, at: string): number {
  if (!isWhole(value, min, max)) throw unreadable(`${at} is no number from ${min} to ${max}`);
  return value;
}

function hex(value: unknown, bytes: number, at: string): string {
  if (typeof value !== 'string' || value.length !== 2 * bytes || !/^[0-9a-f]+$/.test(value)) throw unreadable(`${at} is not ${bytes} bytes in hex`);
  return value;
}

function oneOf<T extends string>(value: unknown, words: readonly T[], at: string): T {
  const word = words.find((known) => known === value);
  if (word === undefined) throw unreadable(`${at} is none of ${words.join(', ')}`);
  return word;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return null;
  }
}
