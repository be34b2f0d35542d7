import { describe, expect, it } from 'vitest';
import type { Version } from '../../core/entry.ts';
import type { Profile } from '../../testing/s3-server/quirks.ts';
import { type Moment, Moments } from '../../testing/sim-s3/moments.ts';
import { SimStore } from '../../testing/sim-s3/sim-store.ts';
import type { Backend } from '../backend.ts';
import { ABSENT, failing, leafKeys, match, putText, textAt, textBody, versionAt } from '../conformance/kit.ts';

const HOUR = 3_600_000;
const NEVER = /~\?$/;

/** A simulated store, a device whose requests meet the planned moments, and another device. */
class Scene {
  readonly store: SimStore;
  readonly other: Backend;

  constructor(profile: Profile) {
    this.store = new SimStore({ profile, large: { largeFrom: 100, partBytes: 100 } });
    this.other = this.store.backend();
  }

  async play<T>(moments: readonly Moment[], act: (device: Backend) => Promise<T>): Promise<T> {
    const planned = new Moments(...moments);
    const result = await act(this.store.backend({ step: planned.step }));
    planned.assertAllCame();
    return result;
  }

  put(backend: Backend, key: string, text: string, version?: Version): ReturnType<Backend['put']> {
    return backend.put(key, textBody(text), { condition: version === undefined ? ABSENT : match(version), meta: {} });
  }

  get raw(): readonly string[] {
    return this.store.s3.keys();
  }
}

describe('a store that judges writes (A)', () => {
  it.each([
    ['before', 'lost'],
    ['after', 'lost'],
    ['before', 'late'],
  ] as const)('S109 a put that got no answer, %s its effect (%s), is done once', async (when, fate) => {
    const scene = new Scene('aws');
    const result = await scene.play([{ when, operation: 'put', fate }], (device) => scene.put(device, 'a', 'mine'));
    expect(result).toEqual({ kind: 'done', version: await versionAt(scene.other, 'a') });
    scene.store.s3.landLate();
    expect([await textAt(scene.other, 'a'), await versionAt(scene.other, 'a')]).toEqual(['mine', result.kind === 'done' && result.version]);
  });

  it.each(['aws', 'b2', 'wasabi', 'minio'] as const)('S109 a copy that came late is no refusal, though its source is another by the second try: %s', async (profile) => {
    const scene = new Scene(profile);
    const made = await scene.put(scene.other, 'a', 'content');
    if (made.kind !== 'done') throw new Error(made.kind);
    const replace = async (): Promise<void> => {
      scene.store.s3.landLate();
      await scene.put(scene.other, 'a', 'edited', await versionAt(scene.other, 'a'));
    };
    const moments: readonly Moment[] = [
      { when: 'before', operation: 'copy', fate: 'late' },
      { when: 'before', operation: 'copy', nth: 2, act: replace },
    ];
    const result = await scene.play(moments, (device) => device.copy({ key: 'a', version: made.version }, 'b', { condition: ABSENT }));
    expect(result).toEqual({ kind: 'done', version: await versionAt(scene.other, 'b') });
    expect(await textAt(scene.other, 'b')).toBe('content');
  });

  it('S109 a refusal of the second try, which the first had done', async () => {
    const scene = new Scene('aws');
    const land = async (): Promise<void> => scene.store.s3.landLate();
    const moments: readonly Moment[] = [
      { when: 'before', operation: 'put', fate: 'late' },
      { when: 'before', operation: 'put', nth: 2, act: land },
    ];
    expect(await scene.play(moments, (device) => scene.put(device, 'a', 'mine'))).toEqual({ kind: 'done', version: await versionAt(scene.other, 'a') });
  });

  it('is not stale when an attempt in doubt may have been done', async () => {
    const scene = new Scene('aws');
    const version = await putText(scene.other, 'a', 'old');
    const act = (): Promise<unknown> => scene.put(scene.other, 'a', 'theirs', version);
    await expect(scene.play([{ when: 'before', operation: 'put', fate: 'lost', act }], (device) => scene.put(device, 'a', 'mine', version))).rejects.toEqual(failing('io'));
    expect(await textAt(scene.other, 'a')).toBe('theirs');
  });

  it('a put that was replaced before it could be looked at is done, as a version that matches nothing', async () => {
    const scene = new Scene('aws');
    const act = async (): Promise<unknown> => scene.put(scene.other, 'a', 'theirs', await versionAt(scene.other, 'a'));
    const result = await scene.play([{ when: 'before', operation: 'head', act }], (device) => scene.put(device, 'a', 'mine'));
    expect(result).toEqual({ kind: 'done', version: expect.stringMatching(NEVER) });
    expect(await scene.put(scene.other, 'a', 'next', result.kind === 'done' ? result.version : undefined)).toEqual({ kind: 'stale' });
  });

  it('S110 a request that conflicts with another is asked again', async () => {
    const scene = new Scene('aws');
    let raced = 0;
    const device = scene.store.backend({
      wrap: (api) => {
        const put = api.put.bind(api);
        api.put = async (...call) => (raced++ < 2 ? { kind: 'raced' } : put(...call));
        return api;
      },
    });
    expect(await scene.put(device, 'a', 'mine')).toMatchObject({ kind: 'done' });
    expect(raced).toBe(3);
  });

  it('S111 an object that goes while it is replaced', async () => {
    const scene = new Scene('aws');
    const version = await putText(scene.other, 'a', 'old');
    const act = (): Promise<unknown> => scene.other.delete('a', { version });
    expect(await scene.play([{ when: 'before', operation: 'put', act }], (device) => scene.put(device, 'a', 'mine', version))).toEqual({ kind: 'stale' });
    expect(await textAt(scene.other, 'a')).toBe(null);
  });

  it.each(['before', 'after'] as const)('a deletion that got no answer, %s its effect, never takes an equal file made anew', async (when) => {
    const scene = new Scene('aws');
    const version = await putText(scene.other, 'a', 'same');
    const act = async (): Promise<void> => {
      if (when === 'before') await scene.other.delete('a', { version });
      await putText(scene.other, 'a', 'same');
    };
    await expect(scene.play([{ when, operation: 'delete', fate: 'lost', act }], (device) => device.delete('a', { version }))).rejects.toEqual(failing('io'));
    expect(await textAt(scene.other, 'a')).toBe('same');
  });
});

