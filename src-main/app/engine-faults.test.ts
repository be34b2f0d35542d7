import { describe, expect, it } from 'vitest';
import type { PairReport } from '../../src-preload/contract/model.ts';
import type { ComposeOptions, Pair } from '../compose.ts';
import type { Platform } from '../platform/platform.ts';
import { hostPlatform, SETUP } from '../testing/engine-host-kit.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { EngineHost } from './engine-host.ts';
import type { CallName, EngineCalls, FromWorker, PairSetup, ToWorker } from './engine-protocol.ts';
import type { SlotConfig } from './pair-slot.ts';

const setup = (id: string): PairSetup => ({ ...SETUP, id, source: `/home/a/${id}`, backend: { kind: 'local', folder: `/backup/${id}` } });

/** An engine whose work goes on after it was started, as a watcher's does. */
class BusyEngine extends FakeEngine {
  #tick: () => void = () => undefined;
  #ticks = new Promise<void>((resolve) => {
    this.#tick = resolve;
  });

  override async start(): Promise<void> {
    await super.start();
    void this.#ticks.then(() => this.onTick());
  }
  onTick: () => void = () => undefined;
  /** Something happens in the folder; whoever calls this is nobody the engine knows. */
  async tick(): Promise<void> {
    this.#tick();
    await settle();
  }
}

/** Two folders in one engine thread: `bad` gets into trouble, `good` must not notice. */
async function start() {
  const clock = new ManualClock();
  const engines: { pair: string; engine: BusyEngine; closed: boolean }[] = [];
  const platform = hostPlatform(clock, new FakeFs({ clock }));
  const world = { closes: async (): Promise<void> => undefined, ended: 0 };
  const compose = async (config: SlotConfig, _: Platform, __: ComposeOptions): Promise<Pair> => {
    const made = { pair: config.source.slice('/home/a/'.length), engine: new BusyEngine(), closed: false };
    engines.push(made);
    return {
      engine: made.engine,
      source: config.source,
      codec: () => null,
      close: async () => {
        if (made.pair === 'bad') await world.closes();
        made.closed = true;
      },
    } as unknown as Pair;
  };
  const sent: FromWorker[] = [];
  const unused = new Proxy({}, { get: () => () => Promise.reject(new Error('not asked here')) });
  const host = new EngineHost({
    compose,
    platform,
    storage: unused as never,
    vaults: unused as never,
    send: (message) => sent.push(message),
    end: () => {
      world.ended++;
    },
  });
  let id = 0;
  const call = async <C extends CallName>(name: C, input: EngineCalls[C]['input']): Promise<void> => {
    await host.receive({ id: ++id, call: name, input } as ToWorker);
    await settle();
  };
  /** The last a folder told of itself. */
  const report = async (pair: string): Promise<PairReport | undefined> => {
    await clock.advance(300);
    return sent.flatMap((message) => (message.kind === 'news' ? message.news.reports : [])).findLast((told) => told.pair === pair)?.report;
  };
  const faults = () => sent.flatMap((message) => (message.kind === 'fault' ? [[message.pair, message.message]] : []));
  const newest = (pair: string) => engines.findLast((made) => made.pair === pair) ?? expect.fail(`no ${pair}`);
  await call('open', setup('good'));
  await call('open', setup('bad'));
  await settle();
  return { clock, host, engines, newest, call, report, faults, world };
}

describe('a mistake in the work of one folder', () => {
  it('is that folder’s: it says so, is opened anew, and the other goes on', async () => {
    const { host, engines, newest, report, faults, clock } = await start();
    const { engine } = newest('bad');
    engine.onTick = () => expect(host.fault(new TypeError('x is undefined'))).toBe(true);
    await engine.tick();
    expect(faults()).toEqual([['bad', 'x is undefined']]);
    expect(await report('bad')).toMatchObject({ state: 'error', error: { code: 'internal', message: expect.stringContaining('x is undefined'), hint: expect.any(String) } });
    newest('good').engine.say({ files: 7 });
    expect(await report('good')).toMatchObject({ state: 'ok', files: 7, error: null });
    await clock.advance(10_000);
    expect(await report('bad')).toMatchObject({ state: 'ok', error: null });
    expect(engines.map(({ pair, closed }) => [pair, closed])).toEqual([
      ['good', false],
      ['bad', true],
      ['bad', false],
    ]);
  });

  it('is tried again at once when the user asks, and ever more rarely by itself', async () => {
    const { host, engines, newest, call, clock } = await start();
    const breakIt = async (): Promise<void> => {
      const { engine } = newest('bad');
      engine.onTick = () => void host.fault(new Error('again'));
      await engine.tick();
    };
    const bads = () => engines.filter(({ pair }) => pair === 'bad').length;
    await breakIt();
    await call('sync', { pair: 'bad' });
    expect(bads()).toBe(2);
    await breakIt();
    await clock.advance(19_000);
    expect(bads()).toBe(2);
    await clock.advance(1_000);
    expect(bads()).toBe(3);
  });

  it('of an engine that is let go of already is only told', async () => {
    const { host, engines, newest, call, faults } = await start();
    const { engine } = newest('bad');
    engine.onTick = () => void host.fault(new Error('a late one'));
    await call('open', setup('bad'));
    await engine.tick();
    expect(faults()).toEqual([['bad', 'a late one']]);
    expect(engines.filter(({ pair, closed }) => pair === 'bad' && !closed)).toHaveLength(1);
  });

  it('that is told twice, as some runtimes do, counts once', async () => {
    const { host, newest, faults } = await start();
    const { engine } = newest('bad');
    const error = new Error('once');
    engine.onTick = () => void host.fault(error);
    await engine.tick();
    expect(host.fault(error)).toBe(true);
    expect(faults()).toHaveLength(1);
  });

  it('in what it tells of itself keeps no news of the other back', async () => {
    const { newest, report, faults } = await start();
    const { engine } = newest('bad');
    engine.status = () => {
      throw new RangeError('no such price');
    };
    engine.say({ files: 1 });
    newest('good').engine.say({ files: 9 });
    expect(await report('good')).toMatchObject({ files: 9 });
    expect(await report('bad')).toMatchObject({ state: 'error', error: { code: 'internal' } });
    expect(faults()[0]).toEqual(['bad', 'no such price']);
    newest('good').engine.say({ files: 10 });
    expect(await report('good')).toMatchObject({ files: 10 });
  });

  it('that comes while it is let go of changes nothing of that', async () => {
    const { engines, call, world, faults } = await start();
    world.closes = () => Promise.reject(new Error('the store would not close'));
    await call('open', setup('bad'));
    expect(faults()).toEqual([['bad', 'the store would not close']]);
    expect(engines.filter(({ pair }) => pair === 'bad')).toHaveLength(2);
  });

  it('that keeps it from letting go ends the thread, which is replaced', async () => {
    const { host, newest, clock, world, faults } = await start();
    world.closes = () => new Promise(() => undefined);
    const { engine } = newest('bad');
    engine.onTick = () => void host.fault(new Error('stuck'));
    await engine.tick();
    await clock.advance(59_000);
    expect(world.ended).toBe(0);
    await clock.advance(2_000);
    expect(world.ended).toBe(1);
    expect(faults().at(-1)).toEqual(['bad', 'a folder does not let go of its work']);
  });

  it('outside of any folder is nobody’s: the thread is not to be trusted', async () => {
    const { host, faults, engines } = await start();
    expect(host.fault(new Error('whose?'))).toBe(false);
    expect(faults()).toEqual([[null, 'whose?']]);
    expect(engines.every(({ closed }) => !closed)).toBe(true);
  });
});
