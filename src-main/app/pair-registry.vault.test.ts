import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { keyOf, VAULT_ID } from '../testing/keyring-kit.ts';
import { settle } from '../testing/manual-clock.ts';
import { PAIR, startService } from '../testing/service-kit.ts';
import { revealed } from './vault-setup.ts';

describe('encrypted pairs', () => {
  const PLACE = { source: '/s', target: { kind: 'local', folder: '/t' } } as const;
  const OPTIONS = { name: 'Photos', conflictPolicy: 'keep_both' } as const;
  const NEW = { kind: 'new', vault: VAULT_ID, compression: true, hideNames: true, secret: keyOf('a'), recovery: keyOf('c') } as const;
  const locked = (): Keychain => ({ ...memoryKeychain(), set: () => Promise.reject(new SyncError('refused', 'the keychain is locked')) });
  const SETTING = { kind: 'encrypted', vault: VAULT_ID, compression: true, hideNames: true, keep: 'keychain' } as const;

  it('are made before they are opened, with a secret that is in no settings file', async () => {
    const { service, calls, written } = startService();
    await service.registry.add(PLACE, { ...OPTIONS, keep: 'keychain', vault: NEW });
    await settle();
    expect(calls.map(([name]) => name)).toEqual(['check', 'vault-create', 'open']);
    expect(calls[1]?.[1]).toMatchObject({ backend: PLACE.target, vault: { vault: VAULT_ID, secret: revealed(NEW.secret), recovery: revealed(NEW.recovery) } });
    expect(calls[2]?.[1]).toMatchObject({ vault: { wish: { encryption: true, compression: true, hideNames: true }, secret: revealed(NEW.secret) } });
    expect(written.at(-1)?.pairs[0]?.protection).toEqual(SETTING);
    expect(JSON.stringify([written, service.state])).not.toMatch(/aaaaaaaaaaaaaaaaaaaaaaaa|cccccccccccccccccccccccc/);
    expect(service.state.pairs[0]?.protection).toMatchObject({ encrypted: true, vault: VAULT_ID.slice(0, 8) });
  });

  it('C74 are not made where the keychain takes no secret, unless it is to be kept for the session', async () => {
    const { service, calls, written } = startService({}, locked());
    expect(await service.registry.add(PLACE, { ...OPTIONS, keep: 'keychain', vault: NEW })).toMatchObject({ kind: 'no-keychain' });
    expect([calls.map(([name]) => name), written.flatMap(({ pairs }) => pairs)]).toEqual([['check'], []]);
    expect(await service.registry.add(PLACE, { ...OPTIONS, keep: 'session', vault: NEW })).toMatchObject({ kind: 'added' });
  });

  it('are not added, and leave nothing in the keychain, when their vault cannot be made', async () => {
    const keychain = memoryKeychain();
    const { service, written, failing } = startService({}, keychain);
    failing.set('vault-create', new SyncError('exists', 'something else was put there'));
    await expect(service.registry.add(PLACE, { ...OPTIONS, keep: 'keychain', vault: NEW })).rejects.toMatchObject({ code: 'exists' });
    expect([written.flatMap(({ pairs }) => pairs), await keychain.get(`vault ${VAULT_ID}`)]).toEqual([[], null]);
  });

  it('C74 wait without their secret, are never opened in the clear, and go on with what is typed', async () => {
    const { service, calls } = startService({ pairs: [{ ...PAIR, protection: { ...SETTING, keep: 'session' } }] });
    service.engineStarted();
    await settle();
    expect(calls.map(([name]) => name)).toEqual(['limit']);
    expect(service.state.pairs[0]).toMatchObject({ state: 'error', wantsSecret: true, error: { code: 'config' } });
    expect(await service.registry.unlock(PAIR.id, 'typed', 'session')).toEqual({ kind: 'changed' });
    await settle();
    expect(calls.slice(1)).toMatchObject([
      ['vault-open', { text: 'typed', backend: PAIR.backend }],
      ['open', { vault: { wish: { encryption: true, compression: true, hideNames: false }, secret: revealed(keyOf('b')) } }],
    ]);
  });

  it('C64 do not take the secret of another vault', async () => {
    const { service, calls, written } = startService({ pairs: [{ ...PAIR, protection: { ...SETTING, vault: 'e'.repeat(32) } }] });
    await expect(service.registry.unlock(PAIR.id, 'typed', 'keychain')).rejects.toMatchObject({ code: 'remote-replaced' });
    expect([calls.map(([name]) => name), written]).toEqual([['vault-open'], []]);
  });
});
