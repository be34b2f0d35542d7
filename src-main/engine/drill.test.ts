import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import type { Sample } from '../core/sample.ts';
import { BenchWorld } from '../testing/bench-pair.ts';
import { overBackend } from '../testing/over-backend.ts';
import { DrillLog } from './drill-log.ts';

const ALL: Sample = { kind: 'part', percent: 100 };
const DAY_MS = 86_400_000;

async function setUp() {
  const world = new BenchWorld();
  const a = world.device('a', { verifySample: ALL, verifyEveryDays: 30 });
  for (let i = 0; i < 8; i++) a.write(`d/f${i}`, `content ${i}`);
  const engine = await a.open();
  await engine.syncAll();
  return { world, a, engine };
}

describe('a restore drill', () => {
  it('fetches and proves files, and its success is remembered over a restart', async () => {
    const { a, engine } = await setUp();
    expect(engine.status().drill).toBeNull();
    expect(await engine.drill({ sample: ALL })).toEqual({ files: 8, bytes: 72, passed: 0, failed: [] });
    expect(await engine.drill({ sample: { kind: 'count', files: 3 } })).toMatchObject({ files: 3, bytes: 27 });
    await engine.stop();
    const drill = (await a.open()).status().drill;
    expect(drill).toMatchObject({ files: 3, failed: 0 });
    expect(drill?.succeededAt).toBe(drill?.at);
  });

  it('names what does not come back, keeps the last success, and shows it as a problem until the file is stored anew', async () => {
    const { world, a, engine } = await setUp();
    await engine.drill({ sample: ALL });
    const success = engine.status().drill?.succeededAt;
    const sound = world.store.client();
    const broken = overBackend(sound, {
      get: async (key, options) => {
        if (key === 'd/f1') throw new SyncError('corrupt', 'this part of the object is damaged', { path: key });
        const object = await sound.get(key, options);
        if (object === null || key !== 'd/f2') return object;
        return {
          ...object,
          chunks: (async function* () {
            yield Buffer.from('content X');
          })(),
        };
      },
    });
    const again = await a.open(broken);
    await again.syncAll();
    expect(await again.drill({ sample: ALL })).toMatchObject({
      files: 6,
      failed: [
        { path: 'd/f1', why: 'this part of the object is damaged' },
        { path: 'd/f2', why: 'other bytes came back than were stored' },
      ],
    });
    const status = again.status();
    expect(status).toMatchObject({ state: 'attention', drill: { failed: 2, succeededAt: success } });
    expect(status.problems.map(({ path, reason }) => [path, reason])).toEqual([
      ['d/f1', 'corrupt'],
      ['d/f2', 'corrupt'],
    ]);
    a.write('d/f1', 'stored anew');
    await again.syncAll();
    expect(again.status().problems.map(({ path }) => path)).toEqual(['d/f2']);
  });

  it('says nothing of what was replaced meanwhile, and ends where the store does not answer', async () => {
    const { world, engine, a } = await setUp();
    const other = world.device('b');
    const second = await other.open();
    await second.syncAll();
    other.write('d/f3', 'newer');
    await second.syncAll();
    expect(await engine.drill({ sample: ALL })).toMatchObject({ files: 7, passed: 1, failed: [] });
    const away = overBackend(world.store.client(), {
      get: async () => {
        throw new SyncError('unreachable', 'the store does not answer');
      },
    });
    const before = engine.status().drill;
    await engine.stop();
    const again = await a.open(away);
    await expect(again.drill({ sample: ALL })).rejects.toMatchObject({ code: 'unreachable' });
    expect(again.status().drill).toEqual(before);
  });
});

it('a drill is made by itself while watching, when it is due, and only then', async () => {
  const { world, a, engine } = await setUp();
  const turns = async (holds: () => boolean): Promise<void> => {
    for (let n = 0; n < 2_000 && !holds(); n++) await new Promise((resolve) => setImmediate(resolve));
    expect(holds()).toBe(true);
  };
  await engine.start();
  await turns(() => a.storage.facts.has('drill'));
  expect(engine.status().drill).toBeNull();
  world.tick(31 * DAY_MS);
  a.watcher.tell({ kind: 'paths', paths: new Set([relPath('d/f0')]) });
  await turns(() => engine.status().drill != null);
  expect(engine.status().drill).toMatchObject({ files: 8, failed: 0 });
  await engine.stop();
});

describe('when drills are due', () => {
  it('the first an interval after it was first asked, then an interval after each; what failed to happen a day later', () => {
    let log = new DrillLog(undefined, 30);
    expect(log.isDue(0)).toBe('noted');
    log = new DrillLog(log.text, 30);
    expect([log.isDue(29 * DAY_MS), log.isDue(30 * DAY_MS)]).toEqual(['not yet', 'now']);
    log.putOff(30 * DAY_MS);
    expect([log.isDue(30.5 * DAY_MS), log.isDue(31 * DAY_MS)]).toEqual(['not yet', 'now']);
    log.made({ files: 1, bytes: 1, passed: 0, failed: [] }, 31 * DAY_MS);
    log = new DrillLog(log.text, 30);
    expect([log.isDue(60 * DAY_MS), log.isDue(61 * DAY_MS), log.status?.succeededAt]).toEqual(['not yet', 'now', 31 * DAY_MS]);
  });

  it('never where none is wanted; a clock that was set back does not put them off for years', () => {
    expect(new DrillLog(undefined, 0).isDue(DAY_MS)).toBe('not yet');
    const log = new DrillLog(undefined, 30);
    log.isDue(3_000 * DAY_MS);
    expect([log.isDue(0), log.isDue(30 * DAY_MS)]).toEqual(['noted', 'now']);
    expect(new DrillLog('nonsense', 30).isDue(0)).toBe('noted');
  });
});
