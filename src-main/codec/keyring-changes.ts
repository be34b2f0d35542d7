import { SyncError } from '../core/errors.ts';
import type { Chance } from '../platform/clock.ts';
import { wipe } from './derive.ts';
import { DEFAULT_COST } from './kdf.ts';
import { epochSeal, Keyring, type KeyringSecrets, macOf, namesSeal, slotKeys } from './keyring.ts';
import { LABEL, MAX_EPOCHS, MAX_SLOTS, MAX_U32 } from './read-vault.ts';
import { sealRoot } from './root-seal.ts';
import type { CodecSettings, EpochRecord, KdfCost, SealedDocument, SlotRecord, SwitchRecord } from './vault-document.ts';
import type { VaultSecret } from './vault-secret.ts';

/** What the changes need of the world. */
export interface ChangeContext {
  readonly chance: Chance;
  readonly nowMs: number;
}
/** A slot to be made. */
export interface NewSlot {
  readonly secret: VaultSecret;
  /** 1 to 64 characters, for people. */
  readonly label: string;
  /** Of a passphrase; left out: the usual. */
  readonly cost?: KdfCost;
}

/** A new vault's keyring: fresh keys, one epoch, one slot. With `switching` of a vault that has objects of another form. */
export async function createKeyring(
  vault: string,
  codec: CodecSettings & { readonly encryption: true },
  first: NewSlot,
  context: ChangeContext,
  switching?: SwitchRecord,
): Promise<Keyring> {
  const { chance } = context;
  const secrets: KeyringSecrets = { vaultKey: chance(32), roots: new Map([[1, chance(32)]]), names: chance(32) };
  const slot = await makeSlot(vault, secrets.vaultKey, first, context);
  const none: SealedDocument = {
    format: 2,
    vault,
    codec,
    ...(switching === undefined ? {} : { switch: switching }),
    keyring: { revision: 0, slots: [], epochs: [], names: { salt: '', sealed: '' }, mac: '' },
  };
  return write(none, secrets, slot.id, { slots: [slot], epochs: [{ id: 1, made: context.nowMs }] }, chance);
}

/** Another secret that opens the vault. */
export async function addSlot(keyring: Keyring, added: NewSlot, context: ChangeContext): Promise<Keyring> {
  const { slots } = keyring.document.keyring;
  if (slots.length >= MAX_SLOTS) throw new SyncError('usage', `a vault has at most ${MAX_SLOTS} secrets`, { hint: 'Remove one that is not used any more: file-sync keys.' });
  const secrets = keyring.secrets();
  const slot = await makeSlot(keyring.vaultId, secrets.vaultKey, added, context);
  return write(keyring.document, secrets, keyring.slot, { slots: [...slots, slot] }, context.chance);
}

/** From now on the slot's secret does not open the vault; what that does not revoke: FORMAT.md, "What a change does". The last slot stays, and the one this keyring was opened with. */
export function removeSlot(keyring: Keyring, id: string, { chance }: ChangeContext): Keyring {
  const { slots } = keyring.document.keyring;
  slotOf(keyring, id);
  if (id === keyring.slot) throw new SyncError('usage', `${id} is the secret you opened the vault with`, { hint: 'Open the vault with another one to remove it, or change it.' });
  return write(keyring.document, keyring.secrets(), keyring.slot, { slots: slots.filter((slot) => slot.id !== id) }, chance);
}

/** Puts another secret into the place of one; the slot keeps its id. */
export async function changeSecret(keyring: Keyring, id: string, changed: NewSlot, context: ChangeContext): Promise<Keyring> {
  slotOf(keyring, id);
  const secrets = keyring.secrets();
  const slot = await makeSlot(keyring.vaultId, secrets.vaultKey, changed, context, id);
  return write(keyring.document, secrets, keyring.slot, { slots: keyring.document.keyring.slots.map((old) => (old.id === id ? slot : old)) }, context.chance);
}

/** A fresh root for new writes; old objects keep theirs. */
export function newEpoch(keyring: Keyring, { chance, nowMs }: ChangeContext): Keyring {
  const secrets = keyring.secrets();
  const { id, epochs } = nextEpoch(keyring, nowMs);
  return write(keyring.document, { ...secrets, roots: new Map([...secrets.roots, [id, chance(32)]]) }, keyring.slot, { epochs }, chance);
}

/** A fresh vault key and a fresh epoch. Only the slots of the given secrets are kept, and the one the keyring was opened with must be among them: the others cannot be given a key without their secret. */
export async function newVaultKey(keyring: Keyring, kept: readonly { readonly id: string; readonly secret: VaultSecret }[], context: ChangeContext): Promise<Keyring> {
  const { chance, nowMs } = context;
  if (!kept.some(({ id }) => id === keyring.slot)) throw new SyncError('internal', 'the slot that opened the vault is kept');
  const old = keyring.secrets();
  wipe(old.vaultKey);
  const { id, epochs } = nextEpoch(keyring, nowMs);
  const secrets: KeyringSecrets = { ...old, vaultKey: chance(32), roots: new Map([...old.roots, [id, chance(32)]]) };
  const slots: SlotRecord[] = [];
  for (const { id: slotId, secret } of kept) {
    const { label, kdf } = slotOf(keyring, slotId);
    slots.push(await makeSlot(keyring.vaultId, secrets.vaultKey, { secret, label, ...(kdf === null ? {} : { cost: kdf }) }, context, slotId));
  }
  return write(keyring.document, secrets, keyring.slot, { slots, epochs }, chance);
}

