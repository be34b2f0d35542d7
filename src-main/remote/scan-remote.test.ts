import { describe, expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import type { Base, Version } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import { type RelPath, relPath } from '../core/rel-path.ts';
import { at, body, file, paths, RemoteKit, scan, sha256, troubles } from '../testing/remote-kit.ts';

describe('scanning a remote tree', () => {
  it('sees what was written: files, links, folders with and without a marker', async () => {
    const kit = new RemoteKit();
    const tree = kit.tree('Büro');
    await tree.write(relPath('a.txt'), file('hello'), body('hello'), { op: 'op1', expect: null });
    await tree.write(relPath('deep/er/b'), file(''), body(''), { op: 'op2', expect: null });
    await tree.write(relPath('link'), { kind: 'symlink', target: '../x' }, body('../x'), { op: 'op3', expect: null });
    await tree.makeFolder(relPath('empty'), { op: 'op4' });
    const seen = await scan(kit.tree('B'));
    expect(paths(seen)).toEqual(['a.txt', 'deep', 'deep/er', 'deep/er/b', 'empty', 'link']);
    expect(at(seen, 'a.txt')).toMatchObject({ entry: file('hello'), op: 'op1', device: 'Büro' });
    expect(at(seen, 'link')?.entry).toEqual({ kind: 'symlink', target: '../x' });
    for (const folder of ['deep', 'deep/er', 'empty']) expect(at(seen, folder)?.entry).toEqual({ kind: 'folder' });
    expect(seen.problems).toEqual([]);
  });

  it('C46 reads an object that records no hash, or nonsense, to know it', async () => {
    const kit = new RemoteKit();
    kit.plant('foreign', 'by another tool', { mtime: 'yesterday' });
    kit.plant('nonsense', 'other', { sha256: 'XYZ' });
    const seen = await scan(kit.tree());
    expect(at(seen, 'foreign')?.entry).toMatchObject({ kind: 'file', size: 15, hash: sha256('by another tool'), mode: null });
    expect(at(seen, 'nonsense')?.entry).toMatchObject({ hash: sha256('other') });
    expect(at(seen, 'foreign')).toMatchObject({ op: null, device: null });
  });

  it('rehash reads everything and believes no record', async () => {
    const kit = new RemoteKit();
    kit.plant('a', 'truth', { sha256: sha256('lie') });
    expect(at(await scan(kit.tree()), 'a')?.entry).toMatchObject({ hash: sha256('lie') });
    expect(at(await scan(kit.tree(), { rehash: true }), 'a')?.entry).toMatchObject({ hash: sha256('truth') });
  });

  it('asks nothing about what the base or the previous scan knows at this version', async () => {
    const kit = new RemoteKit();
    // A store whose listing shows no metadata, as S3.
    const bare = (backend: Backend): Backend =>
      Object.assign(Object.create(backend) as Backend, { list: withoutMeta(backend), stat: backend.stat.bind(backend), get: backend.get.bind(backend) });
    for (const name of ['based', 'seen', 'new']) kit.plant(name, name, { sha256: sha256(name), op: name });
    const first = await scan(kit.tree('A', { backend: bare(kit.client()) }));
    const based = at(first, 'based');
    const base = new Map<RelPath, Base>([[relPath('based'), { entry: file('based'), stamp: null, version: based?.version ?? ('' as Version) }]]);
    const previous = { entries: new Map([...first.entries].filter(([path]) => path === 'seen')), problems: [] };
    kit.calls.length = 0;
    const again = await scan(kit.tree('A', { backend: bare(kit.client()) }), { base, previous });
    expect(kit.calls).toEqual(['list ', 'stat new']);
    expect([...again.entries.values()].map((r) => (r.entry.kind === 'file' ? r.entry.hash : null))).toEqual(
      expect.arrayContaining([sha256('based'), sha256('seen'), sha256('new')]),
    );
    expect(at(again, 'seen')?.op).toBe('seen');
  });

  it('C46 finds what a foreign tool changed even where size and name stay', async () => {
    const kit = new RemoteKit();
    const done = await kit.tree().write(relPath('a'), file('one'), body('one'), { op: '1', expect: null });
    const base = new Map<RelPath, Base>([[relPath('a'), { entry: file('one'), stamp: null, version: done.kind === 'done' ? done.version : ('' as Version) }]]);
    kit.plant('a', 'two');
    expect(at(await scan(kit.tree(), { base }), 'a')?.entry).toMatchObject({ hash: sha256('two') });
  });

  it('C62 keys that are no paths are listed as problems and never entries', async () => {
    const kit = new RemoteKit();
    const hostile = ['../up', 'a/../../etc/passwd', '/etc/passwd', 'a//b', 'dot/./x', '..', 'nul\0x', '.FILE-SYNC/vault.json', '.File-Sync/x', 'a/a//'];
    for (const key of hostile) kit.plant(key, 'x');
    kit.plant('fine', 'x');
    const seen = await scan(kit.tree());
    expect(paths(seen)).toEqual(['fine']);
    expect(seen.problems.map((p) => p.path).sort()).toEqual([...hostile].sort());
    expect(seen.problems.every((p) => p.reason === 'unsafe-name' && p.side === 'remote')).toBe(true);
  });

  it('C62 our own prefix is never part of the tree, and what only looks like it is', async () => {
    const kit = new RemoteKit();
    for (const key of ['.file-sync/vault.json', '.file-sync/versions/a/1', '.file-sync-not-ours', 'x/.file-sync/y']) kit.plant(key, 'x');
    const seen = await scan(kit.tree());
    expect(paths(seen)).toEqual(['.file-sync-not-ours', 'x', 'x/.file-sync', 'x/.file-sync/y']);
  });

  it.each([
    ['file first', ['both', 'both/', 'both/x']],
    ['folder first', ['both/x', 'both/', 'both']],
    ['no marker', ['both', 'both/x']],
    ['nothing in it', ['both/', 'both']],
  ])('a key that is a file and a folder is left alone: %s', async (_, keys) => {
    const kit = new RemoteKit();
    for (const key of keys) kit.plant(key, 'x', { sha256: sha256('x') });
    for (const rehash of [false, true]) expect(troubles(await scan(kit.tree(), { rehash }))).toEqual(['file-and-folder both/**']);
    const first = await scan(kit.tree());
    expect(troubles(await scan(kit.tree(), { previous: first }))).toEqual(['file-and-folder both/**']);
    expect(at(first, 'both')?.entry.kind).toBe('folder');
  });

  it('C53 what cannot be read is a problem, not an absence', async () => {
    const kit = new RemoteKit();
    kit.plant('locked', 'x');
    kit.plant('torn', 'x');
    kit.plant('fine', 'x');
    const errors: Record<string, SyncError> = { locked: new SyncError('no-permission', 'no'), torn: new SyncError('corrupt', 'no') };
    const tree = kit.tree('A', {
      step: async (when, operation, key) => {
        const error = operation === 'get' && when === 'before' ? errors[key] : undefined;
        if (error !== undefined) throw error;
      },
    });
    const seen = await scan(tree);
    expect(paths(seen)).toEqual(['fine']);
    expect(troubles(seen)).toEqual(['corrupt torn', 'unreadable locked']);
    await expect(tree.look(relPath('locked'), 'file')).rejects.toMatchObject({ code: 'no-permission' });
  });

  it('C53 an object that keeps changing is a problem; one that is gone by then is not', async () => {
    const kit = new RemoteKit();
    for (const key of ['restless', 'gone', 'once']) kit.plant(key, 'x');
    let once = true;
    const tree = kit.tree('A', {
      step: async (when, operation, key) => {
        if (operation !== 'get' || when !== 'before') return;
        if (key === 'gone') kit.store.remove(key);
        if (key === 'restless' || (key === 'once' && once)) kit.plant(key, 'changed');
        if (key === 'once') once = false;
      },
    });
    const seen = await scan(tree);
    expect(paths(seen)).toEqual(['once']);
    expect(at(seen, 'once')?.entry).toMatchObject({ hash: sha256('changed') });
    expect(troubles(seen)).toEqual(['changing restless']);
  });

  it('C26 C53 a listing that fails fails the scan', async () => {
    const kit = new RemoteKit();
    kit.plant('a', 'x');
    kit.store.offline = true;
    await expect(scan(kit.tree())).rejects.toMatchObject({ code: 'unreachable' });
    kit.store.offline = false;
    const failing = kit.tree('A', {
      step: async (when, operation) => {
        if (operation === 'get' && when === 'after') throw new SyncError('unreachable', 'gone');
      },
    });
    await expect(scan(failing)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('C66 a link that is too long for one is a problem', async () => {
    const kit = new RemoteKit();
    kit.plant('link', 'x'.repeat(4097), { kind: 'symlink' });
    expect(troubles(await scan(kit.tree()))).toEqual(['corrupt link']);
    await expect(kit.tree().look(relPath('link'), 'symlink')).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('what lies in the store and has no key becomes a problem', async () => {
    const kit = new RemoteKit();
    kit.plant('a', 'x');
    const backend = kit.client();
    const tree = kit.tree('A', {
      backend: Object.assign(Object.create(backend) as Backend, {
        get: backend.get.bind(backend),
        list: (prefix: string, options: { unlisted?: (name: string, reason: 'special-file') => void }) => {
          options.unlisted?.('dir/pipe', 'special-file');
          return backend.list(prefix);
        },
      }),
    });
    expect(troubles(await scan(tree))).toEqual(['special-file dir/pipe/**']);
  });

  it('stops when told to', async () => {
    const kit = new RemoteKit();
    kit.plant('a', 'x');
    await expect(scan(kit.tree(), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  });
});

function withoutMeta(backend: Backend): Backend['list'] {
  return async function* (prefix, options) {
    for await (const { meta: _, ...info } of backend.list(prefix, options)) yield info;
  };
}
