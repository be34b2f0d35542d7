import { describe, expect, it } from 'vitest';
import type { Version } from '../../core/entry.ts';
import { SyncError } from '../../core/errors.ts';
import { nodeHasher } from '../../platform/node-hash.ts';
import { Crash, type Step } from '../../testing/fake-fs.ts';
import { FakeStore, STORE } from '../../testing/local-store.ts';
import { watchNames } from '../../testing/unsynced-names.ts';
import type { Backend } from '../backend.ts';
import { ABSENT, leafKeys, match, noise, putText, textAt, textBody, versionAt } from '../conformance/kit.ts';
import { openLocalBackend } from './local-backend.ts';

const KEPT = '.file-sync/versions/f/a/1~2~r';
const OLD = 'the old content';
const NEW = 'the new content';

interface Scenario {
  readonly name: string;
  readonly act: (backend: Backend, version: Version) => Promise<unknown>;
  /** What may lie at f/a at any moment, null for nothing. */
  readonly atKey: readonly (string | null)[];
  /** Content that must be under some key at any moment. */
  readonly owed: readonly string[];
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'put of a new key', act: (b) => b.put('f/new', textBody(NEW), { condition: ABSENT, meta: { op: '1' } }), atKey: [OLD], owed: [OLD] },
  { name: 'replacement', act: (b, v) => b.put('f/a', textBody(NEW), { condition: match(v), meta: {} }), atKey: [OLD, NEW], owed: [] },
  { name: 'replacement that keeps', act: (b, v) => b.put('f/a', textBody(NEW), { condition: match(v), meta: {}, keepAs: KEPT }), atKey: [OLD, NEW], owed: [OLD] },
  { name: 'removal', act: (b, v) => b.delete('f/a', { version: v }), atKey: [OLD, null], owed: [] },
  { name: 'removal that keeps', act: (b, v) => b.delete('f/a', { version: v, keepAs: KEPT }), atKey: [OLD, null], owed: [OLD] },
  { name: 'move', act: async (b, v) => b.move?.({ key: 'f/a', version: v }, 'g/b', { meta: {} }), atKey: [OLD, null], owed: [OLD] },
  { name: 'copy', act: (b, v) => b.copy({ key: 'f/a', version: v }, 'g/b', { condition: ABSENT }), atKey: [OLD], owed: [OLD] },
];

/** Everything under keys and versions, without locks, journals and temporary files. */
function contents(store: FakeStore): string[] {
  return Object.entries(store.fs.tree(STORE, { all: true }))
    .filter(([path]) => !path.startsWith('.file-sync/local/') && !path.endsWith('/'))
    .map(([, text]) => text);
}

async function prepared(hardLinks: boolean): Promise<{ store: FakeStore; version: Version }> {
  const store = new FakeStore({ hardLinks });
  const other = await store.open('other');
  return { store, version: await putText(other, 'f/a', OLD, { meta: { op: '0', mtime: '1700000000000000000' } }) };
}

describe.each([true, false])('a client that dies, hard links: %s', (hardLinks) => {
  it.each(SCENARIOS)('C48 C57 between any two calls of a $name', async ({ act, atKey, owed }) => {
    for (let dieAt = 1; ; dieAt++) {
      const { store, version } = await prepared(hardLinks);
      let calls = 0;
      let armed = false;
      const step: Step = () => {
        if (armed && ++calls >= dieAt) throw new Crash('dead');
      };
      const dying = await store.open('dying', step);
      armed = true;
      const outcome = await act(dying, version).catch((error: unknown) => error);
      const died = outcome instanceof Crash;
      const at = store.fs.edit.exists(`${STORE}/f/a`) ? store.fs.edit.read(`${STORE}/f/a`) : null;
      expect(atKey, `call ${dieAt}`).toContain(at);
      for (const text of owed) expect(contents(store), `call ${dieAt}`).toContain(text);
      for (const text of contents(store)) expect([OLD, NEW], `call ${dieAt}: half a file`).toContain(text);
      await expectUsable(store, at);
      if (!died) break;
      expect(dieAt).toBeLessThan(120);
    }
  });

  it.each(SCENARIOS)('C55 no room at any write of a $name: nothing half replaced, no temporary file left', async ({ act, atKey, owed }) => {
    for (let failAt = 1; failAt < 12; failAt++) {
      const { store, version } = await prepared(hardLinks);
      let writes = 0;
      const step: Step = (label, path) => {
        if (['write', 'sync', 'create', 'link', 'mkdir', 'copyFile', 'openAppend'].includes(label) && ++writes === failAt) throw new SyncError('disk-full', 'no room', { path });
      };
      const backend = await store.open('full', step);
      const outcome = await act(backend, version).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'disk-full' });
      const at = store.fs.edit.exists(`${STORE}/f/a`) ? store.fs.edit.read(`${STORE}/f/a`) : null;
      expect(atKey).toContain(at);
      if (outcome instanceof Error) expect(at).toBe(OLD);
      for (const text of owed) expect(contents(store)).toContain(text);
      for (const text of contents(store)) expect([OLD, NEW]).toContain(text);
      expect(privateFiles(store)).toEqual([]);
    }
  });
});

/** Files of ours that only a dead client may leave. */
function privateFiles(store: FakeStore): string[] {
  return Object.keys(store.fs.tree(STORE, { all: true })).filter((path) => /^\.file-sync\/local\/(tmp|locks)\/./.test(path));
}

