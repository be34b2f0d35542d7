import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FileEntry, Hash, Stamp } from '../core/entry.ts';
import { IgnoreRules } from '../core/ignore.ts';
import { relPath } from '../core/rel-path.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeRandom } from '../platform/node-random.ts';
import { fakeWorld } from '../testing/disk-world.ts';
import { sourceOf } from '../testing/sources.ts';
import { watchNames } from '../testing/unsynced-names.ts';
import type { LocalResult, LocalTree } from './local-tree.ts';
import { openLocalTree } from './open-local-tree.ts';

const p = relPath;
const NEW: FileEntry = { kind: 'file', size: 3, hash: createHash('sha256').update('new').digest('hex') as Hash, mtimeNs: 1_600_000_000_000_000_000n, mode: 0o644 };

type Stamps = (path: string) => Stamp;
const CHANGES: readonly (readonly [string, (local: LocalTree, stamps: Stamps) => Promise<LocalResult>])[] = [
  ['a new file', (local) => local.write(p('d/new'), NEW, sourceOf('new'), null)],
  ['a replaced file', (local, stamps) => local.write(p('d/old'), NEW, sourceOf('new'), stamps('d/old'))],
  ['a new link', (local) => local.link(p('d/link'), 'target', null)],
  ['a link in place of a file', (local, stamps) => local.link(p('d/old'), 'target', stamps('d/old'))],
  ['a moved file', (local, stamps) => local.move(p('d/old'), p('e/old'), stamps('d/old'))],
  ['a removed file', (local, stamps) => local.remove(p('d/old'), stamps('d/old'))],
  ['a new folder', (local) => local.makeFolder(p('d/f'))],
  ['a removed folder', (local) => local.removeFolder(p('e'))],
];

async function prepared(hardLinks: boolean) {
  const world = fakeWorld({ hardLinks })();
  world.write('d/old', 'old');
  world.mkdir('e');
  const { fs, unsynced } = watchNames(world.fs);
  const local = await openLocalTree({ fs, clock: world.clock, random: nodeRandom, newHasher: nodeHasher, root: world.root, trashDays: 30, platform: 'posix' });
  await local.mark('0123456789abcdef');
  const { entries } = await local.scan({ base: new Map(), ignore: IgnoreRules.of([], { junk: false }), rehash: false });
  await world.age();
  return { world, local, unsynced, stamps: (path: string): Stamp => entries.get(p(path))?.stamp ?? ('none' as Stamp) };
}

describe.each([true, false])('C49 after a power cut, hard links: %s', (hardLinks) => {
  it.each(CHANGES)("%s that was reported as done is done: the names it changed in the user's folders are synced", async (_, change) => {
    const { world, local, unsynced, stamps } = await prepared(hardLinks);
    expect(await change(local, stamps)).toMatchObject({ kind: 'done' });
    expect([...unsynced].filter((folder) => !folder.startsWith(`${world.root}/.file-sync`))).toEqual([]);
  });

  it('what a download replaced has its name in the trash', async () => {
    const { world, local, unsynced, stamps } = await prepared(hardLinks);
    await local.write(p('d/old'), NEW, sourceOf('new'), stamps('d/old'));
    const [kept] = Object.entries(world.tree({ all: true })).find(([path, text]) => path.startsWith('.file-sync/trash/') && text === 'old') ?? [];
    expect(kept).toMatch(/\/d\/old$/);
    expect(unsynced).not.toContain(`${world.root}/${kept?.slice(0, kept.lastIndexOf('/'))}`);
  });
});