describe('a store that does not judge deletions (C)', () => {
  /** A device that died between its tombstone and the deletion of it. */
  async function withTombstone(): Promise<Scene> {
    const scene = new Scene('minio');
    const version = await putText(scene.other, 'a', 'old');
    expect(await scene.play([{ when: 'before', operation: 'delete', fate: 'lost' }], (device) => device.delete('a', { version }))).toEqual({ kind: 'done' });
    return scene;
  }

  it('a tombstone that was left is an absence to readers', async () => {
    const { other, raw } = await withTombstone();
    expect([raw, await leafKeys(other), await other.stat('a'), await other.get('a')]).toEqual([['a'], [], null, null]);
  });

  it('keeps the key from others for an hour, and then goes to who wants it', async () => {
    const scene = await withTombstone();
    await expect(scene.put(scene.other, 'a', 'new')).rejects.toEqual(failing('busy'));
    scene.store.clock.advance(HOUR);
    await putText(scene.other, 'a', 'new');
    expect(await textAt(scene.other, 'a')).toBe('new');
  });

  it('is cleared by the next write after a listing met it; a listing alone changes nothing', async () => {
    const scene = await withTombstone();
    scene.store.clock.advance(HOUR + 1000);
    await leafKeys(scene.other);
    expect(scene.raw).toEqual(['a']);
    await putText(scene.other, 'b', 'x');
    expect(scene.raw).toEqual(['b']);
  });

  it('a deletion on its way never takes a file that was made anew', async () => {
    const scene = new Scene('minio');
    const version = await putText(scene.other, 'a', 'old');
    await scene.play([{ when: 'before', operation: 'delete', fate: 'late' }], (device) => device.delete('a', { version }));
    await expect(scene.put(scene.other, 'a', 'new')).rejects.toEqual(failing('busy'));
    scene.store.s3.landLate();
    await putText(scene.other, 'a', 'new');
    expect(await textAt(scene.other, 'a')).toBe('new');
  });

  it('who clears an old tombstone and who takes it over do not meet', async () => {
    const scene = await withTombstone();
    scene.store.clock.advance(HOUR + 1000);
    const creating: Promise<unknown>[] = [];
    const act = async (): Promise<void> => {
      creating.push(expect(scene.put(scene.other, 'a', 'new')).rejects.toEqual(failing('busy')));
      await Promise.all(creating);
    };
    await scene.play([{ when: 'before', operation: 'delete', key: 'a', act }], async (device) => {
      await leafKeys(device);
      await putText(device, 'b', 'x');
    });
    expect(await scene.put(scene.other, 'a', 'new')).toMatchObject({ kind: 'done' });
    expect(await textAt(scene.other, 'a')).toBe('new');
  });

  it('C41 an edit that comes first stays', async () => {
    const scene = new Scene('minio');
    const version = await putText(scene.other, 'a', 'old');
    const act = (): Promise<unknown> => scene.put(scene.other, 'a', 'edited', version);
    expect(await scene.play([{ when: 'before', operation: 'put', act }], (device) => device.delete('a', { version }))).toEqual({ kind: 'stale' });
    expect(await textAt(scene.other, 'a')).toBe('edited');
  });

  it('a maker that was held up for minutes leaves its tombstone to the hour', async () => {
    const scene = new Scene('minio');
    const version = await putText(scene.other, 'a', 'old');
    const act = async (): Promise<void> => scene.store.clock.advance(180_000);
    expect(await scene.play([{ when: 'after', operation: 'put', act }], (device) => device.delete('a', { version }))).toEqual({ kind: 'done' });
    expect(scene.raw).toEqual(['a']);
  });
});

