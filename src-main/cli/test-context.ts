import { createMemoryStore } from '../backends/memory/memory-backend.ts';
import type { Pair } from '../compose.ts';
import { SyncError } from '../core/errors.ts';
import type { CycleReport, PairStatus, SyncEvents } from '../core/events.ts';
import type { PairEngine, Verifier, WhyReport } from '../engine/sync-manager.ts';
import type { VerifyReport } from '../engine/verify-report.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { openPast } from '../remote/history/past-on-backend.ts';
import { memoryStateStore } from '../state/memory-store.ts';
import type { ActivityRecord } from '../state/state-store.ts';
import type { CliContext } from './context.ts';
import { faultOf } from './documents/documents.ts';

export const emptyReport: CycleReport = { cycle: 'c1', done: 0, stale: 0, failures: [], problems: [], conflicts: [], held: [], bytesUp: 0, bytesDown: 0, planned: [] };
export const soundVerdict: VerifyReport = { content: true, checked: { base: 2, local: 2, remote: 2 }, findings: [], pending: [], conflicts: [], held: [] };
const okStatus: PairStatus = {
  state: 'ok',
  summary: 'Up to date',
  source: '/src',
  target: 'local:/dst',
  watching: false,
  watchMode: 'events',
  pausedUntil: null,
  lastSyncAt: null,
  lastFullScanAt: null,
  files: 0,
  bytes: 0,
  pending: 0,
  progress: null,
  conflicts: [],
  held: [],
  problems: [],
  failures: [],
  usage: null,
  error: null,
};

/** An engine that answers what a test says and notes what it was asked. */
export class ScriptedEngine implements PairEngine, Verifier {
  report: CycleReport = emptyReport;
  answer: PairStatus = okStatus;
  explanation: WhyReport | null = null;
  verdict: VerifyReport = soundVerdict;
  failure: Error | null = null;
  /** Runs within `syncAll`. */
  during: () => void = () => undefined;
  readonly calls: unknown[][] = [];
  readonly #listeners = new Map<string, ((event: never) => void)[]>();

  on<E extends keyof SyncEvents>(event: E, listener: SyncEvents[E]): () => void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener as (event: never) => void]);
    return () => undefined;
  }
  emit<E extends keyof SyncEvents>(event: E, value: Parameters<SyncEvents[E]>[0]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(value as never);
  }
  start = async (): Promise<void> => {
    this.calls.push(['start']);
    this.during();
  };
  stop = async (): Promise<void> => {
    this.calls.push(['stop']);
  };
  syncAll: PairEngine['syncAll'] = async (options) => {
    this.calls.push(['syncAll', options]);
    this.during();
    if (this.failure !== null) throw this.failure;
    return this.report;
  };
  verify: Verifier['verify'] = async (options) => {
    this.calls.push(['verify', options]);
    this.during();
    if (this.failure !== null) throw this.failure;
    return this.verdict;
  };
  drill: Verifier['drill'] = async (options) => {
    this.calls.push(['drill', options]);
    if (this.failure !== null) throw this.failure;
    return { files: 0, bytes: 0, passed: 0, failed: [] };
  };
  pause = (until?: number): void => void this.calls.push(['pause', until]);
  resume = (): void => void this.calls.push(['resume']);
  status = (): PairStatus => this.answer;
  resolve: PairEngine['resolve'] = async (path, choice) => {
    this.calls.push(['resolve', path, choice]);
    this.report = { ...this.report, conflicts: this.report.conflicts.filter((conflict) => conflict.path !== path) };
  };
  conflicts = (): CycleReport['conflicts'] => this.report.conflicts;
  why = async (): Promise<WhyReport> => {
    if (this.explanation === null) throw new Error('nothing was scripted');
    return this.explanation;
  };
  records: readonly ActivityRecord[] = [];
  activity: PairEngine['activity'] = async (query) => {
    this.calls.push(['activity', query]);
    this.during();
    return this.records.filter(({ at }) => at >= (query.since ?? 0)).toReversed();
  };
  activityIndex: PairEngine['activityIndex'] = () => Promise.reject(new Error('the command line lists no places'));
}

export interface TestCli {
  readonly context: CliContext;
  readonly engine: ScriptedEngine;
  readonly interrupt: AbortController;
  out(): string;
  err(): string;
}

/** A command line without a terminal, on a scripted engine; the folders are named by the environment. */
export function testCli(change: Partial<CliContext> & { readonly tty?: boolean; readonly pair?: Partial<Pair> } = {}): TestCli {
  const written = { out: '', err: '' };
  const engine = new ScriptedEngine();
  const memory = createMemoryStore({ now: () => Date.now() });
  const interrupt = new AbortController();
  const { tty = false, pair, ...more } = change;
  const output = (to: 'out' | 'err') => ({
    write: (text: string): void => {
      // Every JSON document of every test is held against its description.
      const fault = to === 'out' && text.startsWith('{"') ? faultOf(text) : null;
      if (fault !== null) throw new Error(fault);
      written[to] += text;
    },
    isTTY: tty,
    columns: () => 100,
  });
  const context: CliContext = {
    stdout: output('out'),
    stderr: output('err'),
    ask: null,
    env: { WATCH_DIR: '/src', BACKUP_DIR: '/dst' },
    cwd: '/nowhere',
    platform: nodePlatform(),
    compose: async (_config, _platform, { mode }) => {
      engine.calls.push(['compose', mode]);
      return {
        engine,
        verifier: engine,
        reviser: { revise: () => Promise.reject(new Error('nothing was scripted')), runs: async () => [], held: () => [], passed: async () => [], reclaim: async () => undefined },
        restorer: { acceptRestored: () => Promise.reject(new Error('nothing was scripted')) },
        book: { agreed: () => new Map(), adopt: () => Promise.reject(new Error('nothing was scripted')) },
        waiter: { watchWaiting: async () => undefined },
        past: openPast({ backend: memory.client(), newHasher: nodeHasher }),
        storeNow: async () => memory.now(),
        trash: { list: async () => [], read: async () => null, remove: async () => undefined },
        source: '/src',
        readRemote: async () => null,
        protection: async () => 'atomic',
        notes: memoryStateStore().notes,
        codec: () => null,
        seenVault: async () => null,
        holder: async () => null,
        close: async () => void engine.calls.push(['close']),
        ...pair,
      };
    },
    askSecret: null,
    owner: async () => null,
    app: async () => null,
    stores: {
      open: async () => memory.client(),
      buckets: async () => null,
      createBucket: async () => undefined,
      hasCleanUpRule: async () => true,
      addCleanUpRule: async () => undefined,
    },
    keychain: memoryKeychain(),
    interrupt: interrupt.signal,
    version: '1.2.3',
    self: ['/usr/bin/node', '/opt/file-sync/cli.js'],
    run: async (program) => {
      throw new SyncError('not-found', `there is no program ${program} here`);
    },
    ...more,
  };
  return { context, engine, interrupt, out: () => written.out, err: () => written.err };
}
