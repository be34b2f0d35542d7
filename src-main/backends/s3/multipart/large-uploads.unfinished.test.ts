import { describe, expect, it } from 'vitest';
import { SyncError } from '../../../core/errors.ts';
import { bodyOf, over, TEXT, UploadWorld } from '../../../testing/large-uploads-kit.ts';

describe('S118 unfinished uploads', () => {
  it('on record are given up after a week; those of others never', async () => {
    const world = new UploadWorld();
    await expect(world.upload(world.run({ diesAt: 20 }), 'old', bodyOf(TEXT))).rejects.toThrow('dead');
    await world.s3.client().createUpload('of another device', { meta: {} });
    world.clock.advance(6 * 86_400_000);
    await expect(world.upload(world.run({ diesAt: 20 }), 'new', bodyOf(TEXT))).rejects.toThrow('dead');
    await world.run().large.sweep();
    expect([...world.s3.bucket.uploads.values()].map(({ key }) => key).sort()).toEqual(['new', 'of another device', 'old']);
    world.clock.advance(86_400_001);
    await world.run().large.written('any key');
    expect([...world.s3.bucket.uploads.values()].map(({ key }) => key).sort()).toEqual(['new', 'of another device']);
    expect([...(await world.notes.all('upload')).keys()]).toEqual(['new']);
  });

  it('that take longer than a week are kept for as long as somebody goes on with them', async () => {
    const world = new UploadWorld();
    for (const diesAt of [20, 30, 36]) {
      await expect(world.upload(world.run({ diesAt }), 'slow', bodyOf(TEXT))).rejects.toThrow('dead');
      world.clock.advance(5 * 86_400_000);
    }
    await world.upload(world.run(), 'slow', bodyOf(TEXT));
    expect([await world.content('slow'), world.doubled(), world.arrivals.size]).toEqual([TEXT, [], 10]);
  });

  it('of a key that was written otherwise are given up at once', async () => {
    const world = new UploadWorld();
    await expect(world.upload(world.run({ diesAt: 20 }), 'k', bodyOf(TEXT))).rejects.toThrow('dead');
    await world.run().large.written('k');
    expect([world.s3.bucket.uploads.size, await world.notes.all('upload')]).toEqual([0, new Map()]);
  });

  it('that cannot be given up now fail no write, and are given up later; without the permission they do not stand in the way', async () => {
    const world = new UploadWorld();
    for (const code of ['unreachable', 'refused'] as const) {
      await expect(world.upload(world.run({ diesAt: 20 }), 'k', bodyOf(TEXT))).rejects.toThrow('dead');
      const failing = world.run({
        api: (api) =>
          over(api, {
            abort: async () => {
              throw new SyncError(code, 'no');
            },
          }),
      });
      await failing.large.written('k');
      expect((await world.notes.all('upload')).size).toBe(code === 'unreachable' ? 1 : 0);
      await world.run().large.written('k');
      expect(await world.notes.all('upload')).toEqual(new Map());
    }
  });

  it('with a note that does not read are forgotten', async () => {
    const world = new UploadWorld();
    await world.notes.put('upload', 'k', '{"format":1,"uploadId":"x"}');
    await world.notes.put('blocks', 'k', 'nonsense');
    await world.upload(world.run(), 'k', bodyOf(TEXT), { replaces: { etag: 'e', version: 'v' as never } });
    expect(await world.content('k')).toBe(TEXT);
    await world.notes.put('upload', 'q', '');
    await world.run().large.sweep();
    expect(await world.notes.all('upload')).toEqual(new Map());
  });
});
