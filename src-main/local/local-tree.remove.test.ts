import { describe, expect, it } from 'vitest';
import type { BaseSnapshot, Version } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import { fileEntry, hashOf, NO_RULES, p, summary, TREE_DISKS, WITH_JUNK } from '../testing/tree-bench.ts';
import { asRacy, isRacy } from './stamp.ts';

const done = { kind: 'done', stamp: expect.any(String) };
const stale = { kind: 'stale' };

describe.each(TREE_DISKS)('LocalTree, %s', (_, { open, isFat, hardLinks, isReal }) => {
  describe('remove and move', () => {
    it('moves what it removes to the trash', async () => {
      const { world, local, stampOf, trashed } = await open();
      world.write('d/a', 'text');
      expect(await local.remove(p('d/a'), await stampOf('d/a'))).toEqual(done);
      expect(world.tree()).toEqual({ 'd/': '' });
      expect(trashed()).toEqual(['d/a=text']);
      world.write('d/a/b', 'below a name that is a file in the trash');
      expect(await local.remove(p('d/a/b'), await stampOf('d/a/b'))).toEqual(done);
      expect(trashed().sort()).toEqual(['d/a/b=below a name that is a file in the trash', 'd/a=text']);
    });

    it('puts back what it did not expect', async () => {
      const { world, local, rightBefore, stampOf } = await open();
      world.write('a', 'old');
      const stamp = await stampOf('a');
      rightBefore('rename', '/a', () => world.replace('a', 'late edit'));
      expect(await local.remove(p('a'), stamp)).toEqual(stale);
      expect(world.tree()).toEqual({ a: 'late edit' });
      world.write('a', 'again');
      const again = await stampOf('a');
      world.write('a', 'changed');
      expect(await local.remove(p('a'), again)).toEqual(stale);
      world.remove('a');
      expect(await local.remove(p('a'), again)).toEqual(stale);
    });

    it('what comes to the name meanwhile stays, and what was taken is kept', async () => {
      const { world, local, onStep, stampOf, trashed } = await open();
      world.write('a', 'old');
      const stamp = await stampOf('a');
      let taken = false;
      onStep((label, path) => {
        if (label === 'rename' && path.endsWith('/a')) {
          world.write('a', 'late edit');
          taken = true;
        } else if (taken && label === 'lstat' && path.endsWith('.held')) {
          taken = false;
          world.write('a', 'newest');
        }
      });
      expect(await local.remove(p('a'), stamp)).toEqual(stale);
      expect(world.tree()).toEqual({ a: 'newest' });
      expect(trashed()).toEqual(['a=late edit']);
    });

    it.each([true, false])('a folder that comes to the name meanwhile replaces nothing: the late edit stays in sight beside it, in place %s', async (inPlace) => {
      const { world, local, onStep, stampOf, trashed, temps } = await open();
      if (!hardLinks) return;
      const late = inPlace ? world.write.bind(world) : world.replace.bind(world);
      for (const act of ['remove', 'move'] as const) {
        world.write('a', 'old');
        const stamp = await stampOf('a');
        let [edited, taken] = [false, false];
        onStep((label, path) => {
          if (!edited && label === 'rename' && path.endsWith('/a')) {
            late('a', 'late edit');
            edited = taken = true;
          } else if (taken && label === 'lstat' && path.endsWith('.held')) {
            taken = false;
            world.write('a/in', 'new');
          }
        });
        expect(await (act === 'remove' ? local.remove(p('a'), stamp) : local.move(p('a'), p('b'), stamp))).toEqual(stale);
        onStep(() => undefined);
        const beside = act === 'remove' ? expect.stringMatching(/^a\.conflict-/) : 'b';
        expect(Object.entries(world.tree())).toEqual(
          [
            ['a/', ''],
            [beside, 'late edit'],
            ['a/in', 'new'],
          ].sort(),
        );
        expect(temps()).toEqual([]);
        for (const path of Object.keys(world.tree())) if (!path.endsWith('/')) world.remove(path);
        world.remove('a');
      }
      expect(trashed().filter((kept) => kept.endsWith('late edit'))).toEqual([]);
    });

    it('a move whose file was replaced while it was looked at keeps what was taken where it is found', async () => {
      const { world, local, onStep, stampOf, trashed, temps } = await open();
      if (!hardLinks) return;
      world.write('a', 'old');
      const stamp = await stampOf('a');
      let [edited, taken] = [false, false];
      onStep((label, path) => {
        if (!edited && label === 'rename' && path.endsWith('/a')) {
          world.replace('a', 'late edit');
          edited = taken = true;
        } else if (taken && label === 'lstat' && path.endsWith('.held')) {
          taken = false;
          world.write('a', 'newest');
        }
      });
      expect(await local.move(p('a'), p('b'), stamp)).toEqual(stale);
      expect(world.tree()).toEqual({ a: 'newest' });
      expect(trashed()).toContain('a=late edit');
      expect(temps()).toEqual([]);
    });

    it('moves a file to a free name only', async () => {
      const { world, local, stampOf, trashed, temps } = await open();
      world.write('a', 'text');
      world.mkdir('d');
      await world.age();
      const first = await local.move(p('a'), p('d/b'), await stampOf('a'));
      // A stamp made right after a change of ours proves nothing: an edit in that instant may have put the time back.
      expect(first).toEqual({ kind: 'done', stamp: asRacy(await stampOf('d/b')) });
      expect(world.tree()).toEqual({ 'd/': '', 'd/b': 'text' });
      world.write('c', 'there');
      expect(await local.move(p('d/b'), p('c'), await stampOf('d/b'))).toEqual(stale);
      expect(world.tree()).toEqual({ c: 'there', 'd/': '', 'd/b': 'text' });
      await expect(local.move(p('c'), p('none/c'), await stampOf('c'))).rejects.toMatchObject({ code: 'not-found' });
      expect(temps()).toEqual([]);
      expect(trashed()).toEqual([]);
    });

    it('a move loses neither a late edit of the old name nor a file made at the new one', async () => {
      const { world, local, rightBefore, stampOf } = await open();
      if (!hardLinks) return;
      world.write('a', 'text');
      const stamp = await stampOf('a');
      rightBefore('link', '/b', () => world.write('b', 'made meanwhile'));
      expect(await local.move(p('a'), p('b'), stamp)).toEqual(stale);
      expect(world.tree()).toEqual({ a: 'text', b: 'made meanwhile' });
      world.remove('b');
      rightBefore('rename', '/a', () => world.replace('a', 'late edit'));
      expect(await local.move(p('a'), p('b'), await stampOf('a'))).toEqual(stale);
      expect(world.tree()).toEqual({ a: 'late edit' });
      rightBefore('rename', '/a', () => {
        world.replace('a', 'later edit');
        world.replace('b', 'made just now');
      });
      expect(await local.move(p('a'), p('b'), await stampOf('a'))).toEqual(stale);
      expect(world.tree()).toEqual({ a: 'later edit', b: 'made just now' });
    });

    it('moves a link as a link', async () => {
      const { world, local, stampOf } = await open();
      if (isFat) return;
      world.symlink('nowhere', 'l');
      const result = await local.move(p('l'), p('m'), await stampOf('l'));
      expect(result).toEqual({ kind: 'done', stamp: await stampOf('m') });
      expect(world.tree()).toEqual({ m: '-> nowhere' });
    });

    it('a link that takes the place of the moved one at once is looked at, and is not taken for it', async () => {
      const { world, local, onStep, stampOf } = await open();
      if (isFat) return;
      world.symlink('nowhere', 'l');
      const stamp = await stampOf('l');
      onStep((label, path) => {
        if (label !== 'syncFolder' || !world.exists('m') || path.includes('.file-sync')) return;
        onStep(() => undefined);
        world.remove('m');
        world.symlink('mine!!!', 'm');
      });
      const moved = await local.move(p('l'), p('m'), stamp);
      expect(moved).toEqual(done);
      expect(world.tree()).toEqual({ m: '-> mine!!!' });
      expect(moved).not.toEqual({ kind: 'done', stamp: await stampOf('m') });
    });

    it('C10 a case-only rename', async () => {
      const { world, local, scan, stampOf } = await open();
      world.write('readme', 'x');
      expect(await local.move(p('readme'), p('README'), await stampOf('readme'))).toEqual(done);
      expect(world.tree()).toEqual({ README: 'x' });
      expect(summary(await scan({ paths: new Set([p('readme'), p('README')]) }))).toEqual({ README: hashOf('x') });
    });

    it('C10 S66 a folder takes another spelling of its name where the disk takes both for one, and no other name', async () => {
      const { world, local, onStep, calm, stampOf } = await open();
      world.write('docs/f', 'x');
      const folds = local.features.caseInsensitive;
      expect(await local.move(p('docs'), p('Docs'), await stampOf('docs'))).toEqual(folds ? done : stale);
      expect(world.tree()).toEqual(folds ? { 'Docs/': '', 'Docs/f': 'x' } : { 'docs/': '', 'docs/f': 'x' });
      const name = folds ? 'Docs' : 'docs';
      expect(await local.move(p(name), p('elsewhere'), await stampOf(name))).toEqual(stale);
      if (!folds) return;
      // A file system that takes such a rename for none.
      onStep((label, path) => {
        if (label === 'rename' && path.endsWith('/Docs')) {
          calm();
          throw new SyncError('busy', 'refused', { path });
        }
      });
      await expect(local.move(p('Docs'), p('DOCS'), await stampOf('Docs'))).rejects.toMatchObject({ code: 'busy' });
      expect(world.tree()).toEqual({ 'Docs/': '', 'Docs/f': 'x' });
    });

    it('what a racy stamp could not prove the stamp after a move cannot either', async () => {
      const { world, local, stampOf, reads } = await open();
      world.write('a', 'one');
      const before = await stampOf('a');
      // On a busy machine the real clock may be past the racy window by now.
      if (isReal && !isRacy(before)) return;
      expect(isRacy(before)).toBe(true);
      const result = await local.move(p('a'), p('b'), before);
      const base: BaseSnapshot = new Map([[p('b'), { entry: fileEntry('one'), stamp: result.kind === 'done' ? result.stamp : null, version: 'v' as Version }]]);
      await world.age();
      expect((await reads({ base })).opened).toEqual(['b']);
    });

    it('C16 removes a folder that is empty but for junk out of scope', async () => {
      const { world, local, scan, trashed } = await open();
      world.mkdir('empty');
      world.write('junk/.DS_Store', 'j');
      world.write('ours/.file-sync-0123456789abcdef.tmp', 't');
      world.write('full/a', 'a');
      world.write('hidden/x.secret', 's');
      await scan({ ignore: WITH_JUNK });
      expect(await local.removeFolder(p('empty'))).toEqual(done);
      expect(await local.removeFolder(p('junk'))).toEqual(done);
      expect(await local.removeFolder(p('ours'))).toEqual(done);
      expect(await local.removeFolder(p('full'))).toEqual(stale);
      expect(await local.removeFolder(p('hidden'))).toEqual(stale);
      expect(await local.removeFolder(p('none'))).toEqual(stale);
      expect(world.tree()).toEqual({ 'full/': '', 'full/a': 'a', 'hidden/': '', 'hidden/x.secret': 's' });
      expect(trashed()).toEqual(['junk/.DS_Store=j', 'ours/.file-sync-0123456789abcdef.tmp=t']);
      world.write('not-junk/.DS_Store', 'synced here');
      await scan({ ignore: NO_RULES });
      expect(await local.removeFolder(p('not-junk'))).toEqual(stale);
    });
  });
});
