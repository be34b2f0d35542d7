import type { EngineClient } from '../app/engine-client.ts';
import type { PairEnds } from '../app/engine-protocol.ts';
import { PairKeys } from '../app/pair-keys.ts';
import { PairVaults } from '../app/pair-vaults.ts';
import { DEFAULT_SETTINGS, type PairSetting, type Settings } from '../app/settings-schema.ts';
import { SettingsStore } from '../app/settings-store.ts';
import { SyncService } from '../app/sync-service.ts';
import { revealed } from '../app/vault-setup.ts';
import type { SyncError } from '../core/errors.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { keyOf, VAULT_ID } from './keyring-kit.ts';
import { ManualClock } from './manual-clock.ts';
import { SeededRandom } from './random.ts';

export const PAIR: PairSetting = {
  id: 'aaaaaaaaaaaaaaaa',
  name: 'Documents',
  source: '/home/a/Documents',
  backend: { kind: 'local', folder: '/backup' },
  protection: null,
  conflictPolicy: 'keep_both',
  ignorePatterns: [],
  ignoreJunk: true,
  conflictOverrides: [],
  schedule: null,
  tuning: {},
  pause: null,
  pauseOfAll: null,
  standstill: null,
};

/** The app's folders over an engine thread that notes what it is told. */
export function startService(settings: Partial<Settings> = {}, keychain: Keychain = memoryKeychain()) {
  const disk = { isFull: false };
  const clock = new ManualClock();
  const written: Settings[] = [];
  const store = new SettingsStore({ ...DEFAULT_SETTINGS, ...settings });
  const write = (next: Settings): void => {
    if (disk.isFull) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    written.push(next);
  };
  store.keepBy({ write }, clock);
  const calls: [string, unknown][] = [];
  let refuse: SyncError | null = null;
  const failing = new Map<string, SyncError>();
  const engine = {
    call: async (name: string, input: unknown) => {
      calls.push([name, input]);
      if (refuse !== null) throw refuse;
      const failure = failing.get(name);
      if (failure !== undefined) throw failure;
      if (name === 'vault-open') return { vault: VAULT_ID, compression: true, hideNames: false, secret: revealed(keyOf('b')) };
      if (name !== 'check') return null;
      const { target } = input as PairEnds;
      return { source: '/real/source', target: target.kind === 'local' ? { kind: 'local', folder: '/real/target' } : target };
    },
  } as unknown as EngineClient;
  const random = new SeededRandom(3);
  const service = new SyncService({
    store,
    keys: new PairKeys(keychain, random),
    vaults: new PairVaults(keychain),
    clock,
    random,
    version: '1',
    homeDir: '/home/a',
    computer: 'laptop',
    languages: ['en-US'],
    onChange: () => undefined,
  });
  service.attach(engine);
  const refuseWith = (error: SyncError | null): void => {
    refuse = error;
  };
  return { clock, disk, store, written, calls, service, refuse: refuseWith, failing };
}