/** Another device, and the dead one when it is started again, can go on at once. */
async function expectUsable(store: FakeStore, at: string | null): Promise<void> {
  const other = await store.open('other');
  expect(await textAt(other, 'f/a')).toBe(at);
  const next = at === null ? await putText(other, 'f/a', 'after') : await putText(other, 'f/a', 'after', { condition: match(await versionAt(other, 'f/a')) });
  expect(await other.delete('f/a', { version: next })).toEqual({ kind: 'done' });
  await putText(await store.open('dying'), 'f/again', 'after');
  const temps = privateFiles(store).filter((path) => path.startsWith('.file-sync/local/tmp/'));
  expect(temps).toEqual([]);
}

it.each(SCENARIOS)('C49 a $name that was reported as done is done: the names it changed are synced', async ({ act, owed }) => {
  for (const hardLinks of [true, false]) {
    const { store, version } = await prepared(hardLinks);
    const { fs, unsynced } = watchNames(store.fs.view());
    const backend = await openLocalBackend({ fs, clock: store.clock, random: store.random, newHasher: nodeHasher, root: STORE, client: 'one' });
    expect(await act(backend, version)).toMatchObject({ kind: 'done' });
    // Temporary files, locks and journals are hints or rubbish after a power cut.
    expect([...unsynced].filter((folder) => !folder.startsWith(`${STORE}/.file-sync/local`))).toEqual([]);
    for (const text of owed) expect(contents(store)).toContain(text);
  }
});

describe('room and leftovers', () => {
  it('C55 a full disk still lets objects be removed', async () => {
    const { store, version } = await prepared(true);
    const backend = await store.open('one');
    store.fs.disk.capacity = 0;
    await expect(backend.put('f/b', textBody(NEW), { condition: ABSENT, meta: {} })).rejects.toMatchObject({ code: 'disk-full' });
    expect(await backend.delete('f/a', { version })).toEqual({ kind: 'done' });
    expect(privateFiles(store)).toEqual([]);
    store.fs.disk.capacity = Number.POSITIVE_INFINITY;
    await putText(backend, 'f/b', NEW);
    expect(await textAt(backend, 'f/b')).toBe(NEW);
  });

  it('C49 a power cut right after "done" leaves the whole new object', async () => {
    const { store, version } = await prepared(true);
    const backend = await store.open('one');
    const bytes = noise(300_000, 'cut');
    await backend.put(
      'f/a',
      {
        size: bytes.length,
        open: async function* () {
          yield bytes;
        },
      },
      { condition: match(version), meta: {}, keepAs: KEPT },
    );
    store.fs.powerCut();
    const after = await store.open('two');
    expect((await after.stat('f/a'))?.size).toBe(bytes.length);
    expect(await textAt(after, 'f/a')).toBe(Buffer.from(bytes).toString());
    expect(await textAt(after, KEPT)).toBe(OLD);
  });

  it('C49 a power cut without hard links keeps the whole old object', async () => {
    const { store, version } = await prepared(false);
    const backend = await store.open('one');
    await putText(backend, 'f/a', NEW, { condition: match(version), keepAs: KEPT });
    store.fs.powerCut();
    expect(await textAt(await store.open('two'), KEPT)).toBe(OLD);
  });

  it("sweeps its own leftovers with the first write, and nobody else's", async () => {
    const { store } = await prepared(true);
    const tmp = `${STORE}/.file-sync/local/tmp`;
    for (const name of ['one-0123456789abcdef', 'one-b-0123456789abcdef', 'two-0123456789abcdef', 'one-notes.txt']) store.fs.edit.write(`${tmp}/${name}`, 'x');
    const backend = await store.open('one');
    await leafKeys(backend);
    // One that only looks may share its name with one that is at work.
    expect(store.fs.edit.exists(`${tmp}/one-0123456789abcdef`)).toBe(true);
    await putText(backend, 'b', 'x');
    expect(Object.keys(store.fs.tree(tmp))).toEqual(['one-b-0123456789abcdef', 'one-notes.txt', 'two-0123456789abcdef']);
  });

  it('sweeps nothing of what it is writing at the same time', async () => {
    const { store } = await prepared(true);
    store.fs.edit.write(`${STORE}/.file-sync/local/tmp/one-0123456789abcdef`, 'left over');
    const backend = await store.open('one', async (label) => {
      // The sweep looks while files wait for their names.
      for (let i = label === 'readDir' ? 5 : label === 'link' ? 30 : 0; i > 0; i--) await new Promise((resolve) => setImmediate(resolve));
    });
    const keys = Array.from({ length: 8 }, (_, i) => `new/${i}`);
    await Promise.all(keys.map((key) => putText(backend, key, key)));
    expect(await leafKeys(backend, 'new/')).toEqual(keys);
    expect(privateFiles(store)).toEqual([]);
  });

  it('gives back to the tree what was put aside and is not what was meant', async () => {
    const { store } = await prepared(true);
    store.fs.edit.write(`${STORE}/.file-sync/local/tmp/one-taken-zz.1.1-0123456789abcdef`, 'somebody wrote this in between');
    const backend = await store.open('one');
    await putText(backend, 'b', 'x');
    const rescued = (await leafKeys(backend)).filter((key) => key.startsWith('rescued-'));
    expect(rescued).toHaveLength(1);
    expect(await textAt(backend, rescued[0] ?? '')).toBe('somebody wrote this in between');
  });
});
