import { describe, expect, it } from 'vitest';
import { SyncError } from '../../core/errors.ts';
import type { FsLabel, Step } from '../../testing/fake-fs.ts';
import { FakeStore, STORE } from '../../testing/local-store.ts';
import type { Backend } from '../backend.ts';
import { ABSENT, leafKeys, listed, match, putText, textAt, textBody, versionAt } from '../conformance/kit.ts';

const at = (key: string) => `${STORE}/${key}`;

/** Lets `intrude` happen once, right before the `nth` call of a kind on a path. */
function intruder(label: FsLabel, path: string, intrude: () => void, nth = 1): Step {
  let seen = 0;
  return (called, where) => {
    if (called === label && where === path && ++seen === nth) intrude();
  };
}

describe('programs that know none of our locks (C46)', () => {
  it('a file saved in place of one that is being removed comes back', async () => {
    const store = new FakeStore();
    const version = await putText(await store.open('one'), 'a', 'old');
    const backend = await store.open(
      'two',
      intruder('rename', at('a'), () => store.fs.edit.replace(at('a'), 'saved just now')),
    );
    expect(await backend.delete('a', { version })).toEqual({ kind: 'stale' });
    expect(await textAt(backend, 'a')).toBe('saved just now');
  });

  it.each([true, false])('it comes back, or is a new file, when the name is taken again as well (hard links: %s)', async (hardLinks) => {
    const store = new FakeStore({ hardLinks });
    const version = await putText(await store.open('one'), 'f/a', 'old');
    let taken = false;
    const step: Step = (label, path) => {
      if (label === 'rename' && path === at('f/a')) {
        store.fs.edit.replace(at('f/a'), 'saved just now');
        taken = true;
      } else if (taken && !store.fs.edit.exists(at('f/a'))) store.fs.edit.write(at('f/a'), 'and once more');
    };
    const backend = await store.open('two', step);
    expect(await backend.delete('f/a', { version })).toEqual({ kind: 'stale' });
    const texts = Object.values(store.fs.tree(STORE)).filter((text) => text !== '');
    expect(texts.sort()).toEqual(['and once more', 'saved just now']);
  });

  it('a file saved in place of one that is being moved stays where it is', async () => {
    const store = new FakeStore();
    const version = await putText(await store.open('one'), 'a', 'old');
    const backend = await store.open(
      'two',
      intruder('rename', at('a'), () => store.fs.edit.replace(at('a'), 'saved just now')),
    );
    expect(await backend.move?.({ key: 'a', version }, 'b', { meta: { sha256: 'of the old content' } })).toMatchObject({ kind: 'done' });
    expect([await textAt(backend, 'a'), await textAt(backend, 'b')]).toEqual(['saved just now', 'old']);
  });

  it("one saved before the move is not moved under the old one's metadata", async () => {
    const store = new FakeStore();
    const version = await putText(await store.open('one'), 'a', 'old');
    const backend = await store.open(
      'two',
      intruder('link', at('b'), () => store.fs.edit.replace(at('a'), 'saved just now')),
    );
    expect(await backend.move?.({ key: 'a', version }, 'b', { meta: { sha256: 'of the old content' } })).toEqual({ kind: 'stale' });
    expect(store.fs.tree(STORE)).toEqual({ a: 'saved just now' });
  });

  it('a replacement that was overtaken before its rename stops', async () => {
    const store = new FakeStore();
    const version = await putText(await store.open('one'), 'a', 'old');
    const kept = '.file-sync/versions/a/k';
    const backend = await store.open(
      'two',
      intruder('link', at(kept), () => store.fs.edit.replace(at('a'), 'saved just now')),
    );
    const result = await backend.put('a', textBody('new'), { condition: match(version), meta: {}, keepAs: kept }).catch((error: unknown) => error);
    expect(result).toEqual({ kind: 'stale' });
    expect(await textAt(backend, 'a')).toBe('saved just now');
  });

  it('C40 the version a put answers with is never that of somebody who came after', async () => {
    const store = new FakeStore();
    const second = await store.open('two');
    let theirs = '';
    let seen = 0;
    const backend = await store.open('one', async (label, path) => {
      if (label !== 'syncFolder' || path !== STORE || ++seen !== 2) return;
      theirs = await putText(second, 'a', 'theirs', { condition: match(await versionAt(second, 'a')), meta: { sha256: 'theirs' } });
    });
    const mine = await putText(backend, 'a', 'mine!!', { meta: { sha256: 'mine' } });
    expect(theirs).not.toBe('');
    expect(mine).not.toBe(theirs);
    expect(await textAt(second, 'a')).toBe('theirs');
    expect((await (await store.open('three')).stat('a'))?.meta).toMatchObject({ sha256: 'theirs' });
  });

  it('a file edited in place while it is read ends in an error', async () => {
    const store = new FakeStore();
    await putText(await store.open('one'), 'a', 'x'.repeat(300_000));
    const backend = await store.open(
      'two',
      intruder('read', at('a'), () => store.fs.edit.write(at('a'), 'y'.repeat(300_000)), 2),
    );
    await expect(textAt(backend, 'a')).rejects.toMatchObject({ code: 'busy' });
  });
});

