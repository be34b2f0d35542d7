import { describe, expect, it } from 'vitest';
import type { Version } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import { at, body, file, paths, RemoteKit, scan, sha256 } from '../testing/remote-kit.ts';
import type { RemoteTree } from './remote-tree.ts';

const A = relPath('f/a');
const STALE = { kind: 'stale' };

async function wrote(tree: RemoteTree, path: string, text: string, expected: Version | null = null, op = 'op'): Promise<Version> {
  const result = await tree.write(relPath(path), file(text), body(text), { op, expect: expected });
  if (result.kind !== 'done') throw new Error(`write of ${path} was stale`);
  return result.version;
}

describe('writing', () => {
  it('keeps what it replaces', async () => {
    const kit = new RemoteKit();
    const tree = kit.tree();
    const one = await wrote(tree, 'f/a', 'one');
    const two = await wrote(tree, 'f/a', 'two', one);
    await wrote(tree, 'f/a', 'three', two);
    expect(kit.text('f/a')).toBe('three');
    expect(kit.versions()).toEqual(['f/a one', 'f/a two']);
  });

  it('keeps nothing where versions are off', async () => {
    const kit = new RemoteKit();
    const tree = kit.tree('A', { keepVersions: false });
    await wrote(tree, 'f/a', 'two', await wrote(tree, 'f/a', 'one'));
    expect(kit.versions()).toEqual([]);
  });

  it('C40 a lost race is stale: nothing is written, nothing is kept', async () => {
    const kit = new RemoteKit();
    const [a, b] = [kit.tree('A'), kit.tree('B')];
    const one = await wrote(a, 'f/a', 'one');
    expect(await b.write(A, file('mine'), body('mine'), { op: 'b', expect: null })).toEqual(STALE);
    await wrote(a, 'f/a', 'two', one);
    expect(await b.write(A, file('late'), body('late'), { op: 'b', expect: one })).toEqual(STALE);
    expect(await b.remove(A, 'file', one)).toEqual(STALE);
    expect(await b.move(A, relPath('g'), file('one'), one, { op: 'b' })).toEqual(STALE);
    expect(kit.text('f/a')).toBe('two');
    expect(kit.versions()).toEqual(['f/a one']);
  });

  it('C40 a race between the keeping and the writing loses nothing', async () => {
    const kit = new RemoteKit();
    const one = await wrote(kit.tree('B'), 'f/a', 'one');
    const b = kit.tree('B');
    const a = kit.tree('A', {
      step: async (when, operation, key) => {
        if (when === 'before' && operation === 'put' && key === 'f/a') await wrote(b, 'f/a', 'theirs', one);
      },
    });
    expect(await a.write(A, file('mine'), body('mine'), { op: 'a', expect: one })).toEqual(STALE);
    expect(kit.text('f/a')).toBe('theirs');
    expect(kit.versions()).toContain('f/a one');
  });

  it('C51 an answer that was lost: the operation shows in the next scan', async () => {
    const kit = new RemoteKit();
    const tree = kit.tree('A', {
      step: async (when, operation, key) => {
        if (when === 'after' && operation === 'put' && key === 'f/a') throw new SyncError('unreachable', 'no answer');
      },
    });
    await expect(wrote(tree, 'f/a', 'one', null, 'my-operation')).rejects.toMatchObject({ code: 'unreachable' });
    expect(at(await scan(kit.tree('A')), 'f/a')).toMatchObject({ op: 'my-operation', device: 'A', entry: file('one') });
    expect(await kit.tree().look(A, 'file')).toMatchObject({ op: 'my-operation' });
  });

  it('C51 an answer lost after the keeping does not stop the next try', async () => {
    const kit = new RemoteKit();
    const one = await wrote(kit.tree(), 'f/a', 'one');
    let fail = true;
    const tree = kit.tree('A', {
      step: async (when, operation) => {
        if (!fail || when !== 'after' || operation !== 'copy') return;
        fail = false;
        throw new SyncError('unreachable', 'no answer');
      },
    });
    await expect(wrote(tree, 'f/a', 'two', one)).rejects.toMatchObject({ code: 'unreachable' });
    await wrote(tree, 'f/a', 'two', one);
    expect(kit.text('f/a')).toBe('two');
    expect(new Set(kit.versions())).toEqual(new Set(['f/a one']));
  });

  it('C57 a body that breaks leaves the old object', async () => {
    const kit = new RemoteKit();
    const tree = kit.tree();
    const one = await wrote(tree, 'f/a', 'one');
    const broken = {
      size: 9,
      open: async function* () {
        yield Buffer.from('half');
        throw new SyncError('busy', 'the file changed');
      },
    };
    await expect(tree.write(A, file('half more'), broken, { op: 'x', expect: one })).rejects.toBeInstanceOf(SyncError);
    expect(kit.text('f/a')).toBe('one');
  });

  it('C17 C41 keys of 1,024 bytes are replaced and removed, and keep their versions', async () => {
    const kit = new RemoteKit();
    const tree = kit.tree();
    const long = `${'ä'.repeat(100)}/${'b'.repeat(200)}/${'c'.repeat(200)}/${'d'.repeat(200)}/${'e'.repeat(220)}`;
    const path = relPath(long);
    expect(Buffer.byteLength(path)).toBe(1024);
    const two = await wrote(tree, long, 'two', await wrote(tree, long, 'one'));
    expect(await tree.remove(path, 'file', two)).toEqual({ kind: 'done' });
    const kept = kit.versions();
    expect(kept.map((line) => line.slice(line.lastIndexOf(' ') + 1)).sort()).toEqual([long, 'one', 'two'].sort());
    expect(new Set(kept.map((line) => line.split(' ')[0]))).toEqual(new Set([`.file-sync/long/${sha256(long)}`]));
  });
});

