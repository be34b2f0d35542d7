import { describe, expect, it } from 'vitest';
import { bodyOf, textOfBody } from '../../testing/http-api-kit.ts';
import { SimStore } from '../../testing/sim-s3/sim-store.ts';

describe('a bucket whose versioning was suspended since the probe', () => {
  it('loses nothing of what was there: what has no version of its own is not taken away again', async () => {
    const store = new SimStore({ profile: 'wasabi' });
    store.s3.bucket.versioning = 'Suspended';
    const device = store.backend({}, { versioning: 'enabled' });
    store.s3.foreign('a', 'one');
    const seen = await device.stat('a');
    if (seen === null) throw new Error('gone');
    await expect(device.put('a', bodyOf('two'), { condition: { kind: 'match', version: seen.version }, meta: {} })).rejects.toMatchObject({ code: 'config' });
    const left = await device.get('a');
    expect(left === null ? null : await textOfBody(left.chunks)).toBe('two');
  });
});