describe('locks', () => {
  const lockFiles = (store: FakeStore) => Object.keys(store.fs.tree(`${STORE}/.file-sync/local/locks`));

  it('S145 of a dead client are broken after ten seconds', async () => {
    const store = new FakeStore();
    const one = await store.open('one');
    const version = await putText(one, 'a', 'old');
    const dying = await store.open('dying', (label) => (label === 'unlink' || label === 'rename' ? new Promise<void>(() => undefined) : undefined));
    void dying.delete('a', { version });
    while (lockFiles(store).length === 0) await new Promise((resolve) => setImmediate(resolve));
    const before = store.clock.monotonic();
    await putText(one, 'a', 'new', { condition: match(version) });
    expect(store.clock.monotonic() - before).toBeGreaterThan(10_000);
    expect(await textAt(one, 'a')).toBe('new');
    expect(lockFiles(store)).toEqual([]);
  });

  it('that a sleeping holder lost make it stop before it replaces anything', async () => {
    const store = new FakeStore();
    const one = await store.open('one');
    const version = await putText(one, 'a', 'old');
    let wake = (): void => undefined;
    let asleep = false;
    const kept = '.file-sync/versions/a/k';
    const sleeper = await store.open('sleeper', (label, path) => {
      if (label !== 'link' || path !== at(kept)) return;
      asleep = true;
      return new Promise((resolve) => {
        wake = resolve;
      });
    });
    const late = sleeper.put('a', textBody('late'), { condition: match(version), meta: {}, keepAs: kept });
    while (!asleep) await new Promise((resolve) => setImmediate(resolve));
    await putText(one, 'a', 'new', { condition: match(version) });
    wake();
    expect((await late).kind).toBe('stale');
    expect(await textAt(one, 'a')).toBe('new');
  });

  it('C40 S145 that a sleeping holder lost keep it from winning beside the one who has them now', async () => {
    const store = new FakeStore();
    const version = await putText(await store.open('one'), 'a', 'old');
    const pauseAt = async (client: string, label: FsLabel, path: string, text: string) => {
      const pause = { reached: false, go: (): void => undefined };
      const backend = await store.open(client, (called, where) => {
        if (called !== label || where !== path || pause.reached) return;
        pause.reached = true;
        return new Promise((resolve) => {
          pause.go = resolve;
        });
      });
      const result = backend.put('a', textBody(text), { condition: match(version), meta: {}, keepAs: `.file-sync/versions/a/${client}` });
      while (!pause.reached) await new Promise((resolve) => setImmediate(resolve));
      return { go: () => pause.go(), result };
    };
    const sleeper = await pauseAt('sleeper', 'link', at('.file-sync/versions/a/sleeper'), 'late');
    const winner = await pauseAt('winner', 'syncFolder', at('.file-sync/versions/a'), 'new');
    sleeper.go();
    expect((await sleeper.result).kind).toBe('stale');
    winner.go();
    expect((await winner.result).kind).toBe('done');
    expect(await textAt(await store.open('three'), 'a')).toBe('new');
  });

  it('are given up on with "busy" when a live holder keeps changing hands', async () => {
    const store = new FakeStore();
    const one = await store.open('one');
    const version = await putText(one, 'a', 'old');
    let n = 0;
    const crowded = await store.open('two', (label, path) => {
      if (label === 'create' && path.includes('/locks/')) {
        for (const name of lockFiles(store)) store.fs.edit.remove(`${STORE}/.file-sync/local/locks/${name}`);
        store.fs.edit.write(path, `holder ${n++}`);
      }
    });
    await expect(crowded.delete('a', { version })).rejects.toMatchObject({ code: 'busy' });
    expect(await textAt(one, 'a')).toBe('old');
  });
});

