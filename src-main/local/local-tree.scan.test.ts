import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { baseOf, hashOf, p, summary, TREE_DISKS, WITH_JUNK } from '../testing/tree-bench.ts';

describe.each(TREE_DISKS)('LocalTree, %s', (_, { open, isFat, hardLinks }) => {
  describe('scan', () => {
    it('C16 sees files, folders and links, empty ones too', async () => {
      const { world, scan } = await open();
      world.write('a.txt', 'alpha');
      world.write('dir/deep/b', 'beta');
      world.write('empty', '');
      world.mkdir('hollow');
      if (!isFat) world.symlink('../outside', 'dir/link');
      expect(summary(await scan())).toEqual({
        'a.txt': hashOf('alpha'),
        dir: 'folder',
        'dir/deep': 'folder',
        'dir/deep/b': hashOf('beta'),
        ...(isFat ? {} : { 'dir/link': '../outside' }),
        empty: hashOf(''),
        hollow: 'folder',
      });
    });

    it('C13 S48 what cannot be read is a problem, never absent', async () => {
      const { world, onStep, scan } = await open();
      world.write('locked/inside', '1');
      world.write('secret', '2');
      world.write('open', '3');
      onStep((label, path) => {
        if ((label === 'readDir' && path.endsWith('/locked')) || (label === 'openRead' && path.endsWith('/secret'))) throw new SyncError('no-permission', 'EACCES', { path });
      });
      const { entries, problems } = await scan();
      expect([...entries.keys()]).toEqual(['open']);
      expect(problems.map(({ path, reason, subtree }) => [path, reason, subtree]).sort()).toEqual([
        ['locked', 'unreadable', true],
        ['secret', 'unreadable', false],
      ]);
    });

    it('limited to paths it looks there and nowhere else', async () => {
      const { world, scan } = await open();
      world.write('a/b/c', '1');
      world.write('a/d', '2');
      world.write('e', '3');
      const limited = await scan({ paths: new Set([p('a/b'), p('a/b/c'), p('gone'), p('gone/too'), p('e')]) });
      expect(summary(limited)).toEqual({ 'a/b': 'folder', 'a/b/c': hashOf('1'), e: hashOf('3') });
      if (isFat) return;
      world.symlink('a', 'link');
      expect(summary(await scan({ paths: new Set([p('link/d')]) }))).toEqual({});
      expect(summary(await scan({ paths: new Set([p('build/x')]), ignore: WITH_JUNK }))).toEqual({});
    });

    it('C7 sees a file where a folder was, and back', async () => {
      const { world, scan } = await open();
      world.write('x', '1');
      const base = baseOf(await scan());
      world.remove('x');
      world.write('x/y', '2');
      expect(summary(await scan({ base }))).toEqual({ x: 'folder', 'x/y': hashOf('2') });
      world.remove('x');
      world.write('x', '3');
      expect(summary(await scan({ base, paths: new Set([p('x'), p('x/y')]) }))).toEqual({ x: hashOf('3') });
    });

    it('tells renames by file id, but not for a file of several names', async () => {
      const { world, at } = await open();
      world.write('a', '1');
      const before = await at('a');
      world.rename('a', 'b');
      const after = await at('b');
      if (isFat) {
        expect(after.fileId).toBeNull();
        return;
      }
      expect(after.fileId).toBe(before.fileId);
      if (!hardLinks) return;
      world.link('b', 'c');
      expect((await at('b')).fileId).toBeNull();
    });

    it('stops when asked to', async () => {
      const { world, rightBefore, scan } = await open();
      for (let n = 0; n < 10; n++) world.write(`d${n}/f`, 'x');
      const stop = new AbortController();
      rightBefore('readDir', '/d5', () => stop.abort());
      await expect(scan({ signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' });
    });

    it('tells how far it is', async () => {
      const { world, scan } = await open();
      world.write('a', '12345');
      world.write('b', '123');
      const told: unknown[] = [];
      await scan({ onProgress: (seen) => told.push(seen) });
      expect(told.at(-1)).toEqual({ files: 2, bytesHashed: 8 });
    });
  });
});
