import { describe, expect, it } from 'vitest';
import { SyncError } from '../../../core/errors.ts';
import { META, over, PART, UploadWorld } from '../../../testing/large-uploads-kit.ts';
import { settle } from '../../../testing/manual-clock.ts';
import { contentOf } from '../../../testing/s3-server/content.ts';
import type { Body } from '../../backend.ts';
import { ByteBudget } from './byte-budget.ts';

/** Text in which no two parts are alike. */
function text(parts: number, seed = ''): string {
  return Array.from({ length: parts }, (_, n) => `${seed}${n}`.padEnd(PART, '.')).join('');
}
function bodyOf(content: string, end: () => void = () => undefined): Body {
  return {
    size: content.length,
    async *open() {
      for (let at = 0; at < content.length; at += 70) yield Buffer.from(content.slice(at, at + 70));
      end();
    },
  };
}
const changed = (): never => {
  throw new SyncError('busy', 'the file changed while it was read');
};
const TEXT = `${text(9)}end`;

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
      [text(9, 'other'), META],
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
    await Promise.all(keys.map((key) => world.upload(run, key, bodyOf(text(7, key)))));
    for (const key of keys) expect(await world.content(key)).toBe(text(7, key));
    expect([most, budget.used]).toEqual([4 * PART, 0]);
  });
});

describe('a large file that changed', () => {
  const before = text(40);
  const uploaded = async (options: ConstructorParameters<typeof UploadWorld>[0] = {}): Promise<UploadWorld> => {
    const world = new UploadWorld(options);
    await world.upload(world.run(), 'k', bodyOf(before));
    world.bytesSent = 0;
    return world;
  };
  const inside = (at: number, piece: string): string => before.slice(0, at) + piece + before.slice(at + piece.length);

  it.each([
    ['inside', inside(1234, 'x'.repeat(PART)), 2 * PART],
    ['at its end', before + 'y'.repeat(50), 50],
    ['by getting shorter', before.slice(0, 3050), 50],
    ['at its start', inside(0, 'z'), PART],
  ])('%s sends the parts that changed, and copies the others', async (_, after, bytes) => {
    const world = await uploaded();
    await world.upload(world.run(), 'k', bodyOf(after), { replaces: await world.replaces('k'), meta: { ...META, sha256: 'other' } });
    expect([await world.content('k'), world.bytesSent]).toEqual([after, bytes]);
  });

  it('again and again keeps sending only that', async () => {
    const world = await uploaded();
    let content = before;
    for (let n = 0; n < 4; n++) {
      content += `${n}`.repeat(PART);
      await world.upload(world.run(), 'k', bodyOf(content), { replaces: await world.replaces('k'), meta: { ...META, sha256: `${n}` } });
    }
    expect([await world.content('k'), world.bytesSent]).toEqual([content, 4 * PART]);
  });

  it('is sent whole when what lies there is another version than the one that is known', async () => {
    const world = await uploaded();
    world.clock.advance(2000);
    world.s3.foreign('k', 'somebody else');
    await world.upload(world.run(), 'k', bodyOf(before), { replaces: await world.replaces('k') });
    expect([await world.content('k'), world.bytesSent, world.copies]).toEqual([before, before.length, 0]);
  });

  it('is sent when the object changes in the middle of copying', async () => {
    const world = await uploaded();
    const replaces = await world.replaces('k');
    const run = world.run({
      api: (api) =>
        over(api, {
          copyPart: async (...call) => {
            if (call[2].number === 5) world.s3.foreign('k', 'somebody else');
            return api.copyPart(...call);
          },
        }),
    });
    await world.upload(run, 'k', bodyOf(before), { replaces, meta: { ...META, sha256: 'other' } });
    expect(await world.content('k')).toBe(before);
    expect(world.bytesSent).toBeGreaterThanOrEqual(before.length - 5 * PART);
  });

  it("on a store that takes no notice of the source's condition, is sent unless the copy proves itself", async () => {
    const world = await uploaded({ profile: 'ceph16' });
    const replaces = await world.replaces('k');
    world.s3.foreign('k', 'q'.repeat(before.length));
    await world.upload(world.run(), 'k', bodyOf(before), { replaces, meta: { ...META, sha256: 'other' } });
    expect([await world.content('k'), world.bytesSent]).toEqual([before, before.length]);
  });

  it('is sent whole where the store has no copying of parts', async () => {
    const world = await uploaded();
    const run = world.run();
    await world.upload(run, 'k', bodyOf(before), { replaces: await world.replaces('k'), ways: { ...world.ways, copyPart: false } });
    expect([world.copies, world.bytesSent]).toEqual([0, before.length]);
  });

  it('that was only read here sends little too', async () => {
    const world = await uploaded();
    await world.notes.drop('blocks', 'k');
    const { large } = world.run();
    const replaces = await world.replaces('k');
    const read = async (key: string, until: number): Promise<string> => {
      let got = '';
      for await (const chunk of large.learning(key, replaces.version, before.length, bodyOf(before).open())) {
        got += Buffer.from(chunk).toString();
        if (got.length >= until) break;
      }
      return got;
    };
    await read('k', 100);
    await read('.file-sync/versions/k/1', before.length);
    expect(await world.notes.all('blocks')).toEqual(new Map());
    expect(await read('k', Number.POSITIVE_INFINITY)).toBe(before);
    await world.upload(world.run(), 'k', bodyOf(`${before}!`), { replaces, meta: { ...META, sha256: 'other' } });
    expect([await world.content('k'), world.bytesSent]).toEqual([`${before}!`, 1]);
  });

  it('or went away by another device is forgotten by and by', async () => {
    const world = await uploaded();
    for (let n = 0; n < 60; n++) await world.notes.put('blocks', `gone ${n}`, '{"version":"v","partBytes":1,"hashes":[]}');
    for (let n = 0; n < 30; n++) await world.run().large.sweep();
    const left = [...(await world.notes.all('blocks')).keys()];
    expect([left.includes('k'), left.length < 30]).toEqual([true, true]);
  });

  it('is forgotten when something small or nothing takes its place', async () => {
    const world = await uploaded();
    const { large } = world.run();
    await large.written('never seen');
    expect((await world.notes.all('blocks')).size).toBe(1);
    await large.written('k');
    expect([await world.notes.all('blocks'), await large.blocksOf('k', (await world.replaces('k')).version)]).toEqual([new Map(), null]);
  });
});