describe('links on the way (C63)', () => {
  async function planted(): Promise<{ store: FakeStore; backend: Backend }> {
    const store = new FakeStore();
    const backend = await store.open('one');
    await putText(backend, 'a', 'x');
    store.fs.edit.write('/outside/secret', 'not yours');
    store.fs.edit.symlink('/outside', at('link'));
    return { store, backend };
  }

  it('nothing is written, read, listed or removed through one', async () => {
    const { store, backend } = await planted();
    const refused = { code: 'name-not-allowed' };
    const version = await versionAt(backend, 'a');
    await expect(backend.put('link/b', textBody('y'), { condition: ABSENT, meta: {} })).rejects.toMatchObject(refused);
    await expect(backend.put('link/new/', textBody(''), { condition: ABSENT, meta: {} })).rejects.toMatchObject(refused);
    expect([await backend.get('link/secret'), await backend.stat('link/secret'), await backend.stat('link/')]).toEqual([null, null, null]);
    expect(await backend.copy({ key: 'link/secret', version }, 'stolen', { condition: ABSENT })).toEqual({ kind: 'stale' });
    expect(await backend.delete('link/secret', { version })).toEqual({ kind: 'done' });
    await expect(backend.copy({ key: 'a', version }, 'link/b', { condition: ABSENT })).rejects.toMatchObject(refused);
    await expect(backend.move?.({ key: 'a', version }, 'link/b', { meta: {} })).rejects.toMatchObject(refused);
    await expect(backend.delete('a', { version, keepAs: 'link/b' })).rejects.toMatchObject(refused);
    expect((await listed(backend, 'link/')).map((o) => o.key)).toEqual([]);
    expect(await leafKeys(backend)).toEqual(['a', 'link']);
    expect(store.fs.tree('/outside')).toEqual({ secret: 'not yours' });
    expect(store.fs.edit.read(at('a'))).toBe('x');
  });

  it('a link put where a folder is being made is not followed', async () => {
    const { store } = await planted();
    const backend = await store.open(
      'two',
      intruder('mkdir', at('new'), () => store.fs.edit.symlink('/outside', at('new'))),
    );
    await expect(backend.put('new/b', textBody('y'), { condition: ABSENT, meta: {} })).rejects.toMatchObject({ code: 'name-not-allowed' });
    expect(store.fs.tree('/outside')).toEqual({ secret: 'not yours' });
  });

  it('our own folder as a link is refused', async () => {
    const store = new FakeStore();
    store.fs.edit.mkdir('/outside');
    store.fs.edit.symlink('/outside', at('.file-sync'));
    const backend = await store.open('one');
    await expect(backend.put('a', textBody('y'), { condition: ABSENT, meta: {} })).rejects.toBeInstanceOf(SyncError);
    expect(store.fs.tree('/outside', { all: true })).toEqual({});
    expect(store.fs.edit.exists(at('a'))).toBe(false);
  });

  it.each(['.file-sync/local/store.json', '.file-sync/local', '.FILE-SYNC/local/x', '.file-sync/LOCAL/tmp/x', '.File-Sync/vault.json'])('C62 %s is not for keys', async (key) => {
    const { backend } = await planted();
    await expect(backend.put(key, textBody('y'), { condition: ABSENT, meta: {} })).rejects.toMatchObject({ code: 'name-not-allowed' });
    await expect(backend.stat(key)).rejects.toMatchObject({ code: 'name-not-allowed' });
  });
});

it('C28 another store at the same place is not taken for the one that was there', async () => {
  const store = new FakeStore();
  const backend = await store.open('one');
  await putText(backend, 'a', 'x');
  store.fs.edit.rename(STORE, '/mnt/first');
  store.fs.edit.mkdir(STORE);
  await putText(await store.open('stranger'), 'b', 'y');
  await expect(listed(backend)).rejects.toMatchObject({ code: 'unreachable' });
  await expect(backend.stat('a')).rejects.toMatchObject({ code: 'unreachable' });
  await expect(backend.put('c', textBody('z'), { condition: ABSENT, meta: {} })).rejects.toMatchObject({ code: 'unreachable' });
  store.fs.edit.rename(STORE, '/mnt/second');
  store.fs.edit.rename('/mnt/first', STORE);
  expect(await textAt(backend, 'a')).toBe('x');
});

it('C28 C53 a drive that goes while it is listed does not end the listing early', async () => {
  const store = new FakeStore();
  await putText(await store.open('one'), 'a', 'x');
  let isListing = false;
  const backend = await store.open('two', (label, path) => {
    if (isListing && label === 'readDir' && path === STORE) store.fs.disk.mount(STORE);
  });
  expect(await leafKeys(backend)).toEqual(['a']);
  isListing = true;
  await expect(listed(backend)).rejects.toMatchObject({ code: 'unreachable' });
});

describe('C20 C62 on Windows, where a name may mean another file', () => {
  it.each(['a:b', '..\\..\\x.bat', 'd/con', 'd/aux.txt', 'ends.', 'd /x', 'd/what?', '.file-sync/versions/a:b/1~2~3'])('%j is refused', async (key) => {
    const store = new FakeStore();
    const backend = await store.open('one', undefined, 'win32');
    const refused = { code: 'name-not-allowed' };
    await expect(backend.put(key, textBody('y'), { condition: ABSENT, meta: {} })).rejects.toMatchObject(refused);
    await expect(backend.get(key)).rejects.toMatchObject(refused);
    await expect(backend.stat(key)).rejects.toMatchObject(refused);
    await expect(backend.delete(key, { version: await putText(backend, 'fine.txt', 'x') })).rejects.toMatchObject(refused);
    expect(await leafKeys(backend)).toEqual(['fine.txt']);
  });
});
