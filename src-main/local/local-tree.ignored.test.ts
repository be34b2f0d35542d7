import { describe, expect, it } from 'vitest';
import { NO_RULES, p, TREE_DISKS, WITH_JUNK } from '../testing/tree-bench.ts';

describe.each(TREE_DISKS)('LocalTree, %s', (_, { open }) => {
  describe('scan', () => {
    it('leaves out ignored things, does not enter ignored folders and says where some lie', async () => {
      const { world, onStep, scan } = await open();
      world.write('a.secret', '1');
      world.write('build/x', '2');
      world.write('docs/keep', '3');
      world.write('docs/b.secret', '4');
      world.write('junk-only/.DS_Store', '5');
      const entered: string[] = [];
      onStep((label, path) => void (label === 'readDir' && entered.push(path)));
      const { entries } = await scan({ ignore: WITH_JUNK });
      expect([...entries.keys()].sort()).toEqual(['docs', 'docs/keep', 'junk-only']);
      expect(entered.some((path) => path.endsWith('/build'))).toBe(false);
      expect(entries.get(p('docs'))?.holdsIgnored).toBe(true);
      expect(entries.get(p('junk-only'))?.holdsIgnored).toBeUndefined();
    });

    it('reads .syncignore files on the way down', async () => {
      const { world, scan } = await open();
      world.write('.syncignore', '# comment\n*.log\n');
      world.write('x.log', '1');
      world.write('sub/.syncignore', '!keep.log\nprivate/\n');
      world.write('sub/keep.log', '2');
      world.write('sub/private/p', '3');
      world.write('private/p', '4');
      const full = await scan();
      expect([...full.entries.keys()].sort()).toEqual(['.syncignore', 'private', 'private/p', 'sub', 'sub/.syncignore', 'sub/keep.log']);
      expect(full.ignore.ignores(p('sub/new.log'), false)).toBe(true);
      expect(full.ignore.ignores(p('sub/private/new'), false)).toBe(true);
      expect(full.ignore.configured().sources).toEqual(NO_RULES.sources);
      world.write('sub/.syncignore', '');
      const limited = await scan({ paths: new Set([p('sub')]), ignore: full.ignore });
      expect([...limited.entries.keys()].sort()).toEqual(['sub', 'sub/.syncignore', 'sub/private', 'sub/private/p']);
      expect(limited.ignore.ignores(p('sub/private/new'), false)).toBe(false);
      expect(limited.ignore.ignores(p('sub/new.log'), false)).toBe(true);
    });

    it('a .syncignore beyond its limits keeps its folder from being synced', async () => {
      const { world, scan } = await open();
      world.write('sub/.syncignore', 'x\n'.repeat(1_001));
      world.write('sub/a', '1');
      world.write('b', '2');
      const { entries, problems } = await scan();
      expect([...entries.keys()]).toEqual(['b']);
      expect(problems).toMatchObject([{ path: 'sub', reason: 'unreadable', subtree: true }]);
      world.write('.syncignore', 'y'.repeat(70_000));
      await expect(scan()).rejects.toMatchObject({ code: 'config' });
    });

    it('keeps our own things out: the control folder under any case, temporary files, roots of other pairs', async () => {
      const { world, local, scan } = await open();
      await local.mark('pair');
      if (!local.features.caseInsensitive) world.write('.FILE-SYNC/x', '1');
      world.write('.file-sync-0123456789abcdef.tmp', 'left over');
      world.write('plain/.file-sync/tmp', 'just a name down here');
      world.write('other/.file-sync/identity.json', '{}');
      world.write('other/a', '2');
      const { entries, problems } = await scan();
      expect([...entries.keys()].sort()).toEqual(['plain', 'plain/.file-sync', 'plain/.file-sync/tmp']);
      expect(problems).toEqual([{ path: 'other', side: 'local', reason: 'nested-pair', subtree: true }]);
      await local.sweep(0);
      expect(world.exists('.file-sync-0123456789abcdef.tmp')).toBe(false);
    });
  });
});