describe('a store that does not judge completions and copies (B)', () => {
  const big = (letter: string): string => letter.repeat(250);

  it('a new large file claims its name before it appears', async () => {
    const scene = new Scene('ceph16');
    const act = (): Promise<unknown> => expect(scene.put(scene.other, 'a', 'small')).rejects.toEqual(failing('busy'));
    expect(await scene.play([{ when: 'before', operation: 'complete', act }], (device) => scene.put(device, 'a', big('x')))).toMatchObject({ kind: 'done' });
    expect(await textAt(scene.other, 'a')).toBe(big('x'));
  });

  it('a claim is let go of when the upload is gone', async () => {
    const scene = new Scene('ceph16');
    const abort = async (): Promise<void> => scene.store.s3.bucket.uploads.clear();
    const moments = [{ when: 'before', operation: 'complete', act: abort }] as const;
    expect(await scene.play(moments, (device) => scene.put(device, 'a', big('x')))).toMatchObject({ kind: 'done' });
    expect(scene.raw).toEqual(['a']);
  });

  it('of two that replace one large file, the second finds it replaced', async () => {
    const scene = new Scene('ceph16');
    const version = await putText(scene.other, 'a', big('o'));
    const act = (): Promise<unknown> => expect(scene.put(scene.other, 'a', big('t'), version)).rejects.toEqual(failing('busy'));
    expect(await scene.play([{ when: 'before', operation: 'complete', act }], (device) => scene.put(device, 'a', big('m'), version))).toMatchObject({ kind: 'done' });
    expect(await scene.put(scene.other, 'a', big('t'), version)).toEqual({ kind: 'stale' });
    expect(await textAt(scene.other, 'a')).toBe(big('m'));
    expect(scene.raw).toEqual(['a']);
  });

  it('the lease of a device that died runs out', async () => {
    const scene = new Scene('ceph16');
    const version = await putText(scene.other, 'a', big('o'));
    const moments = [{ when: 'before', operation: 'delete', fate: 'lost' }] as const;
    const next = await scene.play(moments, (device) => scene.put(device, 'a', big('m'), version));
    expect(scene.raw).toHaveLength(2);
    const after = next.kind === 'done' ? next.version : version;
    await expect(scene.put(scene.other, 'a', 'small', after)).rejects.toEqual(failing('busy'));
    scene.store.clock.advance(600_000);
    expect(await scene.put(scene.other, 'a', 'small', after)).toMatchObject({ kind: 'done' });
    expect(scene.raw).toEqual(['a']);
  });

  it.each([
    ['a file, read first, so that nothing else is ever in sight', 'b', 'get'],
    ['a kept version, taken back', '.file-sync/versions/a/1~2~x', 'copy'],
  ] as const)('what came in between is not copied: %s', async (_how, to, operation) => {
    const scene = new Scene('ceph16');
    const version = await putText(scene.other, 'a', 'old');
    const act = (): Promise<unknown> => scene.put(scene.other, 'a', 'new', version);
    expect(await scene.play([{ when: 'before', operation, act }], (device) => device.copy({ key: 'a', version }, to, { condition: ABSENT }))).toEqual({ kind: 'stale' });
    expect(scene.raw).toEqual(['a']);
  });
});

