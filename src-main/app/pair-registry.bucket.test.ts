import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { settle } from '../testing/manual-clock.ts';
import { PAIR, startService } from '../testing/service-kit.ts';
import type { S3Plan } from './pair-plan.ts';

describe('a pair with a bucket', () => {
  /** As a window shows it. */
  const SHOWN = { kind: 's3', provider: 'b2', bucket: 'photos', prefix: '', endpoint: 'https://s3.example.org', region: 'r' } as const;
  const PLACE = { ...SHOWN, forcePathStyle: null, proxy: null, caFile: null } as const;
  const keys = (secret: string): S3Plan['signIn'] => ({ kind: 'keys', keys: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: new Secret(secret), sessionToken: null } });
  const plan = (secret = 'hunter2'): S3Plan => ({ ...PLACE, signIn: keys(secret) });
  const TRIED = { keep: 'keychain', untried: false } as const;
  const options = { name: 'Photos', conflictPolicy: 'keep_both', keep: 'keychain' } as const;
  /** A keychain that can be locked, and tells what it holds. */
  function lockable() {
    const inner = memoryKeychain();
    const held = new Set<string>();
    const state = { locked: false, asked: 0 };
    const guard = <T>(work: () => Promise<T>): Promise<T> => {
      state.asked++;
      return state.locked ? Promise.reject(new SyncError('refused', 'the keychain is locked', { hint: 'Unlock it.' })) : work();
    };
    const keychain: Keychain = {
      get: (account) => guard(() => inner.get(account)),
      set: (account, secret) => guard(() => inner.set(account, secret).then(() => void held.add(account))),
      delete: (account) => guard(() => inner.delete(account).then(() => void held.delete(account))),
    };
    return { keychain, held, state };
  }
  const sentKeys = (calls: readonly [string, unknown][]) =>
    calls.filter(([name]) => name === 'open').map(([, input]) => (input as { backend: { credentials: { kind: string; secretAccessKey?: string } } }).backend.credentials);

  it('keeps its keys in the keychain under a random account, and hands them to the engine thread alone', async () => {
    const { keychain, held } = lockable();
    const { service, calls, written } = startService({}, keychain);
    await service.registry.add({ source: '/s', target: plan() }, options);
    await settle();
    const backend = written.at(-1)?.pairs[0]?.backend;
    expect(backend).toEqual({ ...PLACE, credentials: { kind: 'keychain', account: expect.stringMatching(/^s3-[0-9a-f]{16}$/) } });
    expect(held.size).toBe(1);
    expect(sentKeys(calls)).toEqual([{ kind: 'keys', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'hunter2', sessionToken: null }]);
    expect(JSON.stringify([written, service.state])).not.toContain('hunter2');
    expect(JSON.stringify(service.state)).not.toContain('AKIAEXAMPLE');
    expect(service.state.pairs[0]?.storage).toEqual({ ...SHOWN, signIn: { kind: 'keychain' } });
  });

  it('C74 is not added while the keychain does not take the keys, and may be for this session only', async () => {
    const { keychain, state } = lockable();
    const { service, calls, written } = startService({}, keychain);
    state.locked = true;
    await expect(service.registry.add({ source: '/s', target: plan() }, options)).resolves.toMatchObject({
      kind: 'no-keychain',
      error: { message: 'the keychain is locked', hint: 'Unlock it.' },
    });
    expect(written.flatMap(({ pairs }) => pairs)).toEqual([]);
    await expect(service.registry.add({ source: '/s', target: plan() }, { ...options, keep: 'session' })).resolves.toMatchObject({ kind: 'added' });
    expect(written.at(-1)?.pairs[0]?.backend).toMatchObject({ credentials: { kind: 'session' } });
    expect(sentKeys(calls)).toMatchObject([{ secretAccessKey: 'hunter2' }]);
    service.engineStarted();
    await settle();
    expect(sentKeys(calls)).toHaveLength(2);
  });

  it('is not added where the settings cannot be written, which would forget it: no key is kept, and nothing begun', async () => {
    const { keychain, held } = lockable();
    const { service, calls, disk } = startService({}, keychain);
    disk.isFull = true;
    await expect(service.registry.add({ source: '/s', target: plan() }, options)).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('would be forgotten'),
    });
    expect([held.size, calls.map(([name]) => name), service.state.pairs]).toEqual([0, ['check'], []]);
    disk.isFull = false;
    await expect(service.registry.add({ source: '/s', target: plan() }, options)).resolves.toMatchObject({ kind: 'added' });
  });

  it('keeps its sign-in where the settings cannot be written, which would name keys that are gone', async () => {
    const { keychain, held } = lockable();
    const { service, calls, disk } = startService({}, keychain);
    const added = await service.registry.add({ source: '/s', target: plan('old') }, options);
    await settle();
    const [before, told] = [[...held], calls.length];
    disk.isFull = true;
    const id = added.kind === 'added' ? added.pair : '';
    await expect(service.registry.changeSignIn(id, keys('new'), TRIED)).rejects.toMatchObject({ code: 'disk-full' });
    expect([[...held], calls.length]).toEqual([before, told]);
  });

  it('C74 waits with the reason while the keychain is locked, and goes on by itself when it is not', async () => {
    const { keychain, state } = lockable();
    const first = startService({}, keychain);
    await first.service.registry.add({ source: '/s', target: plan() }, options);
    const { service, calls, clock } = startService({ pairs: first.store.now.pairs }, keychain);
    state.locked = true;
    service.engineStarted();
    await settle();
    const id = first.store.now.pairs[0]?.id ?? '';
    expect(service.state.pairs[0]).toMatchObject({ state: 'error', error: { code: 'refused', message: 'the keychain is locked', hint: 'Unlock it.' } });
    await service.pause(id, null);
    await service.resume(id);
    await expect(service.activity({ pair: id, search: '', only: 'all', list: null, from: 0, limit: 10 })).resolves.toEqual({ list: 0, total: 0, items: [] });
    expect(sentKeys(calls)).toEqual([]);
    state.locked = false;
    await clock.advance(15_000);
    await settle();
    expect(sentKeys(calls)).toMatchObject([{ secretAccessKey: 'hunter2' }]);
  });

  it('C74 asks a locked keychain ever more rarely, and at once when the user wants it', async () => {
    const { keychain, state } = lockable();
    const first = startService({}, keychain);
    await first.service.registry.add({ source: '/s', target: plan() }, options);
    const { service, calls, clock } = startService({ pairs: first.store.now.pairs }, keychain);
    state.locked = true;
    state.asked = 0;
    service.engineStarted();
    for (let minute = 0; minute < 60; minute++) {
      await clock.advance(60_000);
      await settle();
    }
    expect(state.asked).toBeGreaterThan(3);
    expect(state.asked).toBeLessThan(12);
    state.locked = false;
    await service.syncNow(null);
    await settle();
    expect(sentKeys(calls)).toHaveLength(1);
  });

  it('whose keys were kept for a session asks for them after the next start', async () => {
    const { service } = startService({ pairs: [{ ...PAIR, backend: { ...PLACE, credentials: { kind: 'session' } } }] });
    service.engineStarted();
    await settle();
    expect(service.state.pairs[0]).toMatchObject({ state: 'error', error: { code: 'config', message: expect.stringContaining('one session only') } });
  });

  it('C54 takes other keys, is opened anew with them, and the old ones leave the keychain', async () => {
    const { keychain, held, state } = lockable();
    const { service, calls, store } = startService({}, keychain);
    await service.registry.add({ source: '/s', target: plan('expired') }, options);
    await settle();
    const id = store.now.pairs[0]?.id ?? '';
    const [old] = held;
    await expect(service.registry.changeSignIn(id, keys('fresh'), TRIED)).resolves.toEqual({ kind: 'changed' });
    await settle();
    expect(sentKeys(calls).map(({ secretAccessKey }) => secretAccessKey)).toEqual(['expired', 'fresh']);
    expect(held.size).toBe(1);
    expect(held.has(old ?? '')).toBe(false);
    expect(await service.registry.keyId(id)).toBe('AKIAEXAMPLE');
    state.locked = true;
    expect(await service.registry.keyId(id)).toBeNull();
    await expect(service.registry.changeSignIn(id, keys('third'), TRIED)).resolves.toMatchObject({ kind: 'no-keychain' });
    expect(sentKeys(calls)).toHaveLength(2);
    state.locked = false;
    await service.registry.changeSignIn(id, { kind: 'profile', name: 'work' }, TRIED);
    expect(store.now.pairs[0]?.backend).toMatchObject({ credentials: { kind: 'profile', name: 'work' } });
    expect(held.size).toBe(0);
  });

  it('C54 keeps the keys it has where the store refuses the others, and where it cannot be asked unless it is meant', async () => {
    const { keychain, held } = lockable();
    const { service, calls, store, failing } = startService({}, keychain);
    await service.registry.add({ source: '/s', target: plan('works') }, options);
    await settle();
    const id = store.now.pairs[0]?.id ?? '';
    const before = [...held];
    failing.set('storage-sign-in', new SyncError('refused', 's3.example.org does not accept the secret key'));
    await expect(service.registry.changeSignIn(id, keys('wrong'), TRIED)).rejects.toMatchObject({ code: 'refused' });
    failing.set('storage-sign-in', new SyncError('unreachable', 's3.example.org does not answer'));
    await expect(service.registry.changeSignIn(id, keys('wrong'), TRIED)).resolves.toMatchObject({ kind: 'untried', error: { code: 'unreachable' } });
    await settle();
    expect([...held]).toEqual(before);
    expect(sentKeys(calls).map(({ secretAccessKey }) => secretAccessKey)).toEqual(['works']);
    const tried = calls.filter(([name]) => name === 'storage-sign-in').map(([, input]) => input);
    expect(tried).toHaveLength(2);
    expect(tried[0]).toMatchObject({ bucket: 'photos', endpoint: PLACE.endpoint, credentials: { secretAccessKey: 'wrong' } });
    await expect(service.registry.changeSignIn(id, keys('later'), { ...TRIED, untried: true })).resolves.toEqual({ kind: 'changed' });
    await settle();
    expect(sentKeys(calls).map(({ secretAccessKey }) => secretAccessKey)).toEqual(['works', 'later']);
    expect(calls.filter(([name]) => name === 'storage-sign-in')).toHaveLength(2);
  });

  it('takes its keys out of the keychain when it is removed, or says that they are left', async () => {
    const { keychain, held, state } = lockable();
    const { service, store } = startService({}, keychain);
    await service.registry.add({ source: '/s', target: plan() }, options);
    await service.registry.add({ source: '/s', target: plan() }, { ...options, name: 'More' });
    await service.registry.remove(store.now.pairs[0]?.id ?? '');
    expect(held.size).toBe(1);
    state.locked = true;
    await service.registry.remove(store.now.pairs[0]?.id ?? '');
    expect(store.now.pairs).toEqual([]);
    expect(service.state.notices).toMatchObject([{ kind: 'keys-left', detail: 'More' }]);
  });

  it('cannot be shown in the file manager', () => {
    const { service } = startService({ pairs: [{ ...PAIR, backend: { ...PLACE, credentials: { kind: 'chain' } } }] });
    expect(service.path(PAIR.id, 'source')).toBe(PAIR.source);
    expect(() => service.path(PAIR.id, 'target')).toThrow(SyncError);
  });
});
