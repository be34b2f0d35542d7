import type { PairReport } from '../../src-preload/contract/model.ts';
import { DEFAULT_TUNING } from '../../src-preload/contract/tuning.ts';
import { EngineHost } from '../app/engine-host.ts';
import type { CallName, EngineCalls, FromWorker, PairSetup, ToWorker } from '../app/engine-protocol.ts';
import type { SlotConfig } from '../app/pair-slot.ts';
import type { StorageTools } from '../app/storage-tools.ts';
import type { VaultTools } from '../app/vault-tools.ts';
import type { S3Config } from '../backends/s3/s3-config.ts';
import type { ComposeOptions, Pair } from '../compose.ts';
import type { Hash } from '../core/entry.ts';
import type { SyncError } from '../core/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { FakeEngine } from './fake-engine.ts';
import { FakeFs } from './fake-fs.ts';
import { ManualClock, settle } from './manual-clock.ts';
import { SeededRandom } from './random.ts';

export const SETUP: PairSetup = {
  id: 'aaaaaaaaaaaaaaaa',
  source: '/home/a/Documents',
  backend: { kind: 'local', folder: '/backup' },
  vault: { wish: { encryption: false, compression: false, hideNames: false }, secret: null },
  conflictPolicy: 'manual',
  ignorePatterns: ['*.iso'],
  ignoreJunk: false,
  conflictOverrides: [],
  freeSpace: 256_000_000,
  schedule: { cron: null, timeZone: null, quiet: [] },
  tuning: { ...DEFAULT_TUNING, versionsKeep: 0, direction: 'upload_only', priceStorage: 0.01 },
  deviceName: null,
  logLevel: 'info',
  pause: null,
  holds: [],
};
export const FILE = { kind: 'file', size: 3, hash: 'h' as Hash, mtimeNs: 1_700_000_000_123_456_789n, mode: null } as const;

/** The world as an engine thread of a test has it. */
export function hostPlatform(clock: ManualClock, disk: FakeFs): Platform {
  return {
    fs: disk.view(),
    clock,
    random: new SeededRandom(7),
    chance: new SeededRandom(8).bytes,
    newHasher: () => ({ update: () => undefined, digest: () => '' }),
    home: { platform: 'linux', homeDir: '/home/a', hostname: 'laptop', pid: 1, env: {} },
  };
}

/** An engine thread, without the thread, over engines that do nothing. */
export function startHost() {
  const clock = new ManualClock();
  const disk = new FakeFs({ clock });
  const engine = new FakeEngine();
  const composed: { config: SlotConfig; options: ComposeOptions; closed: boolean }[] = [];
  const waiting: ((count: number) => void)[] = [];
  let failure: SyncError | null = null;
  const platform = hostPlatform(clock, disk);
  const compose = async (config: SlotConfig, _platform: Platform, options: ComposeOptions): Promise<Pair> => {
    if (failure !== null) throw failure;
    const record = { config, options, closed: false };
    composed.push(record);
    return {
      engine,
      verifier: { verify: () => Promise.reject(new Error('the app does not verify')) },
      waiter: { watchWaiting: async (onCount: (count: number) => void) => void waiting.push(onCount) },
      source: config.source,
      protection: async () => null,
      codec: () => null,
      readRemote: async () =>
        (async function* () {
          yield new TextEncoder().encode('there\n');
        })(),
      holder: async () => null,
      close: async () => {
        record.closed = true;
        await engine.stop();
      },
    } as unknown as Pair;
  };
  const asked: [string, S3Config][] = [];
  const signals: AbortSignal[] = [];
  const storage: StorageTools = {
    test: async (config, signal) => {
      asked.push(['test', config]);
      if (config.bucket === 'silent') return new Promise(() => signals.push(signal));
      return { protection: 'atomic', findings: [], holds: 'nothing', cleansUp: false };
    },
    buckets: async (config) => {
      asked.push(['buckets', config]);
      return { kind: 'listed', buckets: ['photos'] };
    },
    signIn: async (config) => void asked.push(['sign-in', config]),
    createBucket: async (config) => void asked.push(['create', config]),
    addCleanUpRule: async (config) => void asked.push(['rule', config]),
  };
  const vaults: VaultTools = {
    look: async () => ({ holds: 'nothing' }),
    open: async (_, typed) => ({ vault: 'f'.repeat(32), compression: false, hideNames: false, secret: `passphrase:${typed}` }),
    openKept: async () => null,
    create: async () => undefined,
  };
  const sent: FromWorker[] = [];
  const host = new EngineHost({ compose, platform, storage, vaults, send: (message) => sent.push(message), end: () => undefined });
  let id = 0;
  const call = async <C extends CallName>(name: C, input: EngineCalls[C]['input']): Promise<EngineCalls[C]['answer']> => {
    const mine = ++id;
    await host.receive({ id: mine, call: name, input } as ToWorker);
    await settle();
    const reply = sent.find((message) => 'id' in message && message.id === mine);
    if (reply?.kind === 'answer') return reply.value as EngineCalls[C]['answer'];
    throw reply?.kind === 'refusal' ? Object.assign(new Error(reply.error.message), reply.error) : new Error('no answer');
  };
  const news = () => sent.flatMap((message) => (message.kind === 'news' ? [message.news] : []));
  const report = (): PairReport | undefined =>
    news()
      .flatMap(({ reports }) => reports)
      .at(-1)?.report;
  const fail = (error: SyncError | null): void => {
    failure = error;
  };
  return { clock, disk, engine, host, composed, waiting, call, news, report, fail, asked, signals, sent };
}
