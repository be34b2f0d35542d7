import { describe, expect, it } from 'vitest';
import { SyncError } from '../../../core/errors.ts';
import { bodyOf, changed, over, PART, TEXT, textOf, UploadWorld } from '../../../testing/large-uploads-kit.ts';
import { settle } from '../../../testing/manual-clock.ts';
import { ByteBudget } from './byte-budget.ts';

describe('an upload under way', () => {
  it('C56 that the server drops is begun anew, and given up when that goes on', async () => {
    for (const [times, outcome] of [
      [2, 'done'],
      [99, 'busy'],
    ] as const) {
      const world = new UploadWorld();
      let dropped = 0;
      const run = world.run({
        api: (api) =>
          over(api, {
            uploadPart: async (key, part) => {
              if (part.number === 4 && dropped++ < times) world.s3.bucket.uploads.clear();
              return api.uploadPart(key, part);
            },
          }),
      });
      const ended = await world.upload(run, 'k', bodyOf(TEXT)).then(
        () => 'done',
        (error: unknown) => (error as SyncError).code,
      );
      expect(ended).toBe(outcome);
      expect(await world.notes.all('upload')).toEqual(new Map());
    }
  });

  it('C56 S120 is given up when its source changes: nothing is completed, nothing stays', async () => {
    const world = new UploadWorld();
    await expect(world.upload(world.run(), 'k', bodyOf(TEXT, changed))).rejects.toMatchObject({ code: 'busy' });
    expect([world.s3.bucket.uploads.size, world.s3.keys(), await world.notes.all('upload')]).toEqual([0, [], new Map()]);
  });

  it('S120 is given up also when the change is noticed only by the run that takes it up', async () => {
    const world = new UploadWorld();
    await expect(world.upload(world.run({ diesAt: 20 }), 'k', bodyOf(TEXT))).rejects.toThrow('dead');
    await expect(world.upload(world.run(), 'k', bodyOf(TEXT, changed))).rejects.toMatchObject({ code: 'busy' });
    expect([world.s3.bucket.uploads.size, world.s3.keys()]).toEqual([0, []]);
  });

  it('stays when its file cannot be read just now', async () => {
    const world = new UploadWorld();
    const fails = bodyOf(TEXT, () => {
      throw new SyncError('io', 'bad sector');
    });
    await expect(world.upload(world.run(), 'k', fails)).rejects.toMatchObject({ code: 'io' });
    await world.upload(world.run(), 'k', bodyOf(TEXT));
    expect([world.doubled(), await world.content('k')]).toEqual([[], TEXT]);
  });

  it('S122 sends a part again that met a busy store, waiting longer each time, and none of the others', async () => {
    const world = new UploadWorld();
    const begun = world.clock.now();
    let failures = 0;
    const run = world.run({
      api: (api) =>
        over(api, {
          uploadPart: async (key, part) => {
            if (part.number === 3 && failures++ < 3) throw new SyncError(failures === 1 ? 'throttled' : 'unreachable', 'later');
            return api.uploadPart(key, part);
          },
        }),
    });
    await world.upload(run, 'k', bodyOf(TEXT));
    expect([world.doubled(), world.bytesSent, await world.content('k')]).toEqual([[], TEXT.length, TEXT]);
    expect(world.clock.now() - begun).toBeGreaterThanOrEqual(250 + 500 + 1000);
  });

  it('S122 waits for another time when the store stays away, and takes up then what it has', async () => {
    const world = new UploadWorld();
    const run = world.run({
      api: (api) =>
        over(api, {
          uploadPart: async (key, part) => {
            if (part.number >= 6) throw new SyncError('unreachable', 'away');
            return api.uploadPart(key, part);
          },
        }),
    });
    await expect(world.upload(run, 'k', bodyOf(TEXT))).rejects.toMatchObject({ code: 'unreachable' });
    expect(world.arrivals.size).toBe(5);
    await world.upload(world.run(), 'k', bodyOf(TEXT));
    expect([world.doubled(), await world.content('k')]).toEqual([[], TEXT]);
  });

  it('tells how much has left, what an earlier run had sent with it', async () => {
    const world = new UploadWorld();
    await expect(world.upload(world.run({ diesAt: 20 }), 'k', bodyOf(TEXT))).rejects.toThrow('dead');
    const told: number[] = [];
    await world.upload(world.run(), 'k', { ...bodyOf(TEXT), onSent: (bytes) => told.push(bytes) });
    expect([told[0], told.at(-1), told.length > 3, told.every((bytes, i) => bytes >= (told[i - 1] ?? 0))]).toEqual([0, TEXT.length, true, true]);
  });

  it('lets parts arrive in any order', async () => {
    const world = new UploadWorld();
    const held: (() => void)[] = [];
    const run = world.run({
      parallel: 10,
      api: (api) =>
        over(api, {
          uploadPart: async (key, part) => {
            await new Promise<void>((resolve) => held.unshift(resolve));
            return api.uploadPart(key, part);
          },
        }),
    });
    const uploading = world.upload(run, 'k', bodyOf(TEXT));
    for (let turns = 0; held.length < 10 && turns < 100; turns++) await settle();
    expect(held.length).toBe(10);
    for (const go of held) {
      go();
      await settle();
    }
    await uploading;
    expect(await world.content('k')).toBe(TEXT);
  });

  it('shares one bound of memory with all others, and none waits for ever', async () => {
    const world = new UploadWorld();
    const budget = new ByteBudget(4 * PART);
    let most = 0;
    const run = world.run({
      parallel: 8,
      budget,
      api: (api) =>
        over(api, {
          uploadPart: async (key, part) => {
            most = Math.max(most, budget.used);
            await settle();
            return api.uploadPart(key, part);
          },
        }),
    });
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(keys.map((key) => world.upload(run, key, bodyOf(textOf(7, key)))));
    for (const key of keys) expect(await world.content(key)).toBe(textOf(7, key));
    expect([most, budget.used]).toEqual([4 * PART, 0]);
  });
});
