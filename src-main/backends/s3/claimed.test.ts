import { describe, expect, it } from 'vitest';
import type { Version } from '../../core/entry.ts';
import { SyncError } from '../../core/errors.ts';
import { bodyOf, textOfBody } from '../../testing/http-api-kit.ts';
import type { S3Step } from '../../testing/sim-s3/sim-s3-api.ts';
import { SimStore } from '../../testing/sim-s3/sim-store.ts';

const put = { condition: { kind: 'absent' }, meta: {} } as const;

async function text(backend: ReturnType<SimStore['backend']>, key: string): Promise<string | null> {
  const body = await backend.get(key);
  return body === null ? null : textOfBody(body.chunks);
}

describe('a claim, when its holder fails after the write it was for', () => {
  it('does not take away what others made of it: the look afterwards gets no answer', async () => {
    const store = new SimStore({ profile: 'minio' });
    const other = store.backend();
    let copied = false;
    const step: S3Step = async (when, operation, key) => {
      if (when === 'after' && operation === 'copy') {
        copied = true;
        return undefined;
      }
      if (copied && when === 'before' && operation === 'head' && key === 'b') {
        const seen = await other.stat('b');
        await other.put('b', bodyOf('edited by another'), { condition: { kind: 'match', version: seen?.version as Version }, meta: {} });
        throw new SyncError('unreachable', 'the network went');
      }
      return undefined;
    };
    const device = store.backend({ step });
    const made = await device.put('a', bodyOf('content'), put);
    if (made.kind !== 'done') throw new Error('no');
    await expect(device.copy({ key: 'a', version: made.version }, 'b', { condition: { kind: 'absent' } })).rejects.toThrow();
    expect(await text(other, 'b')).toBe('edited by another');
  });

  it('does not free the key while its interrupted request may still arrive', async () => {
    const store = new SimStore({ profile: 'minio' });
    const other = store.backend();
    const stop = new AbortController();
    const step: S3Step = async (when, operation) => {
      if (when !== 'before' || operation !== 'copy') return undefined;
      stop.abort();
      // As the wire does when a request is on its way.
      throw new SyncError('aborted', 'interrupted');
    };
    const device = store.backend({ step });
    const made = await device.put('a', bodyOf('content'), put);
    if (made.kind !== 'done') throw new Error('no');
    await expect(device.copy({ key: 'a', version: made.version }, 'b', { condition: { kind: 'absent' }, signal: stop.signal })).rejects.toThrow('interrupted');
    expect(store.s3.bucket.keys()).toContain('b');
    expect(await other.stat('b')).toBeNull();
  });
});
