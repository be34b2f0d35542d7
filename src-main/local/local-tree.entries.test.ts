import { describe, expect, it } from 'vitest';
import type { Stamp } from '../core/entry.ts';
import { sourceOf } from '../testing/sources.ts';
import { fileEntry, p, TREE_DISKS } from '../testing/tree-bench.ts';
import { asRacy } from './stamp.ts';

const done = { kind: 'done', stamp: expect.any(String) };
const stale = { kind: 'stale' };

describe.each(TREE_DISKS)('LocalTree, %s', (_, { open, isFat }) => {
  describe('link, setMode, makeFolder', () => {
    it('C14 makes and replaces links without following them', async () => {
      const { world, local, stampOf, trashed } = await open();
      if (isFat) {
        expect(local.features.symlinks).toBe(false);
        await expect(local.link(p('l'), 't', null)).rejects.toMatchObject({ code: 'not-supported' });
        return;
      }
      expect(await local.link(p('l'), '/etc/passwd', null)).toEqual(done);
      expect(await local.link(p('l'), 'other', null)).toEqual(stale);
      expect(await local.link(p('l'), 'l', await stampOf('l'))).toEqual(done);
      expect(world.tree()).toEqual({ l: '-> l' });
      expect(trashed()).toEqual(['l=-> /etc/passwd']);
      world.write('f', 'text');
      expect(await local.link(p('f'), 'x', await stampOf('f'))).toEqual(done);
      expect(await local.write(p('l'), fileEntry('file now'), sourceOf('file now'), await stampOf('l'))).toEqual(done);
      expect(world.tree()).toEqual({ f: '-> x', l: 'file now' });
      await expect(local.link(p('m'), '', null)).rejects.toMatchObject({ code: 'name-not-allowed' });
    });

    it('C14 a link that takes the place of a new one at once is looked at, and is not taken for ours', async () => {
      const { world, local, onStep, at } = await open();
      if (isFat) return;
      onStep((label, path) => {
        if (label !== 'lstat' || !path.endsWith('/l') || !world.exists('l')) return;
        onStep(() => undefined);
        world.remove('l');
        world.symlink('mine!', 'l');
      });
      const made = await local.link(p('l'), 'yours', null);
      expect(made).toEqual(done);
      expect(world.tree()).toEqual({ l: '-> mine!' });
      expect((await at('l')).stamp).not.toBe((made as { readonly stamp: Stamp }).stamp);
      expect(await local.remove(p('l'), (made as { readonly stamp: Stamp }).stamp)).toEqual(stale);
      expect(world.tree()).toEqual({ l: '-> mine!' });
    });

    it('C22 S84 sets permission bits and leaves the rest', async () => {
      const { world, local, at, stampOf } = await open();
      world.write('run.sh', 'x');
      await world.age();
      const stamp = await stampOf('run.sh');
      const result = await local.setMode(p('run.sh'), 0o755, stamp);
      const after = await stampOf('run.sh');
      expect(result).toEqual({ kind: 'done', stamp: isFat ? after : asRacy(after) });
      expect((await at('run.sh')).entry).toMatchObject({ mode: isFat ? null : 0o755 });
      if (!isFat) expect(await local.setMode(p('run.sh'), 0o700, stamp)).toEqual(stale);
    });

    it('makes folders, once', async () => {
      const { world, local, stampOf } = await open();
      expect(await local.makeFolder(p('d'))).toEqual({ kind: 'done', stamp: await stampOf('d') });
      expect(await local.makeFolder(p('d'))).toEqual(done);
      world.write('f', '');
      expect(await local.makeFolder(p('f'))).toEqual(stale);
    });
  });
});
