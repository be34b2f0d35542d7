import { describe, expect, it } from 'vitest';
import { relPath } from '../../core/rel-path.ts';
import { Feed } from '../../remote/feed.ts';
import { FEED_PREFIX } from '../../remote/keys.ts';
import { BenchWorld } from '../../testing/bench-pair.ts';
import { FORMS, sealedOn, testCodec } from '../../testing/sealed-kit.ts';
import { ABSENT, bytesOf, leafKeys, putText } from '../conformance/kit.ts';
import { createMemoryStore } from '../memory/memory-backend.ts';
import type { SealedBackend } from './sealed.ts';

const HIDDEN = FORMS['with hidden names'];
const NOW = 1_700_000_000_000;

describe('the change feed of an encrypted vault', () => {
  const world = (): { readonly store: ReturnType<typeof createMemoryStore>; readonly reader: Feed; readonly writer: Feed } => {
    const store = createMemoryStore({ now: () => NOW });
    const feed = (backend: SealedBackend, device: string): Feed => new Feed({ backend, now: async () => NOW, device, writer: device });
    const reader = feed(sealedOn(store.client(), HIDDEN), 'reader');
    reader.listed(NOW);
    return { store, reader, writer: feed(sealedOn(store.client(), HIDDEN), 'writer') };
  };
  const CHANGES = [{ path: relPath('a/b') }];

  it('is read by devices, and by nobody else', async () => {
    const { store, reader, writer } = world();
    await writer.announce(CHANGES);
    expect(await reader.news(() => null)).toEqual(new Set(['a/b']));
    for (const key of store.keys) expect(Buffer.from(store.peek(key)?.body ?? []).includes('a/b')).toBe(false);
  });

  it('C64 an entry that is forged, changed or repeated under another name says nothing: everything is looked at', async () => {
    const said = JSON.stringify({ format: 1, device: 'writer', paths: [['a/b']] });
    for (const forge of [
      () => ({ body: Buffer.from(said), meta: {} }),
      (body: Uint8Array) => ({ body: body.map((byte, at) => (at === body.length - 1 ? byte ^ 1 : byte)), meta: {} }),
      (body: Uint8Array) => ({ body, meta: {} }),
    ]) {
      const { store, reader, writer } = world();
      await writer.announce(CHANGES);
      await reader.news(() => null);
      const [honest = ''] = store.keys;
      const { body, meta } = forge(store.peek(honest)?.body ?? Buffer.alloc(0));
      store.write(`${FEED_PREFIX}${NOW}-writer-7`, { kind: 'absent' }, body, meta);
      expect(await reader.news(() => null)).toBeNull();
    }
  });
});

describe('what a device of the vault itself stores, gone mad', () => {
  it('C62 no object with a long name gets a path that leads out of the folder, or into ours', async () => {
    const store = createMemoryStore({ now: () => NOW });
    const backend = sealedOn(store.client(), HIDDEN);
    const key = `d/${'long '.repeat(60)}`;
    await putText(backend, key, 'x');
    const [stored = ''] = store.keys;
    expect(stored).toMatch(/^\.l\//);
    for (const path of ['../../x', '/x', 'a/../b', '.file-sync/vault.json', `d/${'other '.repeat(60)}`]) {
      const opened = testCodec(HIDDEN).names.openKey(stored);
      expect(opened.kind === 'in-head' ? opened.keyOf(path) : path, path).toBeNull();
    }
    expect(await leafKeys(backend)).toEqual([key]);
  });

  it('C63 a link and a file below it: nothing is written through the link', async () => {
    const world = new BenchWorld();
    const backend = sealedOn(world.store.client(), HIDDEN);
    const meta = { mtime: '1700000000000000000' };
    await putText(backend, 'd', '../outside', { meta: { ...meta, kind: 'symlink' }, condition: ABSENT });
    await putText(backend, 'd/secret', 'into the folder', { meta, condition: ABSENT });
    world.fs.edit.mkdir('/outside');
    const a = world.device('a');
    await (await a.open(sealedOn(world.store.client(), HIDDEN))).syncAll();
    expect(world.fs.tree('/outside')).toEqual({});
    const object = await backend.get('d/secret');
    expect(object === null ? null : (await bytesOf(object.chunks)).toString()).toBe('into the folder');
  });
});
