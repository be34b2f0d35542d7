import { describe, expect, it } from 'vitest';
import type { Stamp, Version } from '../core/entry.ts';
import { relPath } from '../core/rel-path.ts';
import { FILE, SETUP, startHost } from '../testing/engine-host-kit.ts';

describe('the engine thread', () => {
  it('tells of changes four times a second at most, and never forgets the last', async () => {
    const { call, clock, engine, news, report } = startHost();
    await call('open', SETUP);
    await clock.advance(1_000);
    const before = news().length;
    for (let files = 1; files <= 500; files++) {
      engine.say({ files });
      await clock.advance(2);
    }
    await clock.advance(1_000);
    expect(news().length - before).toBeLessThanOrEqual(6);
    expect(report()?.files).toBe(500);
  });

  it('cuts long lists, and counts all', async () => {
    const { call, clock, engine, report } = startHost();
    await call('open', SETUP);
    const paths = Array.from({ length: 5_000 }, (_, i) => relPath(`f${i}`));
    engine.say({
      state: 'attention',
      held: [{ side: 'remote', why: 'too-many', files: paths.length, paths }],
      failures: paths.map((path) => ({ path, code: 'io', message: 'x', attempts: 1, since: 0 })),
    });
    await clock.advance(300);
    expect(report()?.held[0]?.paths).toMatchObject({ total: 5_000, items: { length: 100 } });
    expect(report()?.failures).toMatchObject({ total: 5_000, items: { length: 100 } });
    expect(JSON.stringify(report()).length).toBeLessThan(30_000);
    const [next, last] = [await call('failures', { pair: SETUP.id, from: 100 }), await call('failures', { pair: SETUP.id, from: 4_990 })];
    expect([next.length, next[0]?.path, last.length, (await call('problems', { pair: SETUP.id, from: 0 })).length]).toEqual([100, 'f100', 10, 0]);
  });

  it('tells times without bigints, which windows cannot all take', async () => {
    const { call, clock, engine, report } = startHost();
    await call('open', SETUP);
    engine.say({ conflicts: [{ path: relPath('a'), local: FILE, remote: { kind: 'folder' }, remoteVersion: 'v' as Version, remoteDevice: null, remoteStoredAtMs: 42, since: 1 }] });
    await clock.advance(300);
    expect(report()?.conflicts.items[0]).toEqual({
      path: 'a',
      local: { kind: 'file', size: 3, modifiedAt: 1_700_000_000_123, device: 'laptop' },
      remote: { kind: 'folder', size: null, modifiedAt: 42, device: null },
      since: 1,
    });
  });

  it('tells of a conflict that a rule settled, and not of one that the user decided', async () => {
    const { call, clock, engine, news } = startHost();
    await call('open', SETUP);
    const aside = (name: string) =>
      ({
        kind: 'set-aside-local',
        path: relPath(name),
        to: relPath(`${name}.conflict-x`),
        entry: FILE,
        stamp: 's' as Stamp,
        reason: 'edited on both sides: both are kept',
      }) as const;
    engine.say({ conflicts: [{ path: relPath('asked'), local: FILE, remote: FILE, remoteVersion: 'v' as Version, remoteDevice: null, remoteStoredAtMs: null, since: 1 }] });
    for (const name of ['asked', 'ruled']) engine.act({ cycle: 'c', action: aside(name), outcome: 'done', message: null });
    await clock.advance(1_000);
    expect(news().flatMap(({ settled }) => settled)).toMatchObject([{ pair: SETUP.id, path: 'ruled', kept: 'both', copy: 'ruled.conflict-x' }]);
    engine.records = [{ at: 5, cycle: 'c', path: 'ruled', to: null, what: 'set-aside-local', outcome: 'done', reason: '', bytes: 0 }];
    expect(await call('settled', { pair: null })).toMatchObject([{ pair: SETUP.id, path: 'ruled', at: 5 }]);
  });

  it('tells as recent what the activity list has, also of what came on record without an action of a sync', async () => {
    const { call, clock, engine, news } = startHost();
    const record = (at: number, path: string) => ({ at, cycle: 'c', path, to: null, what: 'download', outcome: 'done', reason: '', bytes: 0 }) as const;
    engine.records = Array.from({ length: 40 }, (_, n) => record(n, `f${n}`));
    await call('open', SETUP);
    await clock.advance(300);
    const told = () => news().flatMap(({ recent }) => recent.map(({ items }) => items.map(({ path }) => path)));
    expect(told()).toEqual([Array.from({ length: 30 }, (_, n) => `f${39 - n}`)]);
    // Brought back, while the clock was put back.
    engine.records = [...engine.records, { ...record(5, 'remembered'), what: 'adopt' }, record(3, 'photo.jpg')];
    engine.say({ files: 1 });
    await clock.advance(300);
    expect(told().at(-1)?.slice(0, 2)).toEqual(['photo.jpg', 'f39']);
    const before = news().length;
    engine.say({ files: 2 });
    await clock.advance(300);
    expect(news().slice(before)).toMatchObject([{ recent: [] }]);
    const list = await call('activity', { pair: null, search: '', only: 'all', list: null, from: 0, limit: 30 });
    expect(list.items.map(({ path }) => path)).toEqual(told().at(-1));
  });
});
