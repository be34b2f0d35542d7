import { describe, expect, it } from 'vitest';
import { SyncError } from '../../../core/errors.ts';
import { bodyOf, META, over, PART, TEXT, UploadWorld } from '../../../testing/large-uploads-kit.ts';

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
