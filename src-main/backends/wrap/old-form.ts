import { CLAIM_BYTES, claimOf } from '../../codec/container-of.ts';
import { damaged } from '../../codec/damage.ts';
import { envelopeEpoch } from '../../codec/envelope.ts';
import type { SwitchRecord } from '../../codec/vault-document.ts';
import type { Version } from '../../core/entry.ts';
import type { NewHasher } from '../../platform/clock.ts';
import type { Backend, CallOptions, ObjectDetail } from '../backend.ts';
import { firstBytes } from './first-bytes.ts';
import { ENVELOPE, withSignal } from './sealed-heads.ts';
import { isOurs } from './sealed-keys.ts';
import type { SealedCodec } from './sealed-ports.ts';
import { SeenGenerations } from './seen-generations.ts';

/** Objects whose form is remembered. */
const REMEMBERED = 4_096;
const MARK_DIGITS = 32;

export type Form = 'new' | 'old';

export interface OldFormPorts {
  readonly store: Backend;
  readonly codec: Pick<SealedCodec, 'vaultId' | 'keys'>;
  readonly from: SwitchRecord['from'];
  readonly seen: SeenGenerations;
}

/** Tells objects of the form before a switch from those of the new one where both may lie under one name. What claims to be of the new form is never taken for one of the old: it opens, or it is an error. */
export class OldForm {
  readonly #ports: OldFormPorts;
  readonly #known = new Map<string, Form>();

  constructor(ports: OldFormPorts) {
    this.#ports = ports;
  }

  /** Null when the object is another one by now. */
  async of(stored: ObjectDetail, options: CallOptions): Promise<Form | null> {
    const { store } = this.#ports;
    if (store.capabilities.keepsMeta) {
      const envelope = stored.meta[ENVELOPE];
      if (envelope !== undefined) return this.#isNewClaim(envelopeEpoch(envelope) === 0 ? 'clear' : 'sealed') ? 'new' : 'old';
      // A hash in the metadata is a plain device's; of sealed objects the envelope or the head has it.
      if (stored.meta['sha256'] !== undefined) return 'old';
    }
    const name = `${stored.version} ${stored.key}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const object = await store.get(stored.key, { ifMatch: stored.version, ...withSignal(options.signal) });
    if (object === null) return null;
    const form = this.#isNewClaim(claimOf(await firstBytes(object.chunks, CLAIM_BYTES), this.#ports.codec.vaultId)) ? 'new' : 'old';
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(name, form);
    return form;
  }

  /** A path where something sealed was seen never goes back: else whoever may write to the store could put anything there. */
  async check(key: string): Promise<void> {
    if (isOurs(key) || !(await wasSealed(this.#ports, key))) return;
    throw damaged('rolled-back', 'something that is not encrypted lies where this device has seen an encrypted file', {
      path: key,
      hint: 'It was put there by another program, or by a device that had not heard of the encryption yet. Nothing was overwritten. If the file is yours, move it out of the store and into the synced folder.',
    });
  }

  #isNewClaim(claim: ReturnType<typeof claimOf>): boolean {
    return claim === 'sealed' || (claim === 'clear' && !this.#ports.from.compression);
  }
}

/** Where compressed objects were seen before, their generations are on record too: then a mark of its own says "sealed". */
async function wasSealed({ seen, codec, from }: OldFormPorts, key: string): Promise<boolean> {
  if (codec.keys === null) return false;
  return (await seen.highest(from.compression ? sealedMark(key) : key)) !== null;
}

const sealedMark = (key: string): string => `${key}\0sealed`;

/** What the new form of a vault notes: with every path that it is sealed there. */
export class SeenSealed extends SeenGenerations {
  override async saw(path: string, generation: number): Promise<void> {
    await super.saw(path, generation);
    await super.saw(sealedMark(path), 1);
  }
}

/** How an object's head names the version it was made from. */
export function versionMark(newHasher: NewHasher, version: Version): string {
  const hasher = newHasher();
  hasher.update(Buffer.from(version));
  return hasher.digest().slice(0, MARK_DIGITS);
}
