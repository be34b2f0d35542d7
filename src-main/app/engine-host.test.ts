import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { SETUP, startHost } from '../testing/engine-host-kit.ts';
import { settle } from '../testing/manual-clock.ts';
import type { PairSetup } from './engine-protocol.ts';

/** Quiet hours that hold at noon, where the clock of a test stands. */
const NOON = { cron: null, timeZone: 'UTC', quiet: ['11:00-18:00'] };

/** A pair whose old engine does not let go of the folder until `opened` is called; what the engines are told counts from there. */
async function replacing(change: Partial<PairSetup>) {
  const host = startHost();
  const { call, engine } = host;
  await call('open', SETUP);
  await settle();
  let letGo = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  engine.stop = () => stopped;
  const opening = call('open', { ...SETUP, ...change });
  await settle();
  engine.calls.length = 0;
  const opened = async (): Promise<void> => {
    letGo();
    await opening;
    await settle();
  };
  return { ...host, opened };
}

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

  it.each([
    ['a pause', {}, 'pause', { until: 5 }, ['pause 5', 'start']],
    ['sleep of the machine', {}, 'hold', { reasons: ['sleep'] }, ['pause for good', 'start']],
    ['a battery that holds it no longer', { holds: ['battery'] }, 'hold', { reasons: [] }, ['start']],
    ['the end of a pause', { pause: { until: null } }, 'resume', {}, ['start']],
    ['a sync in quiet hours', { schedule: NOON }, 'sync', {}, ['start', 'pause for good', 'resume', 'sync', 'pause for good']],
  ] as const)('hears of %s while an engine is replaced, and the new one obeys', async (_, next, word, what, obeyed) => {
    const { call, engine, opened } = await replacing(next);
    await call(word, { pair: SETUP.id, ...what } as never);
    expect(engine.calls).toEqual([]);
    await opened();
    expect(engine.calls).toEqual(obeyed);
  });

  it('hears the last word of several, also between two changes of the settings', async () => {
    const { call, composed, engine, opened } = await replacing({ conflictPolicy: 'keep_both' });
    const nextYear = Date.UTC(2027, 0, 1);
    await call('pause', { pair: SETUP.id, until: 5 });
    await call('hold', { pair: SETUP.id, reasons: ['battery'] });
    await call('sync', { pair: SETUP.id });
    const later = call('open', { ...SETUP, ignorePatterns: ['later'], schedule: NOON, pause: { until: 5 }, holds: ['battery'] });
    await call('pause', { pair: SETUP.id, until: nextYear });
    await call('hold', { pair: SETUP.id, reasons: [] });
    await opened();
    await later;
    expect(composed.filter(({ closed }) => !closed).map(({ config }) => config.settings.ignorePatterns)).toEqual([['later']]);
    expect(engine.calls.slice(-6)).toEqual([`pause ${nextYear}`, 'start', 'pause for good', `pause ${nextYear}`, 'sync', 'pause for good']);
  });

  it('hears a command that reaches the old engine while it is replaced', async () => {
    const { composed, engine, opened, sent } = await replacing({});
    await composed[0]?.options.serves?.pause?.(5);
    await opened();
    expect(engine.calls).toEqual(['pause 5', 'start']);
    expect(sent.filter(({ kind }) => kind === 'paused')).toEqual([{ kind: 'paused', pair: SETUP.id, pause: { until: 5 } }]);
  });

  it('says of a folder whose engine is replaced that it is being opened, and closes it when told to', async () => {
    const { call, composed, opened } = await replacing({});
    await expect(call('resolve', { pair: SETUP.id, path: 'a', choice: 'local' })).rejects.toMatchObject({ code: 'busy' });
    expect(await call('activity', { pair: SETUP.id, list: null, from: 0, limit: 10, search: '', failedOnly: false } as never)).toMatchObject({ total: 0 });
    const closed = call('close', { pair: SETUP.id });
    await opened();
    await closed;
    expect(composed.filter((each) => !each.closed)).toEqual([]);
    await expect(call('pause', { pair: SETUP.id, until: null })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('a mistake that nobody caught is told, and nothing ends', async () => {
    const { host, sent, call } = startHost();
    host.fault(new TypeError('x is undefined'));
    expect(sent.at(-1)).toMatchObject({ kind: 'fault', message: 'x is undefined', stack: expect.stringContaining('TypeError') });
    await call('open', SETUP);
  });
});