describe('a store that only keeps versions (D)', () => {
  it('who comes second takes its version away again', async () => {
    const scene = new Scene('b2');
    const version = await putText(scene.other, 'a', 'old');
    const act = (): Promise<unknown> => scene.put(scene.other, 'a', 'theirs', version);
    expect(await scene.play([{ when: 'before', operation: 'put', act }], (device) => scene.put(device, 'a', 'mine', version))).toEqual({ kind: 'stale' });
    expect(await textAt(scene.other, 'a')).toBe('theirs');
  });

  it('what was covered comes back beside a third write that knew only of the second', async () => {
    const scene = new Scene('b2');
    const version = await putText(scene.other, 'dir/a.txt', 'old');
    const moments: readonly Moment[] = [
      { when: 'before', operation: 'put', act: () => scene.put(scene.other, 'dir/a.txt', 'covered', version) },
      { when: 'before', operation: 'versions', act: async () => scene.put(scene.other, 'dir/a.txt', 'third', await versionAt(scene.other, 'dir/a.txt')) },
    ];
    expect(await scene.play(moments, (device) => scene.put(device, 'dir/a.txt', 'mine', version))).toEqual({ kind: 'stale' });
    const [rescued, kept, ...rest] = await leafKeys(scene.other);
    expect([kept, rest]).toEqual(['dir/a.txt', []]);
    expect(rescued).toMatch(/^dir\/a\.rescued-[0-9a-f]{16}\.txt$/);
    expect([await textAt(scene.other, 'dir/a.txt'), await textAt(scene.other, rescued ?? '')]).toEqual(['third', 'covered']);
  });

  it('C46 who comes second is told so, also where another tool writes over the first before anyone looks', async () => {
    const scene = new Scene('b2');
    const moments: readonly Moment[] = [
      { when: 'before', operation: 'put', act: () => scene.put(scene.other, 'a', 'first') },
      { when: 'after', operation: 'delete', act: async () => void scene.store.s3.foreign('a', 'third') },
    ];
    expect(await scene.play(moments, (device) => scene.put(device, 'a', 'mine'))).toEqual({ kind: 'stale' });
    expect(await textAt(scene.other, 'a')).toBe('third');
  });

  it('a copy is of the version that was meant, though it is replaced in that moment', async () => {
    const scene = new Scene('b2');
    const version = await putText(scene.other, 'a', 'old');
    const act = (): Promise<unknown> => scene.put(scene.other, 'a', 'edited', version);
    const copied = await scene.play([{ when: 'before', operation: 'copy', act }], (device) => device.copy({ key: 'a', version }, 'b', { condition: ABSENT }));
    expect(copied).toMatchObject({ kind: 'done' });
    expect([await textAt(scene.other, 'a'), await textAt(scene.other, 'b')]).toEqual(['edited', 'old']);
  });

  it('C41 a deletion of what was edited meanwhile is taken back', async () => {
    const scene = new Scene('b2');
    const version = await putText(scene.other, 'a', 'old');
    const act = (): Promise<unknown> => scene.put(scene.other, 'a', 'edited', version);
    expect(await scene.play([{ when: 'before', operation: 'delete', act }], (device) => device.delete('a', { version }))).toEqual({ kind: 'stale' });
    expect(await textAt(scene.other, 'a')).toBe('edited');
  });

  describe('a write that its device could not judge, for the store did not answer', () => {
    /** Ours lies on what another put there after we had looked. */
    async function unjudged(then: (scene: Scene, device: Backend) => Promise<unknown>): Promise<Scene> {
      const scene = new Scene('b2');
      const moments: readonly Moment[] = [
        { when: 'before', operation: 'put', act: () => scene.put(scene.other, 'a', 'theirs') },
        { when: 'before', operation: 'versions', fate: 'lost' },
      ];
      await scene.play(moments, async (device) => {
        await expect(scene.put(device, 'a', 'mine')).rejects.toEqual(failing('unreachable'));
        await then(scene, device);
      });
      return scene;
    }

    it('C48 is judged when the device looks there again', async () => {
      const scene = await unjudged(async (_, device) => expect((await device.stat('a'))?.size).toBe('theirs'.length));
      expect(await textAt(scene.other, 'a')).toBe('theirs');
      expect(scene.store.s3.bucket.versionsOf('a')).toHaveLength(1);
    });

    it('C47 is judged by whoever would fetch it', async () => {
      const scene = await unjudged(async ({ other }) => {
        const seen = await other.stat('a');
        expect(seen?.size).toBe('mine'.length);
        expect(await other.get('a', seen === null ? {} : { ifMatch: seen.version })).toBe(null);
      });
      expect(await textAt(scene.other, 'a')).toBe('theirs');
    });

    it('stays where it lies on what was there before: only what lay between was removed', async () => {
      const scene = new Scene('b2');
      const old = await putText(scene.other, 'a', 'old');
      const edited = await putText(scene.other, 'a', 'edited', { condition: match(old) });
      await putText(scene.other, 'a', 'newest', { condition: match(edited) });
      const [, between] = scene.store.s3.bucket.versionsOf('a');
      await scene.store.s3.client().delete('a', { versionId: between?.versionId ?? '' });
      expect(await textAt(scene.store.backend(), 'a')).toBe('newest');
    });

    it.each([
      ['over what is newer', 'a'],
      ['under another name', 'b'],
    ])('C46 stays where another program copied it, mark and all, %s', async (_where, key) => {
      const scene = new Scene('b2');
      const first = await putText(scene.other, 'a', 'first');
      await putText(scene.other, 'a', 'second', { condition: match(first) });
      await putText(scene.other, 'b', 'another');
      const oldest = scene.store.s3.bucket.versionsOf('a').at(-1);
      await scene.store.s3.client().copy({ key: 'a', versionId: oldest?.versionId ?? '' }, key, { meta: null });
      expect(await textAt(scene.store.backend(), key)).toBe('first');
    });
  });

  it.each(['before', 'after'] as const)('a put that got no answer, %s its effect, is done once', async (when) => {
    const scene = new Scene('b2');
    const version = await putText(scene.other, 'a', 'old');
    const result = await scene.play([{ when, operation: 'put', fate: 'lost' }], (device) => scene.put(device, 'a', 'mine', version));
    expect(result).toEqual({ kind: 'done', version: await versionAt(scene.other, 'a') });
    expect(scene.store.s3.bucket.versionsOf('a')).toHaveLength(2);
  });

  it.each(['before', 'after'] as const)('a deletion that got no answer, %s its effect, leaves the edit that came first', async (when) => {
    const scene = new Scene('b2');
    const version = await putText(scene.other, 'a', 'old');
    const moments: readonly Moment[] = [
      { when: 'before', operation: 'delete', act: () => scene.put(scene.other, 'a', 'edited', version) },
      { when, operation: 'delete', fate: 'lost' },
    ];
    const outcome = await scene.play(moments, (device) => device.delete('a', { version }).catch((error: unknown) => error));
    expect(outcome).toEqual(when === 'before' ? failing('unreachable') : { kind: 'stale' });
    expect(await textAt(scene.other, 'a')).toBe('edited');
  });
});

describe('a store that does neither (E)', () => {
  it('who was overwritten is told, so that it can be kept as a conflict', async () => {
    const scene = new Scene('wasabi');
    const act = async (): Promise<void> => void scene.store.s3.foreign('a', 'theirs');
    expect(await scene.play([{ when: 'after', operation: 'put', act }], (device) => scene.put(device, 'a', 'mine'))).toEqual({ kind: 'stale' });
    expect(await textAt(scene.other, 'a')).toBe('theirs');
  });
});
