import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { SETUP, startHost } from '../testing/engine-host-kit.ts';
import { settle } from '../testing/manual-clock.ts';

describe('the engine thread', () => {
  it('opens an encrypted pair with the secret it was given, asks no keychain, and says none of it', async () => {
    const { call, composed, sent } = startHost();
    const wish = { encryption: true, compression: true, hideNames: true };
    await call('open', { ...SETUP, vault: { wish, secret: 'passphrase:hunter2 hunter2' } });
    const [{ config, options } = expect.fail('no pair')] = composed;
    expect([config.vault, config.vaultSecret?.kind, config.vaultSecret?.secret.reveal()]).toEqual([wish, 'passphrase', 'hunter2 hunter2']);
    expect(await options.keychain?.get('vault aa')).toBeNull();
    await call('vault-create', { backend: SETUP.backend, vault: { vault: 'aa', compression: true, hideNames: true, secret: 'passphrase:hunter2 hunter2', recovery: 'hunter2' } });
    expect(JSON.stringify(sent)).not.toContain('hunter2');
  });

  it('hears commands of other processes: a pause of theirs holds as one of the app, and is told', async () => {
    const { call, composed, engine, sent } = startHost();
    await call('open', SETUP);
    await settle();
    const serves = composed[0]?.options.serves;
    await serves?.pause?.(5);
    await serves?.resume?.();
    expect(engine.calls.slice(-2)).toEqual(['pause 5', 'resume']);
    expect(sent.filter(({ kind }) => kind === 'paused')).toEqual([
      { kind: 'paused', pair: SETUP.id, pause: { until: 5 } },
      { kind: 'paused', pair: SETUP.id, pause: null },
    ]);
  });

  it('opens a pair as the settings have it, and owns its folder', async () => {
    const { clock, call, composed, engine, report } = startHost();
    await call('open', SETUP);
    expect(composed[0]?.config).toMatchObject({
      source: SETUP.source,
      backend: SETUP.backend,
      settings: { conflictPolicy: 'manual', ignorePatterns: ['*.iso'], ignoreJunk: false, deviceName: 'laptop', versionsKeep: 0, direction: 'upload_only', trashDays: 30 },
      logLevel: 'info',
    });
    expect(composed[0]?.options).toMatchObject({ kind: 'app', mode: 'own', bandwidth: expect.anything() });
    expect(engine.calls).toEqual(['start']);
    expect(composed[0]?.config.settings).not.toHaveProperty('priceStorage');
    engine.say({ state: 'syncing', target: 's3://photos/ at s3.example.org', bytes: 10e9, usage: { month: '2026-11', requests: { list: 5 }, bytesUp: 0, bytesDown: 0 } });
    await clock.advance(1_000);
    expect(report()).toMatchObject({ state: 'syncing', usage: { cost: { provider: null, total: expect.closeTo(0.1) } } });
  });

  it('that is told of two changes at once has one engine for the folder in the end, which goes by the later', async () => {
    const { call, composed } = startHost();
    await call('open', SETUP);
    await Promise.all([call('open', { ...SETUP, ignorePatterns: ['first'] }), call('open', { ...SETUP, ignorePatterns: ['second'] })]);
    await settle();
    const open = composed.filter(({ closed }) => !closed);
    expect(open.map(({ config }) => config.settings.ignorePatterns)).toEqual([['second']]);
    await Promise.all([call('open', SETUP), call('close', { pair: SETUP.id })]);
    await settle();
    expect(composed.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('C28 keeps trying to open a pair whose drive is away, and says what is wrong meanwhile', async () => {
    const { call, clock, composed, report, fail } = startHost();
    fail(new SyncError('unreachable', 'the drive is not connected', { hint: 'Connect it.' }));
    await call('open', SETUP);
    await clock.advance(300);
    expect(report()).toMatchObject({ state: 'offline', error: { code: 'unreachable', message: 'the drive is not connected', hint: 'Connect it.' } });
    await expect(call('resolve', { pair: SETUP.id, path: 'a', choice: 'local' })).rejects.toMatchObject({ code: 'unreachable' });
    fail(null);
    await clock.advance(10_000);
    expect(composed).toHaveLength(1);
    expect(report()?.state).toBe('ok');
  });

  it('tries again at once when the user asks', async () => {
    const { call, clock, composed, fail } = startHost();
    fail(new SyncError('locked', 'in use by another command'));
    await call('open', SETUP);
    await clock.advance(300);
    fail(null);
    await call('sync', { pair: SETUP.id });
    await settle();
    expect(composed).toHaveLength(1);
  });

  it('opens anew with changed settings, after the old engine let go', async () => {
    const { call, composed } = startHost();
    await call('open', SETUP);
    await call('open', { ...SETUP, conflictPolicy: 'keep_both' });
    expect(composed.map(({ closed }) => closed)).toEqual([true, false]);
    await call('stop', null);
    expect(composed.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it('a mistake that nobody caught is told, and nothing ends', async () => {
    const { host, sent, call } = startHost();
    host.fault(new TypeError('x is undefined'));
    expect(sent.at(-1)).toMatchObject({ kind: 'fault', message: 'x is undefined', stack: expect.stringContaining('TypeError') });
    await call('open', SETUP);
  });
});