describe('removing and moving', () => {
  it('a removed file stays as a version', async () => {
    const kit = new RemoteKit();
    const tree = kit.tree();
    const one = await wrote(tree, 'f/a', 'one');
    expect(await tree.remove(A, 'file', one)).toEqual({ kind: 'done' });
    expect(kit.text('f/a')).toBeNull();
    expect(kit.versions()).toEqual(['f/a one']);
    expect(await tree.look(A, 'file')).toBeNull();
  });

  it('folders: made once, looked at, removed', async () => {
    const kit = new RemoteKit();
    const tree = kit.tree();
    const folder = relPath('f');
    const made = await tree.makeFolder(folder, { op: '1' });
    expect(await kit.tree('B').makeFolder(folder, { op: '2' })).toEqual(made);
    expect(await tree.look(folder, 'folder')).toMatchObject({ entry: { kind: 'folder' } });
    expect(await tree.remove(folder, 'folder', 'any' as Version)).toEqual({ kind: 'done' });
    expect(await tree.look(folder, 'folder')).toBeNull();
    await wrote(tree, 'f/a', 'x');
    expect(await tree.look(folder, 'folder'), 'implied by what is in it').toMatchObject({ entry: { kind: 'folder' } });
  });

  it('moves the content under a new operation and keeps no copy at the old name', async () => {
    const kit = new RemoteKit();
    const tree = kit.tree();
    const one = await wrote(tree, 'f/a', 'one');
    expect(await tree.move(A, relPath('g/b'), file('one'), one, { op: 'moved' })).toMatchObject({ kind: 'done' });
    const seen = await scan(tree);
    expect(paths(seen)).toEqual(['g', 'g/b']);
    expect(at(seen, 'g/b')).toMatchObject({ op: 'moved', entry: file('one') });
  });

  it('C41 a source that changed after the copy stays', async () => {
    const kit = new RemoteKit();
    const one = await wrote(kit.tree('B'), 'f/a', 'one');
    const tree = kit.tree('A', {
      step: async (when, operation, key) => {
        if (when === 'before' && operation === 'delete' && key === 'f/a') await wrote(kit.tree('B'), 'f/a', 'edited', one);
      },
    });
    expect(await tree.move(A, relPath('b'), file('one'), one, { op: 'm' })).toMatchObject({ kind: 'done' });
    expect([kit.text('f/a'), kit.text('b')]).toEqual(['edited', 'one']);
  });

  it('a copy that was replaced at once does not cost the source', async () => {
    const kit = new RemoteKit();
    const one = await wrote(kit.tree('B'), 'f/a', 'one');
    const tree = kit.tree('A', {
      step: async (when, operation, key) => {
        if (when === 'after' && operation === 'copy' && key === 'b') kit.plant('b', 'somebody else');
      },
    });
    await tree.move(A, relPath('b'), file('one'), one, { op: 'm' });
    expect([kit.text('f/a'), kit.text('b')]).toEqual(['one', 'somebody else']);
  });

  it('to a name that is taken is stale', async () => {
    const kit = new RemoteKit();
    const tree = kit.tree();
    const one = await wrote(tree, 'f/a', 'one');
    await wrote(tree, 'b', 'there');
    expect(await tree.move(A, relPath('b'), file('one'), one, { op: 'm' })).toEqual(STALE);
    expect([kit.text('f/a'), kit.text('b')]).toEqual(['one', 'there']);
  });

  it('reads one version, and null once it is another', async () => {
    const kit = new RemoteKit();
    const tree = kit.tree();
    const one = await wrote(tree, 'f/a', 'one');
    const parts: Uint8Array[] = [];
    for await (const chunk of (await tree.read(A, one)) ?? []) parts.push(chunk);
    expect(Buffer.concat(parts).toString()).toBe('one');
    await wrote(tree, 'f/a', 'two', one);
    expect(await tree.read(A, one)).toBeNull();
  });
});