describe('a copy within the store of what is too large for one request', () => {
  const source = async (world: UploadWorld) => {
    await world.upload(world.run(), 'k', bodyOf(TEXT));
    const object = await world.s3.client().head('k');
    if (object === null) throw new Error('not there');
    return { ...object, version: (await world.replaces('k')).version };
  };

  it('has the same bytes, new metadata, and is known by its parts', async () => {
    const world = new UploadWorld();
    const from = await source(world);
    const run = world.run({ copyBytes: 4 * PART });
    const sent = await run.large.copy(from, 'to', { meta: { ...META, w: 'mark2' }, ways: world.ways });
    if (sent === 'source-changed') throw new Error(sent);
    expect([sent.parts.length, sent.blocks?.hashes.length]).toEqual([3, 10]);
    await run.api.complete('to', sent.uploadId, sent.parts, {});
    await run.large.finished('to', (await world.replaces('to')).version, sent);
    expect([await world.content('to'), (await world.s3.client().head('to'))?.meta['w'], world.bytesSent]).toEqual([TEXT, 'mark2', TEXT.length]);
    await world.upload(world.run(), 'to', bodyOf(`${TEXT}!`), { replaces: await world.replaces('to'), meta: { ...META, sha256: 'other' } });
    expect([await world.content('to'), world.bytesSent]).toEqual([`${TEXT}!`, TEXT.length + 4]);
  });

  it.each(['aws', 'ceph16'] as const)('on %s leaves nothing when the source changes, or the store goes away', async (profile) => {
    const world = new UploadWorld({ profile });
    const from = await source(world);
    const during = (what: () => void) =>
      world.run({
        copyBytes: 4 * PART,
        api: (api) =>
          over(api, {
            copyPart: async (...call) => {
              if (call[2].number === 2) what();
              return api.copyPart(...call);
            },
          }),
      });
    const failing = during(() => {
      throw new SyncError('refused', 'no');
    });
    await expect(failing.large.copy(from, 'to', { meta: META, ways: world.ways })).rejects.toMatchObject({ code: 'refused' });
    const changing = during(() => {
      world.clock.advance(2000);
      world.s3.foreign('k', 'q'.repeat(TEXT.length));
    });
    expect(await changing.large.copy(from, 'to', { meta: META, ways: world.ways })).toBe('source-changed');
    expect([world.s3.bucket.uploads.size, world.s3.keys(), await world.notes.all('upload')]).toEqual([0, ['k'], new Map()]);
  });
});

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
