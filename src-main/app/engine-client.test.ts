import { describe, expect, it } from 'vitest';
import type { EngineHealth } from '../../src-preload/contract/model.ts';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { EngineClient, type EngineThread } from './engine-client.ts';
import type { FromWorker, ToWorker } from './engine-protocol.ts';

class FakeThread implements EngineThread {
  readonly sent: ToWorker[] = [];
  readonly #listeners = new Map<string, (argument: never) => void>();
  terminated = false;
  postMessage(message: ToWorker): void {
    this.sent.push(message);
  }
  on(event: string, listener: (argument: never) => void): void {
    this.#listeners.set(event, listener);
  }
  async terminate(): Promise<void> {
    this.terminated = true;
  }
  says(message: FromWorker): void {
    this.#listeners.get('message')?.(message as never);
  }
  dies(reason: string): void {
    this.#listeners.get('error')?.(new Error(reason) as never);
    this.#listeners.get('exit')?.(1 as never);
  }
}

function start() {
  const clock = new ManualClock();
  const threads: FakeThread[] = [];
  const health: EngineHealth[] = [];
  let starts = 0;
  const client = new EngineClient({
    clock,
    spawn: () => {
      const thread = new FakeThread();
      threads.push(thread);
      return thread;
    },
    onFault: () => undefined,
    onNews: () => undefined,
    onPaused: () => undefined,
    onHealth: (next) => health.push(next),
    onStart: () => starts++,
  });
  client.start();
  const last = (): FakeThread => threads.at(-1) ?? new FakeThread();
  return { clock, threads, health, client, last, starts: () => starts };
}

describe('the engine client', () => {
  it('matches answers to calls, in any order', async () => {
    const { client, last } = start();
    const first = client.call('sync', { pair: 'a' });
    const second = client.call('resume', { pair: 'b' });
    const [one, two] = last().sent;
    last().says({ kind: 'refusal', id: two?.id ?? 0, error: { code: 'locked', message: 'taken', hint: 'wait' } });
    last().says({ kind: 'answer', id: one?.id ?? 0, value: null });
    await expect(first).resolves.toBeNull();
    await expect(second).rejects.toMatchObject({ code: 'locked', message: 'taken', hint: 'wait' });
  });

  it('starts a thread that died again, says so, and fails what was waiting', async () => {
    const { clock, client, health, threads, last, starts } = start();
    const waiting = client.call('sync', { pair: 'a' });
    last().dies('out of memory');
    await expect(waiting).rejects.toMatchObject({ code: 'busy' });
    await expect(client.call('sync', { pair: 'a' })).rejects.toMatchObject({ code: 'busy' });
    expect(health).toEqual([{ kind: 'restarting', message: 'out of memory' }]);
    await clock.advance(500);
    expect(threads).toHaveLength(2);
    expect(starts()).toBe(2);
    expect(health.at(-1)).toEqual({ kind: 'restarted', at: clock.now(), message: 'out of memory' });
  });

  it('gives up after five crashes in five minutes, until the user asks again', async () => {
    const { clock, client, health, threads, last } = start();
    for (let i = 0; i < 6; i++) {
      last().dies('again');
      await clock.advance(10_000);
    }
    expect(threads).toHaveLength(6);
    expect(health.at(-1)).toEqual({ kind: 'stopped', message: 'again' });
    client.restart();
    expect(threads).toHaveLength(7);
    expect(health.at(-1)).toEqual({ kind: 'running' });
  });

  it('forgets crashes that are long past', async () => {
    const { clock, threads, last } = start();
    for (let i = 0; i < 12; i++) {
      last().dies('now and then');
      await clock.advance(200_000);
    }
    expect(threads).toHaveLength(13);
  });

  it('lets the engines finish when it stops, but not for ever', async () => {
    const { clock, client, last, threads } = start();
    let stopped = false;
    const stopping = client.stop(8_000).then(() => {
      stopped = true;
    });
    await settle();
    expect(last().sent.at(-1)?.call).toBe('stop');
    await clock.advance(7_999);
    expect(stopped).toBe(false);
    await clock.advance(1);
    await stopping;
    expect(last().terminated).toBe(true);
    last().dies('terminated');
    await clock.advance(60_000);
    expect(threads).toHaveLength(1);
  });

  it('stops at once when the engines are done', async () => {
    const { client, last } = start();
    const stopping = client.stop(8_000);
    last().says({ kind: 'answer', id: last().sent.at(-1)?.id ?? 0, value: null });
    await stopping;
    expect(last().terminated).toBe(true);
  });
});
