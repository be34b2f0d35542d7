import { contentIdFor } from '../../codec/content-keys.ts';
import { encodeContainer } from '../../codec/encode-container.ts';
import { envelopeEpoch } from '../../codec/envelope.ts';
import { openContainer } from '../../codec/open-container.ts';
import type { Version } from '../../core/entry.ts';
import { SyncError } from '../../core/errors.ts';
import type { Backend, CallOptions, ObjectDetail } from '../backend.ts';
import { checkUnmixed, ENVELOPE, inPlace, type Opened, type SealedHeads, withSignal } from './sealed-heads.ts';
import { isOurs } from './sealed-keys.ts';
import { withStoredAt } from './sealed-meta.ts';
import type { SealedCodec, SealedPorts } from './sealed-ports.ts';
import type { SealedWrites } from './sealed-writes.ts';

export type Resealed =
  /** `version`: what lies there now; null: nothing under that name any more. */
  | { readonly kind: 'resealed'; readonly version: Version | null; readonly bytes: number }
  /** All of it is under the epoch of new writes already. */
  | { readonly kind: 'current' }
  /** It is another version by now, or gone. */
  | { readonly kind: 'stale' };

export interface ResealPorts extends Pick<SealedPorts, 'spool'> {
  readonly backend: Backend;
  readonly codec: SealedCodec;
  readonly heads: SealedHeads;
  readonly writes: SealedWrites;
}

/**
 * Writes an object anew under the epoch of new writes, if it still is `version`. Nothing of what its head says changes (who wrote it, when, as what generation), and the time since when the store has it goes into the head, so that
 * nobody takes it for an edit: not the other devices, and not the past that is made of kept versions. The content is read whole and compared with its hash before the last bytes of the new object are sent.
 */
export async function reseal(ports: ResealPorts, { key, version }: { readonly key: string; readonly version: Version }, options: CallOptions): Promise<Resealed> {
  const { backend, codec, heads, writes } = ports;
  const stored = await backend.stat(codec.names.sealKey(key), options);
  if (stored?.version !== version) return { kind: 'stale' };
  const opened = await heads.of(key, stored, options);
  const keys = codec.keys?.current();
  if (opened === 'gone') return { kind: 'stale' };
  if (keys === undefined) throw new SyncError('internal', 'nothing is encrypted here');
  try {
    const source = { size: stored.size, open: (at: number) => storedBytes(backend, key, stored, at, options) };
    const container = await openContainer(source, { ...heads.opening, ...options });
    try {
      checkUnmixed(opened, container);
      // A rename gives an old container a new envelope: both count.
      if (container.header.epoch === keys.epoch && isUnder(keys.epoch, stored, backend)) return { kind: 'current' };
      const sealing = sealingFor(opened, keys);
      const compression = container.header.compression === 'none' || isOurs(key) ? null : codec.compression;
      const encoded = await encodeContainer(
        { size: opened.head.size, open: () => container.chunks() },
        {
          vaultId: codec.vaultId,
          keys,
          ...sealing,
          ...(compression === null ? {} : { compression }),
          ...(ports.spool === undefined ? {} : { spool: ports.spool }),
          ...options,
        },
      );
      try {
        const written = await backend.put(stored.key, encoded, { condition: { kind: 'match', version }, meta: writes.metaFor(key, sealing) ?? {}, ...options });
        return written.kind === 'stale' ? written : { kind: 'resealed', version: written.version, bytes: stored.size };
      } finally {
        await encoded.release();
      }
    } finally {
      await container.close();
    }
  } catch (error) {
    throw error instanceof SyncError && error.code === 'corrupt' && error.path === undefined ? inPlace(error, key) : error;
  }
}

function isUnder(epoch: number, { meta }: ObjectDetail, { capabilities }: Backend): boolean {
  const envelope = capabilities.keepsMeta ? meta[ENVELOPE] : undefined;
  return envelope === undefined || envelopeEpoch(envelope) === epoch;
}

/** Derived from the content that is there, so that another try makes the same. */
function sealingFor({ key, head, contentId, stored }: Opened, keys: NonNullable<ReturnType<NonNullable<SealedCodec['keys']>['current']>>): Pick<Opened, 'head' | 'contentId'> {
  const from = `reseal-${Buffer.from(contentId).toString('hex')}`;
  return { head: { ...(isOurs(key) ? head : withStoredAt(head, stored.storedAtMs)), reuse: 0 }, contentId: contentIdFor(keys, from, head.path) };
}

async function* storedBytes(backend: Backend, key: string, { key: storedKey, version }: ObjectDetail, offset: number, { signal }: CallOptions): AsyncGenerator<Uint8Array> {
  const object = await backend.get(storedKey, { ifMatch: version, offset, ...withSignal(signal) });
  if (object === null) throw new SyncError('busy', 'the object was replaced while it was read', { path: key });
  yield* object.chunks;
}
