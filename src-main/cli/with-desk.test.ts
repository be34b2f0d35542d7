import { describe, expect, it } from 'vitest';
import type { Owner } from '../control/control-client.ts';
import type { PairDesk } from '../control/pair-desk.ts';
import type { RestoreRequest } from '../control/restore-request.ts';
import { SyncError } from '../core/errors.ts';
import type { PairStatus } from '../core/events.ts';
import { relPath } from '../core/rel-path.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { calmStatus } from '../testing/fake-engine.ts';
import { runCli } from './program.ts';
import { emptyReport, soundVerdict, testCli } from './test-context.ts';

/** Somebody who owns the folder, and what it was asked. */
function owned({ state = 'ok', desk: change = {}, isLost = false }: { readonly state?: PairStatus['state']; readonly desk?: Partial<PairDesk>; readonly isLost?: boolean } = {}) {
  const asked: unknown[] = [];
  const restored = { planned: [], done: [], left: [], held: null, report: null, again: [] };
  const desk = {
    source: '/src',
    look: async () => ({ status: { ...calmStatus(), state }, protection: null, codec: null, schedule: null }),
    sync: async () => {
      asked.push('sync');
      return emptyReport;
    },
    verify: async ({ content }) => {
      asked.push(['verify', content]);
      return soundVerdict;
    },
    drill: async ({ sample }) => {
      asked.push(['drill', sample]);
      return { files: 2, bytes: 6, passed: 0, failed: [] };
    },
    runs: async () => [{ id: 'r1', atMs: 0, changes: 3 }],
    restore: async (request: RestoreRequest) => {
      asked.push(request);
      return restored;
    },
    acceptRestored: async ({ dryRun }) => {
      asked.push(['accept', dryRun]);
      return { older: [relPath('a')], missing: [], differing: [], report: dryRun ? null : emptyReport };
    },
    on: () => () => undefined,
    ...change,
  } as Partial<PairDesk> as PairDesk;
  const owner: Owner = { desk, isLost, who: { source: '/src', kind: 'app', pid: 7, host: 'here', since: 0 }, close: () => void asked.push('closed') };
  return { asked, owner };
}

/** Runs a command beside the owners that are met one after the other; null: nobody is there then. */
async function run(argv: readonly string[], owners: readonly (Owner | null)[], more: Parameters<typeof testCli>[0] = {}) {
  const rest = [...owners];
  const cli = testCli({ owner: async () => (rest.length > 1 ? (rest.shift() ?? null) : (rest[0] ?? null)), ...more });
  const code = await runCli(argv, cli.context);
  return { code, out: cli.out(), err: cli.err(), alone: cli.engine.calls };
}

describe('a command for a folder that somebody owns', () => {
  it.each<[readonly string[], unknown]>([
    [['undo'], { what: { kind: 'run', id: 'r1' }, dryRun: false, releaseHeld: false }],
    [['undo', '--dry-run', '--yes'], { what: { kind: 'run', id: 'r1' }, dryRun: true, releaseHeld: true }],
    [['trash', 'restore', 'a.txt', '--batch', 'b'], { what: { kind: 'trash', path: 'a.txt', batch: 'b' }, dryRun: false, releaseHeld: false }],
    [['held', 'restore', '--yes'], { what: { kind: 'held' }, dryRun: false, releaseHeld: true }],
    [
      ['verify', '--state'],
      ['verify', false],
    ],
    [
      ['verify', '--sample', '2%'],
      ['drill', { kind: 'part', percent: 2 }],
    ],
    [['held'], 'sync'],
    [
      ['accept-restored', '--dry-run'],
      ['accept', true],
    ],
  ])('%j is asked of it, and nothing is opened here', async (argv, ask) => {
    const { asked, owner } = owned();
    const { code, alone } = await run([...argv, '--json'], [owner]);
    expect([code, asked, alone]).toEqual([0, [ask, 'closed'], []]);
  });

  it('only looks by itself while the owner is busy, but has it verify in its turn', async () => {
    const { asked, owner } = owned({ state: 'syncing' });
    expect((await run(['held'], [owner])).alone).toEqual([['compose', 'look'], ['syncAll', expect.objectContaining({ dryRun: true })], ['close']]);
    expect(asked).toEqual(['closed']);
    expect((await run(['verify'], [owner])).alone).toEqual([]);
    expect(asked).toEqual(['closed', ['verify', true], 'closed']);
  });

  it('goes on alone when the owner ends before it has answered, and otherwise says what went wrong there', async () => {
    const fails = async (): Promise<never> => {
      throw new SyncError('busy', 'it ended');
    };
    const { owner: gone } = owned({ isLost: true, desk: { verify: fails } });
    const { code, err, alone } = await run(['verify'], [gone, null]);
    expect([code, err]).toEqual([0, expect.stringContaining('going on without it')]);
    expect(alone.map(([call]) => call)).toEqual(['compose', 'verify', 'close']);
    const { owner } = owned({ desk: { verify: fails } });
    expect(await run(['verify'], [owner])).toMatchObject({ code: 1, err: expect.stringContaining('it ended'), alone: [] });
  });

  it('meets the owner that took the folder a moment before it could be heard', async () => {
    const { asked, owner } = owned();
    const clock = { ...nodePlatform().clock, sleep: async () => undefined };
    const compose = async (): Promise<never> => {
      throw new SyncError('locked', 'this folder is in use');
    };
    expect(await run(['held', 'restore'], [null, owner], { platform: { ...nodePlatform(), clock }, compose })).toMatchObject({ code: 0 });
    expect(asked).toEqual([expect.objectContaining({ what: { kind: 'held' } }), 'closed']);
    expect(await run(['held', 'restore'], [null], { platform: { ...nodePlatform(), clock }, compose })).toMatchObject({ code: 5 });
  });
});
