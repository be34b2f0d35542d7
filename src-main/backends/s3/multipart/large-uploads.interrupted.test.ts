import { describe, expect, it } from 'vitest';
import { bodyOf, META, over, PART, TEXT, textOf, UploadWorld } from '../../../testing/large-uploads-kit.ts';
import { contentOf } from '../../../testing/s3-server/content.ts';

describe('C48 C56 an upload that was interrupted', () => {
  it.each(['aws', 'r2', 'ceph16'] as const)('S105 S136 at any step, on %s, goes on in the next run, and no part goes up twice', async (profile) => {
    for (let diesAt = 1; ; diesAt++) {
      const world = new UploadWorld({ profile });
      const first = world.run({ diesAt });
      const isDone = await world.upload(first, 'k', bodyOf(TEXT)).then(
        () => true,
        () => false,
      );
      if (isDone) {
        expect(diesAt).toBeGreaterThan(40);
        break;
      }
      await world.upload(world.run(), 'k', bodyOf(TEXT), { meta: { ...META, op: 'op2', w: 'mark2' } });
      expect([diesAt, await world.content('k')]).toEqual([diesAt, TEXT]);
      expect([diesAt, world.doubled()]).toEqual([diesAt, []]);
      // What was on record is gone; an upload whose name was never heard stays behind, and nothing else.
      expect([diesAt, world.s3.bucket.uploads.size <= 1, await world.notes.all('upload')]).toEqual([diesAt, true, new Map()]);
    }
  });

  it('S114 where ETags are no MD5, sends again at most the parts that were under way', async () => {
    const least = Math.min(
      ...(await Promise.all(
        Array.from({ length: 40 }, async (_, n) => {
          const world = new UploadWorld({ quirks: { etag: 'opaque' } });
          await expect(world.upload(world.run({ diesAt: 10 + n }), 'k', bodyOf(TEXT))).rejects.toThrow('dead');
          await world.upload(world.run(), 'k', bodyOf(TEXT));
          expect(await world.content('k')).toBe(TEXT);
          expect(world.doubled().length).toBeLessThanOrEqual(3);
          return world.doubled().length;
        }),
      )),
    );
    expect(least).toBe(0);
  });

  it('by the signal stops at once and keeps what it has', async () => {
    const world = new UploadWorld();
    const stop = new AbortController();
    const stopping = world.run({
      api: (api) =>
        over(api, {
          uploadPart: async (key, part) => {
            if (part.number === 5) stop.abort();
            return api.uploadPart(key, part);
          },
        }),
    });
    await expect(world.upload(stopping, 'k', bodyOf(TEXT), { signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' });
    const before = world.arrivals.size;
    expect(before).toBeGreaterThanOrEqual(2);
    await world.upload(world.run(), 'k', bodyOf(TEXT));
    expect([world.doubled(), world.arrivals.size, await world.content('k')]).toEqual([[], 10, TEXT]);
  });

  it('keeps the mark it began with, which is what the object will have', async () => {
    const world = new UploadWorld();
    await expect(world.upload(world.run({ diesAt: 20 }), 'k', bodyOf(TEXT))).rejects.toThrow('dead');
    const sent = await world.upload(world.run(), 'k', bodyOf(TEXT), { meta: { ...META, op: 'op2', w: 'mark2' } });
    expect(sent.meta).toEqual(META);
    expect((await world.s3.client().head('k'))?.meta).toEqual(META);
  });

  it('is gone on the server: everything is sent anew', async () => {
    const world = new UploadWorld();
    await expect(world.upload(world.run({ diesAt: 20 }), 'k', bodyOf(TEXT))).rejects.toThrow('dead');
    world.s3.bucket.uploads.clear();
    await world.upload(world.run(), 'k', bodyOf(TEXT));
    expect(await world.content('k')).toBe(TEXT);
  });

  it('whose file has other content or metadata by now is given up, and the new one sent', async () => {
    for (const [content, meta] of [
      [textOf(9, 'other'), META],
      [`${TEXT}!`, META],
      [TEXT, { ...META, mtime: '2' }],
    ] as const) {
      const world = new UploadWorld();
      await expect(world.upload(world.run({ diesAt: 20 }), 'k', bodyOf(TEXT))).rejects.toThrow('dead');
      const sent = await world.upload(world.run(), 'k', bodyOf(content), { meta });
      expect([await world.content('k'), sent.meta]).toEqual([content, meta]);
      expect(world.s3.bucket.uploads.size).toBe(0);
    }
  });

  it('does not rely on the record for parts that the store has lost or has otherwise', async () => {
    const world = new UploadWorld();
    await expect(world.upload(world.run({ diesAt: 30 }), 'k', bodyOf(TEXT))).rejects.toThrow('dead');
    const [upload] = world.s3.bucket.uploads.values();
    const part = upload?.parts.get(2);
    if (upload === undefined || part === undefined) throw new Error('nothing was sent');
    upload.parts.delete(1);
    upload.parts.set(2, { ...part, content: contentOf(Buffer.alloc(PART, 'q')), etag: 'of others' });
    await world.upload(world.run(), 'k', bodyOf(TEXT));
    expect([await world.content('k'), world.doubled()]).toEqual([TEXT, [`${upload.id} 1`, `${upload.id} 2`]]);
  });

  it('S117 was completed though the answer was lost: the next one begins anew and finds nothing to take up', async () => {
    const world = new UploadWorld();
    const first = world.run();
    const sent = await first.large.send('k', bodyOf(TEXT), { meta: META, replaces: null, ways: world.ways });
    await first.api.complete('k', sent.uploadId, sent.parts, {});
    await world.upload(world.run(), 'k', bodyOf(TEXT));
    expect([await world.content('k'), await world.notes.all('upload'), world.s3.bucket.uploads.size]).toEqual([TEXT, new Map(), 0]);
  });
});