/** Forgets the root of an epoch that nothing is under any more. The current one stays. */
export function retireEpoch(keyring: Keyring, id: number, { chance }: ChangeContext): Keyring {
  if (!keyring.hasEpoch(id)) throw new SyncError('usage', `the vault has no epoch ${id}`);
  if (id === keyring.currentEpoch) throw new SyncError('usage', `epoch ${id} is the one of new writes`);
  const secrets = keyring.secrets();
  const roots = new Map([...secrets.roots].filter(([epoch]) => epoch !== id));
  wipe(secrets.roots.get(id) ?? new Uint8Array(0));
  return write(keyring.document, { ...secrets, roots }, keyring.slot, { epochs: keyring.document.keyring.epochs.filter((epoch) => epoch.id !== id) }, chance);
}

/** Other settings of the vault; the objects are the caller's business. */
export function changeCodec(keyring: Keyring, codec: CodecSettings & { readonly encryption: true }, { chance }: ChangeContext): Keyring {
  return write({ ...keyring.document, codec }, keyring.secrets(), keyring.slot, {}, chance);
}

/** Nothing of the form before lies there any more: from now on none is read. */
export function endSwitch(keyring: Keyring, { chance }: ChangeContext): Keyring {
  const { switch: _, ...document } = keyring.document;
  return write(document, keyring.secrets(), keyring.slot, {}, chance);
}

function slotOf(keyring: Keyring, id: string): SlotRecord {
  const slot = keyring.document.keyring.slots.find((known) => known.id === id);
  if (slot === undefined) throw new SyncError('usage', `the vault has no secret ${id}`, { hint: 'file-sync keys lists them.' });
  return slot;
}

function nextEpoch(keyring: Keyring, nowMs: number): { readonly id: number; readonly epochs: readonly Unsealed[] } {
  const { epochs } = keyring.document.keyring;
  const id = keyring.currentEpoch + 1;
  if (epochs.length >= MAX_EPOCHS || id > MAX_U32)
    throw new SyncError('usage', `a vault has at most ${MAX_EPOCHS} epochs`, { hint: 'Let the files under old ones be encrypted again first; then they are retired.' });
  return { id, epochs: [...epochs, { id, made: nowMs }] };
}

async function makeSlot(
  vault: string,
  vaultKey: Uint8Array,
  { secret, label, cost = DEFAULT_COST }: NewSlot,
  { chance, nowMs }: ChangeContext,
  id = hex(chance(4)),
): Promise<SlotRecord> {
  if (!LABEL.test(label)) throw new SyncError('usage', 'a label has 1 to 64 characters, none of them a control character');
  const head = { id, kind: secret.kind, kdf: secret.kind === 'passphrase' ? cost : null, salt: hex(chance(16)) };
  const { once, commitment } = await slotKeys(vault, head, secret);
  const wrapped = sealRoot(vaultKey, once).toString('hex');
  wipe(once);
  return { ...head, label, made: nowMs, commitment: commitment.toString('hex'), wrapped };
}

type Unsealed = Pick<EpochRecord, 'id' | 'made'>;

/** The next revision, with every root sealed anew under fresh salts: no key and nonce of a seal is ever used for two texts, whatever was changed. */
function write(
  document: SealedDocument,
  secrets: KeyringSecrets,
  slot: string,
  changes: { readonly slots?: readonly SlotRecord[]; readonly epochs?: readonly Unsealed[] },
  chance: Chance,
): Keyring {
  const { keyring } = document;
  if (keyring.revision >= MAX_U32) throw new SyncError('internal', 'the keyring was changed too often');
  const epochs = (changes.epochs ?? keyring.epochs).map(({ id, made }): EpochRecord => {
    const salt = hex(chance(16));
    return { id, made, salt, sealed: sealOnce(secrets.roots.get(id), epochSeal(document.vault, secrets.vaultKey, { id, salt })) };
  });
  const salt = hex(chance(16));
  const names = { salt, sealed: sealOnce(secrets.names, namesSeal(document.vault, secrets.vaultKey, { salt })) };
  const unsigned: SealedDocument = { ...document, keyring: { revision: keyring.revision + 1, slots: changes.slots ?? keyring.slots, epochs, names, mac: '' } };
  const signed: SealedDocument = { ...unsigned, keyring: { ...unsigned.keyring, mac: macOf(unsigned, secrets.vaultKey) } };
  return new Keyring(signed, slot, secrets);
}

function sealOnce(root: Uint8Array | undefined, once: Buffer): string {
  if (root === undefined) throw new SyncError('internal', 'an epoch without its root');
  const sealed = sealRoot(root, once).toString('hex');
  wipe(once);
  return sealed;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
