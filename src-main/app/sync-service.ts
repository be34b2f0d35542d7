import type { ActivityRequest, PairPatch } from '../../src-preload/contract/channels.ts';
import type {
  ActivityItem,
  ActivityPage,
  AppState,
  Choice,
  ConflictPolicy,
  ConflictPreview,
  EngineHealth,
  Notice,
  PairReport,
  PairView,
  SettingsView,
  TrayPresence,
} from '../../src-preload/contract/model.ts';
import { SyncError } from '../core/errors.ts';
import type { BandwidthLimits } from '../platform/bandwidth.ts';
import type { Clock, Random } from '../platform/clock.ts';
import type { EngineClient } from './engine-client.ts';
import type { EngineNews, PairPaths, PairSetup } from './engine-protocol.ts';
import { overallState } from './overall.ts';
import { closedReport } from './pair-report.ts';
import type { PairSetting } from './settings-schema.ts';
import type { SettingsStore } from './settings-store.ts';

/** So many finished actions are kept at hand for the overview and the tray. */
const RECENT = 30;

export interface ServicePorts {
  readonly store: SettingsStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: string;
  /** The user's home folder, which is written `~` on the screen. */
  readonly homeDir: string;
  readonly onChange: () => void;
}

/** Every folder pair as the app sees it: the settings on disk, the engines in their thread, and the picture of both for tray and windows. Knows no Electron. */
export class SyncService {
  readonly #ports: ServicePorts;
  readonly #reports = new Map<string, PairReport>();
  #engine: EngineClient | null = null;
  #health: EngineHealth = { kind: 'running' };
  #tray: TrayPresence = 'unknown';
  #notices: readonly Notice[];
  #recent: readonly ActivityItem[] = [];
  #asleep = false;

  constructor(ports: ServicePorts) {
    this.#ports = ports;
    this.#notices = ports.store.notices;
  }

  /** The engine's end is made after this one, since each tells the other. */
  attach(engine: EngineClient): void {
    this.#engine = engine;
  }

