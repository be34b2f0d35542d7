import { expect, it } from 'vitest';
import type { RelPath } from '../core/rel-path.ts';
import type { RestoredReport } from '../engine/sync-manager.ts';
import { runCli } from './program.ts';
import { emptyReport, testCli } from './test-context.ts';

const LOST: Omit<RestoredReport, 'report'> = { older: ['a'] as RelPath[], missing: ['b'] as RelPath[], differing: ['c'] as RelPath[] };

/** A device whose storage lost `lost`; `answer`: what is typed. */
async function accept(argv: readonly string[], { lost = LOST, answer }: { readonly lost?: typeof LOST; readonly answer?: string } = {}) {
  const calls: boolean[] = [];
  const cli = testCli({
    ask: answer === undefined ? null : async () => answer,
    pair: {
      restorer: {
        acceptRestored: async ({ dryRun }) => {
          calls.push(dryRun);
          return { ...lost, report: dryRun ? null : { ...emptyReport, done: 3 } };
        },
      },
    },
  });
  const code = await runCli(['accept-restored', ...argv], cli.context);
  return { code, calls, out: cli.out(), err: cli.err() };
}

it('shows what went back, and does it on the user’s word only', async () => {
  const asked = await accept([], { answer: 'y' });
  expect(asked).toMatchObject({ code: 0, calls: [true, false], out: expect.stringMatching(/older there a:[\s\S]*gone there b:[\s\S]*other there c:[\s\S]*3 changes/) });
  expect(await accept([], { answer: 'n' })).toMatchObject({ code: 130, calls: [true] });
  expect(await accept([])).toMatchObject({ code: 2, calls: [true], err: expect.stringContaining('--yes') });
  const { code, calls, out } = await accept(['--yes', '--json']);
  expect([code, calls]).toEqual([0, [true, false]]);
  expect(JSON.parse(out)).toMatchObject({ ok: true, dryRun: false, older: ['a'], missing: ['b'], differing: ['c'], done: 3 });
});

it('does nothing in a dry run, nor where nothing went back', async () => {
  expect(await accept(['--dry-run'])).toMatchObject({ code: 0, calls: [true], out: expect.stringContaining('dry run') });
  expect(await accept([], { lost: { older: [], missing: [], differing: [] } })).toMatchObject({ code: 0, calls: [true], out: expect.stringContaining('Nothing went back') });
});
