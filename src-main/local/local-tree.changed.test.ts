import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../core/entry.ts';
import { baseOf, hashOf, p, summary, TREE_DISKS } from '../testing/tree-bench.ts';

describe.each(TREE_DISKS)('LocalTree, %s', (_, { open, isFat, isReal }) => {
  describe('scan', () => {
    it('does not read what base or an earlier look knows, unless told to', async () => {
      const { world, reads } = await open();
      world.write('a', '1');
      world.write('b', '2');
      await world.age();
      const { result, opened } = await reads({});
      expect(opened.sort()).toEqual(['a', 'b']);
      const base = baseOf(result);
      expect(await reads({ base })).toEqual({ result: expect.objectContaining({ entries: result.entries }), opened: [] });
      const known = new Map([...result.entries].map(([, { stamp, entry }]) => [stamp, (entry as FileEntry).hash]));
      expect((await reads({ known })).opened).toEqual([]);
      expect((await reads({ base, rehash: true })).opened.sort()).toEqual(['a', 'b']);
      world.write('b', '3');
      await world.age();
      expect((await reads({ base })).opened).toEqual(['b']);
    });

    it('C2 S2 finds other bytes of the same size under the same mtime, by ctime or inode', async () => {
      const { world, scan } = await open();
      world.write('a', 'one');
      world.write('b', 'one');
      await world.age();
      const first = await scan();
      const base = baseOf(first);
      const mtimes = new Map([...first.entries].map(([path, { entry }]) => [path, (entry as FileEntry).mtimeNs]));
      await world.age();
      world.write('a', 'two');
      world.replace('b', 'two');
      for (const path of ['a', 'b']) await world.fs.setMtime(`${world.root}/${path}`, mtimes.get(p(path)) ?? 0n);
      const { entries } = await scan({ base });
      expect([...entries.values()].map(({ entry }) => (entry as FileEntry).hash)).toEqual([hashOf('two'), hashOf('two')]);
    });

    // "Right before" means within milliseconds, which only a simulated clock can promise.
    it.runIf(!isReal)('C3 a file changed right before the look is read again next time', async () => {
      const { world, reads } = await open();
      world.write('a', '1');
      const first = await reads({});
      expect(first.opened).toEqual(['a']);
      await world.age();
      const second = await reads({ base: baseOf(first.result) });
      expect(second.opened).toEqual(['a']);
      expect((await reads({ base: baseOf(second.result) })).opened).toEqual([]);
    });

    it('C1 C6 bytes that changed while they were read are not taken', async () => {
      const { world, onStep, calm, rightBefore, scan } = await open();
      world.write('log', 'one');
      world.write('calm', 'x');
      onStep((label, path) => void (label === 'read' && path.endsWith('/log') && world.append('log', '+')));
      const growing = await scan();
      calm();
      expect(growing.problems).toEqual([{ path: 'log', side: 'local', reason: 'changing', subtree: false, detail: 'it is being written' }]);
      expect([...growing.entries.keys()]).toEqual(['calm']);
      rightBefore('read', '/log', () => world.write('log', 'two'));
      expect((await scan()).entries.get(p('log'))?.entry).toMatchObject({ hash: hashOf('two'), size: 3 });
    });

    it('C1 as many other bytes written after the reading are not passed over', async () => {
      const { world, rightBefore, scan } = await open();
      // Its clock hides the change: the stamp is racy, and the next scan reads again.
      if (isFat) return;
      world.write('a', 'one');
      await world.age();
      rightBefore('read', '/a', () => world.write('a', 'two'), 2);
      expect((await scan()).entries.get(p('a'))?.entry).toMatchObject({ hash: hashOf('two'), size: 3 });
    });

    it('C12 S49 skips what vanishes between the listing and the look', async () => {
      const { world, rightBefore, scan } = await open();
      world.write('d/a', '1');
      world.write('b', '2');
      rightBefore('lstat', '/d', () => world.remove('d'));
      expect(summary(await scan())).toEqual({ b: hashOf('2') });
      world.write('d/a', '1');
      rightBefore('readDir', '/d', () => world.remove('d'));
      expect(summary(await scan())).toEqual({ b: hashOf('2') });
      rightBefore('openRead', '/b', () => world.remove('b'));
      expect(await scan()).toMatchObject({ problems: [] });
    });

    it('C4 C11 a save by temp and rename, or a delete and a new file, is the path with other bytes', async () => {
      const { world, scan } = await open();
      world.write('doc', 'one');
      await world.age();
      const base = baseOf(await scan());
      world.replace('doc', 'two');
      expect(summary(await scan({ base }))).toEqual({ doc: hashOf('two') });
      world.remove('doc');
      world.write('doc', 'six');
      expect(summary(await scan({ base }))).toEqual({ doc: hashOf('six') });
    });
  });
});
