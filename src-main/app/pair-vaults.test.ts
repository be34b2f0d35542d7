import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { keyOf, VAULT_ID } from '../testing/keyring-kit.ts';
import { PairVaults, protectionView, settingOf } from './pair-vaults.ts';
import { revealed } from './vault-setup.ts';

const PLAN = { kind: 'join', vault: VAULT_ID, compression: false, hideNames: true, secret: keyOf('a') } as const;

describe('the secrets of encrypted pairs', () => {
  it.each(['keychain', 'session'] as const)('kept in the %s open the pair, and the settings hold none of it', async (place) => {
    const vaults = new PairVaults(memoryKeychain());
    await vaults.keep('p', PLAN, place);
    const setting = settingOf(PLAN, place);
    expect(await vaults.setup('p', setting)).toEqual({ wish: { encryption: true, compression: false, hideNames: true }, secret: revealed(PLAN.secret) });
    expect(JSON.stringify(setting)).not.toContain('aaaa');
  });

  it('are not made up: without them nothing is opened', async () => {
    const vaults = new PairVaults(memoryKeychain());
    for (const place of ['keychain', 'session'] as const) await expect(vaults.setup('p', settingOf(PLAN, place))).rejects.toMatchObject({ code: 'config' });
  });

  it('C74 a keychain that cannot be used is told so, and that nothing is synced', async () => {
    const locked = { ...memoryKeychain(), get: () => Promise.reject(new SyncError('refused', 'the keychain is locked')) };
    const vaults = new PairVaults(locked);
    await expect(vaults.setup('p', settingOf(PLAN, 'keychain'))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('encrypted'),
      hint: expect.stringContaining('Nothing is synced'),
    });
    await vaults.keep('p', PLAN, 'session');
    expect((await vaults.setup('p', settingOf(PLAN, 'keychain'))).secret).toBe(revealed(PLAN.secret));
  });

  it('stay in the keychain when a pair ends, and end with it in memory', async () => {
    const vaults = new PairVaults(memoryKeychain());
    await vaults.keep('p', PLAN, 'keychain');
    await vaults.keep('q', PLAN, 'session');
    vaults.forget('p');
    vaults.forget('q');
    expect((await vaults.setup('p', settingOf(PLAN, 'keychain'))).secret).toBe(revealed(PLAN.secret));
    await expect(vaults.setup('q', settingOf(PLAN, 'session'))).rejects.toMatchObject({ code: 'config' });
  });

  it('are needed for encrypted pairs alone', async () => {
    const vaults = new PairVaults(memoryKeychain());
    expect(await vaults.setup('p', null)).toEqual({ wish: { encryption: false, compression: false, hideNames: false }, secret: null });
    expect(await vaults.setup('p', settingOf({ kind: 'compressed' }, 'keychain'))).toEqual({ wish: { encryption: false, compression: true, hideNames: false }, secret: null });
  });
});

describe('what a window shows of a vault', () => {
  it('is what was found before what was expected', () => {
    const setting = settingOf(PLAN, 'session');
    expect(protectionView(null, null)).toBeNull();
    expect(protectionView(setting, null)).toEqual({ encrypted: true, compressed: false, hidesNames: true, vault: '00112233', keep: 'session' });
    expect(protectionView({ kind: 'compressed' }, null)).toEqual({ encrypted: false, compressed: true, hidesNames: false, vault: null, keep: null });
    expect(protectionView(setting, { encryption: true, compression: true, hideNames: false })).toMatchObject({ encrypted: true, compressed: true, hidesNames: false });
    expect(protectionView(null, { encryption: false, compression: true, hideNames: false })).toMatchObject({ encrypted: false, compressed: true });
  });
});
