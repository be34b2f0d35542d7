import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { fakeTestStore } from '../testing/local-store.ts';
import type { Backend } from './backend.ts';
import { CONTRACT_CHECKS, type ContractOptions, type ContractResult, checkContract } from './check-contract.ts';
import { createMemoryStore } from './memory/memory-backend.ts';

const PREFIX = '.file-sync/check-1/';

async function run(first: Backend, second: Backend, options: Partial<ContractOptions> = {}): Promise<ContractResult[]> {
  const results: ContractResult[] = [];
  for await (const result of checkContract(first, second, { prefix: PREFIX, ...options })) results.push(result);
  return results;
}

function memory(): { first: Backend; second: Backend; keys(): Promise<string[]> } {
  let now = 1_700_000_000_000;
  const store = createMemoryStore({ now: () => now++ });
  const first = store.client();
  const keys = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { key } of first.list('')) found.push(key);
    return found.sort();
  };
  return { first, second: store.client(), keys };
}

/** The same store with one thing broken. */
function broken(backend: Backend, change: Partial<Backend>): Backend {
  return new Proxy(backend, {
    get: (target, name) => {
      const own = change[name as keyof Backend] ?? Reflect.get(target, name);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

const failed = (results: readonly ContractResult[]) => results.filter(({ verdict }) => verdict === 'failed').map(({ name }) => name);

describe('the contract on a store of the user’s own', () => {
  it('holds in memory, and nothing of it is left', async () => {
    const { first, second, keys } = memory();
    await first.put('mine', { size: 0, async *open() {} }, { condition: { kind: 'absent' }, meta: {} });
    const results = await run(first, second);
    expect(results.length).toBe(CONTRACT_CHECKS.length);
    expect(results.length).toBeGreaterThanOrEqual(40);
    expect(results.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
    expect(await keys()).toEqual(['mine']);
  });

  it('holds on a disk, and nothing of it is left', async () => {
    const { backend, second, dispose } = await fakeTestStore();
    expect((await run(backend, second, { quick: true })).filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
    const left: string[] = [];
    for await (const { key } of backend.list('')) left.push(key);
    expect(left.filter((key) => key.startsWith(PREFIX))).toEqual([]);
    await dispose?.();
  });

  it('asks for keys below its prefix and no others', async () => {
    const { first, second } = memory();
    const asked = new Set<string>();
    const spying = (backend: Backend): Backend =>
      new Proxy(backend, {
        get: (target, name) => {
          const own = Reflect.get(target, name);
          if (typeof own !== 'function') return own;
          return (...args: unknown[]) => {
            for (const arg of args.slice(0, 2)) {
              if (typeof arg === 'string') asked.add(arg);
              else if (typeof arg === 'object' && arg !== null && 'key' in arg) asked.add(String(arg.key));
            }
            return own.apply(target, args);
          };
        },
      });
    await run(spying(first), spying(second), { quick: true });
    expect(asked.size).toBeGreaterThan(100);
    expect([...asked].filter((key) => !key.startsWith(PREFIX))).toEqual([]);
  });

  it('says what is broken: conditions that are ignored', async () => {
    const { first, second } = memory();
    const force = (backend: Backend): Backend =>
      broken(backend, {
        put: async (key, body, options) => {
          const there = await backend.stat(key);
          return backend.put(key, body, { ...options, condition: there === null ? { kind: 'absent' } : { kind: 'match', version: there.version } });
        },
      });
    const names = failed(await run(force(first), force(second), { quick: true }));
    expect(names).toContain('a write over another version changes nothing');
    expect(names).toContain('a write for a new key does not replace what is there');
    expect(names).not.toContain('every byte comes back');
  });

  it('says what is broken: deletions that ask for no version, metadata that is lost, a byte that is', async () => {
    const { first, second } = memory();
    const careless = broken(first, {
      delete: async (key, options) => {
        const there = await first.stat(key);
        return there === null ? { kind: 'done' } : first.delete(key, { ...options, version: there.version });
      },
    });
    expect(failed(await run(careless, second, { quick: true }))).toContain('a deletion leaves another version alone');
    const forgetful = broken(second, {
      stat: async (key) => {
        const found = await second.stat(key);
        return found === null ? null : { ...found, meta: {} };
      },
    });
    expect(failed(await run(first, forgetful, { quick: true }))).toContain('metadata comes back as given');
    const lossy = broken(second, {
      get: async (key, options) => {
        const found = await second.get(key, options);
        return found === null
          ? null
          : {
              ...found,
              chunks: (async function* () {
                for await (const chunk of found.chunks) yield chunk.map((byte) => byte & 0xfe);
              })(),
            };
      },
    });
    const results = await run(first, lossy, { quick: true });
    expect(results.find(({ name }) => name === 'every byte comes back')).toMatchObject({ verdict: 'failed', detail: expect.stringContaining('not those that were written') });
  });

  it('says what is broken: a listing without its second page', async () => {
    const { first, second } = memory();
    const short = broken(second, {
      async *list(prefix, options) {
        let count = 0;
        for await (const info of second.list(prefix, options)) if (count++ < 1_000) yield info;
      },
    });
    expect(failed(await run(first, short))).toEqual(['a listing of 1,050 objects is complete, each once']);
  });

  it('a race lost where the store judges no conditions is weak, not failed', async () => {
    const { first, second } = memory();
    const weak = (backend: Backend): Backend =>
      broken(backend, {
        capabilities: { ...backend.capabilities, atomicConditions: false },
        put: async (key, body, options) => {
          const { condition } = options;
          const there = await backend.stat(key);
          if ((there?.version ?? null) !== (condition.kind === 'match' ? condition.version : null)) return { kind: 'stale' };
          await new Promise((resolve) => setImmediate(resolve));
          const now = await backend.stat(key);
          return backend.put(key, body, { ...options, condition: now === null ? { kind: 'absent' } : { kind: 'match', version: now.version } });
        },
      });
    const results = await run(weak(first), weak(second), { quick: true });
    expect(results.filter(({ verdict }) => verdict === 'weak').map(({ name }) => name)).toContain('of 8 writers over one version exactly one wins');
    expect(failed(results)).toEqual([]);
  });

  it('ends where the store does, or at the user’s wish, and cleans up all the same', async () => {
    const { first, second, keys } = memory();
    let puts = 0;
    const dying = broken(first, {
      put: async (...args) => {
        if (puts++ === 10) throw new SyncError('refused', 'no more');
        return first.put(...args);
      },
    });
    await expect(run(dying, second)).rejects.toMatchObject({ code: 'refused' });
    expect(await keys()).toEqual([]);
    const interrupt = new AbortController();
    const aborted = (async () => {
      for await (const _ of checkContract(first, second, { prefix: PREFIX, signal: interrupt.signal })) interrupt.abort();
    })();
    await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
    expect(await keys()).toEqual([]);
  });
});
