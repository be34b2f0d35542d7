import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { sourceOf } from '../testing/sources.ts';
import { fileEntry, p, TREE_DISKS } from '../testing/tree-bench.ts';

describe.each(TREE_DISKS)('LocalTree, %s', (_, { open }) => {
  describe('roots', () => {
    it('C26 tells a missing, an unmarked and a marked root', async () => {
      const { world, local, scan } = await open();
      expect(await local.identity()).toEqual({ kind: 'unmarked', empty: true });
      world.write('a', 'x');
      expect(await local.identity()).toEqual({ kind: 'unmarked', empty: false });
      await local.mark('pair-1');
      await local.mark('pair-1');
      expect(await local.identity()).toEqual({ kind: 'marked', pairId: 'pair-1' });
      await expect(local.mark('pair-2')).rejects.toMatchObject({ code: 'root-replaced' });
      expect(world.tree()).toEqual({ a: 'x' });
      world.rename('', '../away');
      expect(await local.identity()).toEqual({ kind: 'missing' });
      world.write('../root', 'a file now');
      expect(await local.identity()).toEqual({ kind: 'not-a-folder' });
      await expect(scan()).rejects.toMatchObject({ code: 'root-replaced' });
    });

    it('C26 never scans or changes a root that is gone or another one', async () => {
      const { world, local, scan, stampOf } = await open();
      world.write('a', 'x');
      const stamp = await stampOf('a');
      world.rename('', '../away');
      await expect(scan()).rejects.toMatchObject({ code: 'root-missing' });
      await expect(local.write(p('n'), fileEntry('x'), sourceOf('x'), null)).rejects.toMatchObject({ code: 'root-missing' });
      world.mkdir('');
      await expect(local.remove(p('a'), stamp)).rejects.toMatchObject({ code: 'root-replaced' });
      await expect(local.write(p('n'), fileEntry('x'), sourceOf('x'), null)).rejects.toMatchObject({ code: 'root-replaced' });
    });

    it('C28 a root unplugged while it is scanned ends the scan', async () => {
      const { world, rightBefore, scan } = await open();
      for (let n = 0; n < 5; n++) world.write(`f${n}`, 'x');
      rightBefore('lstat', '/f2', () => {
        world.rename('', '../away');
      });
      await expect(scan()).rejects.toMatchObject({ code: 'root-missing' });
    });

    it('C28 an unplugged root that leaves an empty folder behind while it is scanned ends the scan', async () => {
      const { world, rightBefore, scan } = await open();
      for (let n = 0; n < 5; n++) world.write(`f${n}`, 'x');
      rightBefore('lstat', '/f2', () => {
        world.rename('', '../away');
        world.mkdir('');
      });
      await expect(scan()).rejects.toMatchObject({ code: 'root-replaced' });
    });
  });

  it('C49 S94 sweeps what crashed runs left, and trash past its days', async () => {
    const { world, local, stampOf, trashed, temps } = await open();
    world.write('a', 'old');
    await local.remove(p('a'), await stampOf('a'));
    world.write('.file-sync/tmp/0123456789abcdef.tmp', 'half a download');
    world.write('.file-sync/tmp/0123456789abcdef.held', 'the only name of a file');
    world.write('.file-sync/trash/keep this/d', 'put here by hand');
    const day = 86_400_000;
    await local.sweep(1_000 * day);
    expect(temps()).toEqual([]);
    const recovered = 'recovered-0123456789abcdef=the only name of a file';
    expect(trashed()).toEqual(['a=old', 'd=put here by hand', recovered]);
    world.write('.file-sync/trash/2001-01-01T00-00-00Z/b', 'met later, whatever its name says');
    await local.sweep(1_029 * day);
    expect(trashed()).toEqual(['a=old', 'b=met later, whatever its name says', 'd=put here by hand', recovered]);
    await local.sweep(1_031 * day);
    expect(trashed()).toEqual(['b=met later, whatever its name says', 'd=put here by hand']);
  });

  it('C44 S106 trash is not swept by what its names say, nor when nothing is known of its age', async () => {
    const { world, local, onStep, trashed } = await open();
    world.write('.file-sync/trash/1970-01-01T00-00-00Z/a', 'removed while the clock stood at 1970');
    world.write('.file-sync/trash-ages.json', '{ torn');
    await local.sweep(20_000 * 86_400_000);
    expect(trashed()).toEqual(['a=removed while the clock stood at 1970']);
    onStep((label, path) => {
      if (label === 'create' && path.includes('trash-ages')) throw new SyncError('disk-full', 'ENOSPC', { path });
    });
    world.write('.file-sync/trash/1971-01-01T00-00-00Z/b', 'another');
    await local.sweep(20_001 * 86_400_000);
    expect(trashed()).toHaveLength(2);
  });
});
