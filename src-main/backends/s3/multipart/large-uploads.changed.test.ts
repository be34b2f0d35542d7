import { describe, expect, it } from 'vitest';
import { bodyOf, META, over, PART, textOf, UploadWorld } from '../../../testing/large-uploads-kit.ts';

describe('a large file that changed', () => {
  const before = textOf(40);
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
    const run = world.run({
      api: (api) =>
        over(api, {
          copyPart: async (...call) => {
            if (call[2].number === 5) world.s3.foreign('k', 'q'.repeat(before.length));
            return api.copyPart(...call);
          },
        }),
    });
    await world.upload(run, 'k', bodyOf(before), { replaces: await world.replaces('k'), meta: { ...META, sha256: 'other' } });
    expect(world.copies).toBeGreaterThan(0);
    expect(await world.content('k')).toBe(before);
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