  get state(): AppState {
    const { store, version } = this.#ports;
    const { pairs, theme, startAtLogin, notify } = store.now;
    const views = pairs.map((pair) => this.#view(pair));
    return {
      overall: overallState(
        views.map((view) => view.state),
        this.#health,
      ),
      pairs: views,
      engine: this.#health,
      tray: this.#tray,
      settings: { theme, startAtLogin, notify },
      notices: this.#notices,
      recent: this.#recent,
      version,
    };
  }

  // What comes from the engine thread and the desktop.

  /** A new engine thread knows nothing: it is told every pair. */
  engineStarted(): void {
    this.#reports.clear();
    this.#recent = [];
    const { pairs, bandwidth } = this.#ports.store.now;
    this.#send((engine) => engine.call('limit', bandwidth));
    for (const pair of pairs) this.#open(pair);
    this.#ports.onChange();
  }

  engineHealth(health: EngineHealth): void {
    this.#health = health;
    this.#ports.onChange();
  }

  news({ reports, activity }: EngineNews): void {
    for (const { pair, report } of reports) {
      this.#reports.set(pair, report);
      this.#forgetEndedPause(pair, report);
    }
    if (activity.length > 0) this.#recent = [...activity.toReversed(), ...this.#recent].toSorted((a, b) => b.at - a.at).slice(0, RECENT);
    this.#ports.onChange();
  }

  trayPresence(tray: TrayPresence): void {
    if (tray === this.#tray) return;
    this.#tray = tray;
    this.#ports.onChange();
  }

  /** The machine goes to sleep: no effect begins until it wakes. Told twice by some desktops. */
  sleep(): void {
    if (this.#asleep) return;
    this.#asleep = true;
    for (const { id, pause } of this.#ports.store.now.pairs) if (pause === null) this.#send((engine) => engine.call('pause', { pair: id, until: null }));
  }

  wake(): void {
    if (!this.#asleep) return;
    this.#asleep = false;
    for (const { id, pause } of this.#ports.store.now.pairs) if (pause === null) this.#send((engine) => engine.call('resume', { pair: id }));
  }

  // What the user wants.

  async check(folders: PairPaths): Promise<PairPaths> {
    return this.#client().call('check', { ...folders, others: this.#ports.store.now.pairs.map(({ source, backend }) => ({ source, target: backend.folder })) });
  }

  async add(folders: PairPaths, { name, conflictPolicy }: { readonly name: string; readonly conflictPolicy: ConflictPolicy }): Promise<{ readonly pair: string }> {
    const { store, random } = this.#ports;
    const { source, target } = await this.check(folders);
    const pair: PairSetting = { id: random.id(), name, source, backend: { kind: 'local', folder: target }, conflictPolicy, ignorePatterns: [], ignoreJunk: true, pause: null };
    store.change({ pairs: [...store.now.pairs, pair] });
    this.#open(pair);
    this.#ports.onChange();
    return { pair: pair.id };
  }

  /** Ends the syncing of a pair. Files, versions and state stay where they are on both sides. */
  async remove(id: string): Promise<void> {
    const { store } = this.#ports;
    this.#pair(id);
    store.change({ pairs: store.now.pairs.filter((pair) => pair.id !== id) });
    this.#reports.delete(id);
    this.#recent = this.#recent.filter((item) => item.pair !== id);
    this.#ports.onChange();
    await this.#client().call('close', { pair: id });
  }

  async change(id: string, { name, conflictPolicy, ignorePatterns, ignoreJunk }: PairPatch): Promise<void> {
    const old = this.#pair(id);
    const next: PairSetting = {
      ...old,
      name: name ?? old.name,
      conflictPolicy: conflictPolicy ?? old.conflictPolicy,
      ignorePatterns: ignorePatterns === undefined ? old.ignorePatterns : [...ignorePatterns],
      ignoreJunk: ignoreJunk ?? old.ignoreJunk,
    };
    this.#replace(next);
    // A name is nothing to the engine; anything else makes a new one of it.
    if (conflictPolicy !== undefined || ignorePatterns !== undefined || ignoreJunk !== undefined) await this.#client().call('open', this.#setup(next));
    this.#ports.onChange();
  }

  async syncNow(id: string | null): Promise<void> {
    await Promise.all(this.#some(id).map(({ id: pair }) => this.#client().call('sync', { pair })));
  }

  async pause(id: string | null, until: number | null): Promise<void> {
    for (const pair of this.#some(id)) {
      this.#replace({ ...pair, pause: { until } });
      await this.#client().call('pause', { pair: pair.id, until });
    }
  }

  async resume(id: string | null): Promise<void> {
    for (const pair of this.#some(id)) {
      this.#replace({ ...pair, pause: null });
      if (!this.#asleep) await this.#client().call('resume', { pair: pair.id });
    }
  }

  async release(pair: string, shown: number): Promise<void> {
    await this.#client().call('release', { pair, shown });
  }

  async resolve(pair: string, path: string, choice: Choice): Promise<void> {
    await this.#client().call('resolve', { pair, path, choice });
  }

  preview(pair: string, path: string): Promise<ConflictPreview> {
    return this.#client().call('preview', { pair, path });
  }

  activity(request: ActivityRequest): Promise<ActivityPage> {
    return this.#client().call('activity', request);
  }

  set(settings: Partial<SettingsView>): void {
    this.#ports.store.change(settings);
    this.#ports.onChange();
  }

  limit(bandwidth: BandwidthLimits): void {
    this.#ports.store.change({ bandwidth });
    this.#send((engine) => engine.call('limit', bandwidth));
    this.#ports.onChange();
  }

  dismiss(id: string): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
    if (id === 'engine' && this.#health.kind === 'restarted') this.#health = { kind: 'running' };
    this.#ports.onChange();
  }

  /** The native paths of a pair, for the file manager. */
  paths(id: string): PairPaths {
    const { source, backend } = this.#pair(id);
    return { source, target: backend.folder };
  }

  #client(): EngineClient {
    if (this.#engine === null) throw new SyncError('busy', 'the app is still starting', { hint: 'Try again in a moment.' });
    return this.#engine;
  }

  /** For what nobody waits on: a thread that is gone is replaced and told everything anew. */
  #send(work: (engine: EngineClient) => Promise<unknown>): void {
    if (this.#engine !== null) work(this.#engine).catch(() => undefined);
  }

  #open(pair: PairSetting): void {
    this.#send((engine) => engine.call('open', this.#setup(pair)));
  }

  #setup(pair: PairSetting): PairSetup {
    const { id, source, backend, conflictPolicy, ignorePatterns, ignoreJunk } = pair;
    return { id, source, backend, conflictPolicy, ignorePatterns, ignoreJunk, pause: this.#asleep ? { until: null } : this.#pauseNow(pair) };
  }

  #pauseNow({ pause }: PairSetting): PairSetting['pause'] {
    return pause?.until != null && pause.until <= this.#ports.clock.now() ? null : pause;
  }

  #pair(id: string): PairSetting {
    const pair = this.#ports.store.now.pairs.find((p) => p.id === id);
    if (pair === undefined) throw new SyncError('not-found', 'there is no such folder pair');
    return pair;
  }

  #some(id: string | null): readonly PairSetting[] {
    return id === null ? this.#ports.store.now.pairs : [this.#pair(id)];
  }

  #replace(next: PairSetting): void {
    const { store } = this.#ports;
    store.change({ pairs: store.now.pairs.map((pair) => (pair.id === next.id ? next : pair)) });
    this.#ports.onChange();
  }

  /** A timed pause ends in the engine; the settings follow. */
  #forgetEndedPause(id: string, report: PairReport): void {
    const pair = this.#ports.store.now.pairs.find((p) => p.id === id);
    if (pair?.pause?.until == null || report.state === 'paused' || pair.pause.until > this.#ports.clock.now()) return;
    this.#replace({ ...pair, pause: null });
  }

  #view(pair: PairSetting): PairView {
    const { id, name, source, backend, conflictPolicy, ignorePatterns, ignoreJunk } = pair;
    const report = this.#reports.get(id) ?? closedReport('syncing', 'Opening', null);
    return { ...report, id, name, source: this.#shown(source), target: this.#shown(backend.folder), settings: { conflictPolicy, ignorePatterns, ignoreJunk } };
  }

  #shown(path: string): string {
    const { homeDir } = this.#ports;
    return path.startsWith(homeDir) && /^[/\\]/.test(path.slice(homeDir.length)) ? `~${path.slice(homeDir.length)}` : path;
  }
}
