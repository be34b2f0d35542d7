import { describe, expect, it } from 'vitest';
import type { Entry, Stamp } from '../core/entry.ts';
import { fileEntry, p, TREE_DISKS } from '../testing/tree-bench.ts';
import type { LocalTree } from './local-tree.ts';

async function drain(local: LocalTree, path: string, stamp: Stamp, entry: Entry): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of local.read(p(path), stamp, entry).open()) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

describe.each(TREE_DISKS)('LocalTree, %s', (_, { open, isFat }) => {
  describe('read', () => {
    it('gives the bytes, and again', async () => {
      const { world, local, at } = await open();
      const text = 'x'.repeat(600_000);
      world.write('a', text);
      world.write('empty', '');
      const { entry, stamp } = await at('a');
      const body = local.read(p('a'), stamp, entry);
      expect(body.size).toBe(600_000);
      expect(await drain(local, 'a', stamp, entry)).toBe(text);
      expect(await drain(local, 'a', stamp, entry)).toBe(text);
      const empty = await at('empty');
      expect(await drain(local, 'empty', empty.stamp, empty.entry)).toBe('');
      if (isFat) return;
      world.symlink('t\u00E4rget', 'link');
      const link = await at('link');
      expect(local.read(p('link'), link.stamp, link.entry).size).toBe(7);
      expect(await drain(local, 'link', link.stamp, link.entry)).toBe('t\u00E4rget');
    });

    it('C1 withholds the last chunk of a file that changes while it is read', async () => {
      const { world, local, calm, rightBefore, at } = await open();
      world.write('a', 'x'.repeat(600_000));
      const { entry, stamp } = await at('a');
      for (const change of [() => world.append('a', '+'), () => world.replace('a', 'y'.repeat(600_000)), () => world.remove('a')]) {
        world.write('a', 'x'.repeat(600_000));
        const now = await at('a');
        rightBefore('read', '/a', change, 3);
        let bytes = 0;
        const reading = (async () => {
          for await (const chunk of local.read(p('a'), now.stamp, now.entry).open()) bytes += chunk.length;
        })();
        await expect(reading).rejects.toMatchObject({ code: 'busy' });
        expect(bytes).toBeLessThan(600_000);
        calm();
      }
      world.write('a', 'x');
      await expect(drain(local, 'a', stamp, entry)).rejects.toMatchObject({ code: 'busy' });
      world.remove('a');
      await expect(drain(local, 'a', stamp, entry)).rejects.toMatchObject({ code: 'busy' });
    });

    it('C2 S16 does not give bytes that hash to something else, whatever the stamp says', async () => {
      const { world, local, at } = await open();
      world.write('a', 'one');
      const { stamp } = await at('a');
      await expect(drain(local, 'a', stamp, fileEntry('two'))).rejects.toMatchObject({ code: 'busy' });
    });
  });
});
