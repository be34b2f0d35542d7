import type { ActivityRequest, PairPatch } from '../../src-preload/contract/channels.ts';
import type { IgnorePreview, MachineView, ScheduleView } from '../../src-preload/contract/desktop.ts';
import type { ActivityPage, AppState, Choice, EngineHealth, SettingsView, TrayPresence } from '../../src-preload/contract/model.ts';
import { say } from '../../src-renderer/strings/say.ts';
import type { Pause } from '../compose/pair-rest.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import type { Clock, Random } from '../platform/clock.ts';
import { slotsOf } from '../settings/bandwidth-rows.ts';
import { AppNotices } from './app-notices.ts';
import { EngineAsks } from './engine-asks.ts';
import type { EngineClient } from './engine-client.ts';
import { EngineLink } from './engine-link.ts';
import { EnginePairs } from './engine-pairs.ts';
import type { EngineNews } from './engine-protocol.ts';
import { patched, settingChange } from './folder-setting.ts';
import { spokenLanguage } from './language.ts';
import { MachineHolds } from './machine-holds.ts';
import { overallState } from './overall.ts';
import type { PairKeys } from './pair-keys.ts';
import { lastsLonger, PairList } from './pair-list.ts';
import { PairRegistry } from './pair-registry.ts';
import { ruledAnew } from './pair-rules.ts';
import { openingReport } from './pair-state.ts';
import type { PairVaults } from './pair-vaults.ts';
import { pairView } from './pair-view.ts';
import { scheduleFaultText } from './schedule-preview.ts';
import { type PairSetting, type Settings, viewOfSettings } from './settings-schema.ts';
import type { SettingsStore } from './settings-store.ts';

export interface ServicePorts {
  readonly store: SettingsStore;
  readonly keys: PairKeys;
  readonly vaults: PairVaults;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: string;
  /** The user's home folder, which is written `~` on the screen. */
  readonly homeDir: string;
  /** The name of this device where the settings give it none. */
  readonly computer: string;
  /** The user's, in order. */
  readonly languages: readonly string[];
  readonly onChange: () => void;
}

/** Every folder pair as the app sees it: the settings on disk, the engines in their thread, and the picture of both for tray and windows. Knows no Electron. */
export class SyncService {
  readonly #ports: ServicePorts;
  readonly #link = new EngineLink();
  readonly #holds = new MachineHolds();
  readonly #notices: AppNotices;
  readonly #list: PairList;
  readonly #pairs: EnginePairs;
  /** For the window: what needs the engine thread alone. */
  readonly asks = new EngineAsks(() => this.#link.client);
  /** For the window: pairs that come, move and go. */
  readonly registry: PairRegistry;
  #health: EngineHealth = { kind: 'running' };
  #tray: TrayPresence = 'unknown';

  constructor(ports: ServicePorts) {
    this.#ports = ports;
    this.#notices = new AppNotices(ports.store.notices);
    this.#list = new PairList(ports);
    ports.store.onTrouble((trouble) => {
      this.#notices.settingsUnwritten(trouble === null ? null : say.errors.kinds[trouble.code]);
      ports.onChange();
    });
    const parts = { ...ports, link: this.#link, holds: this.#holds, notices: this.#notices, list: this.#list };
    this.#pairs = new EnginePairs(parts);
    this.registry = new PairRegistry({ ...parts, pairs: this.#pairs });
  }

  /** The engine's end is made after this one, since each tells the other. */
  attach(engine: EngineClient): void {
    this.#link.attach(engine);
  }

  get state(): AppState {
    const { store, version, computer, homeDir, languages } = this.#ports;
    const views = this.#list.all.map((pair) => {
      const pause = this.#list.pauseOf(pair);
      return pairView(pair, this.#pairs.report(pair.id) ?? openingReport(pause), { paused: pause !== null, homeDir });
    });
    return {
      overall: overallState(
        views.map((view) => view.state),
        this.#health,
      ),
      pairs: views,
      engine: this.#health,
      tray: this.#tray,
      machine: this.#holds.machine,
      language: spokenLanguage(store.now.language, languages),
      settings: viewOfSettings(store.now),
      notices: this.#notices.all,
      recent: this.#pairs.recent,
      version,
      computer,
    };
  }

  // What comes from the engine thread and the desktop.

  /** A new engine thread knows nothing: it is told everything. */
  engineStarted(): void {
    this.#tellBandwidth();
    this.#pairs.begin();
    this.#ports.onChange();
  }

  engineHealth(health: EngineHealth): void {
    if (health.kind === 'restarting') this.#pairs.ended();
    this.#health = health;
    this.#ports.onChange();
  }

  news(news: Pick<EngineNews, 'reports' | 'recent'>): void {
    this.#pairs.take(news);
    this.#ports.onChange();
    for (const { pair, report } of news.reports) {
      this.#list.forgetEndedPause(pair, report.state);
      this.#list.keepStandstill(pair, this.#pairs.standstill(pair));
    }
  }

  /** A command did what the tray's menu does. */
  paused(id: string, pause: Pause): void {
    const pair = this.#list.find(id);
    if (pair !== undefined) this.#list.replace({ ...pair, pause, pauseOfAll: null });
  }

  trayPresence(tray: TrayPresence): void {
    if (tray === this.#tray) return;
    this.#tray = tray;
    this.#ports.onChange();
  }

  /** The machine goes to sleep: no effect begins until it wakes. Told twice by some desktops. */
  sleep(): void {
    if (this.#holds.sleeps(true)) this.#pairs.tellHolds();
  }

  wake(): void {
    if (!this.#holds.sleeps(false)) return;
    this.#pairs.retryAll();
    this.#pairs.tellHolds();
  }

  /** Power or network changed. A network that went, or came back, is looked at at once: waiting for the next poll would show what is no longer true, and keep files back for no reason. */
  machine(machine: MachineView): void {
    const before = this.#holds.machine;
    this.#holds.machine = machine;
    this.#pairs.tellHolds();
    if (machine.online !== before.online) this.#pairs.lookAgain();
    this.#ports.onChange();
  }

  /** Something went wrong inside the app. */
  fault(text: string): void {
    this.#notices.fault(text);
    this.#ports.onChange();
  }

  // What the user wants.

  async change(id: string, patch: PairPatch): Promise<void> {
    if (patch.schedule != null) checkSchedule(patch.schedule);
    const before = this.#list.settings;
    const next = patched(this.#list.get(id), patch);
    this.#list.replace(next);
    // A name is nothing to the engine; anything else makes a new one of it.
    if (ruledAnew(before, this.#list.settings).length > 0) await this.#pairs.opened(next);
    this.#ports.onChange();
  }

  /** A command of the user's changes what the window could. What it is told is done is on disk. */
  async setByCommand(id: string, name: string, value: string | null): Promise<void> {
    const { store } = this.#ports;
    const change = settingChange(store.now, id, name, value);
    if (change.kind === 'shared') this.set(change.settings);
    else
      await this.change(id, change.patch).catch((error: unknown) => {
        // A thread that is being started again is told everything anew.
        if (!hasCode(error, 'busy')) throw error;
      });
    if (store.trouble !== null)
      throw new SyncError(store.trouble.code, 'this counts from now on, but is forgotten when the app ends: its settings cannot be saved', {
        hint: 'Make room where the settings are kept, or allow File Sync to write there; it is tried again every minute.',
        cause: store.trouble,
      });
  }

  async syncNow(id: string | null): Promise<void> {
    await Promise.all(this.#list.some(id).map((pair) => this.#pairs.sync(pair)));
  }

  async pause(id: string | null, until: number | null): Promise<void> {
    for (const pair of this.#list.some(id)) {
      if (id !== null) await this.#pauseAs({ ...pair, pause: { until } });
      // A pause of all shortens none.
      else if (pair.pauseOfAll === null || !lastsLonger(pair.pauseOfAll, { until })) await this.#pauseAs({ ...pair, pauseOfAll: { until } });
    }
  }

  async resume(id: string | null): Promise<void> {
    const isQuiet = (pair: PairSetting): boolean => this.#pairs.report(pair.id)?.holds.includes('quiet') === true;
    for (const pair of this.#list.resumed(id, isQuiet)) await this.#pauseAs(pair);
  }

  async #pauseAs(pair: PairSetting): Promise<void> {
    this.#list.replace(pair);
    const pause = this.#list.pauseOf(pair);
    if (this.#pairs.isAbsent(pair.id)) return;
    if (pause === null) await this.#link.client.call('resume', { pair: pair.id });
    else await this.#link.client.call('pause', { pair: pair.id, until: pause.until });
  }

  async release(pair: string, shown: number): Promise<void> {
    await this.#link.client.call('release', { pair, shown });
  }

  async resolve(pair: string, path: string, choice: Choice): Promise<void> {
    await this.#link.client.call('resolve', { pair, path, choice });
  }

  /** `shown` counts what the user was shown of all of them. */
  async resolveAll(id: string | null, choice: Choice, shown: number): Promise<void> {
    const pairs = this.#list.some(id).map((pair) => ({ pair: pair.id, total: this.#pairs.report(pair.id)?.conflicts.total ?? 0 }));
    if (pairs.reduce((sum, { total }) => sum + total, 0) !== shown)
      throw new SyncError('usage', 'the list of conflicts has changed meanwhile', { hint: 'Look at it again, then decide.' });
    for (const { pair, total } of pairs) if (total > 0) await this.#link.client.call('resolve-all', { pair, choice, shown: total });
  }

  previewIgnored(id: string, patterns: readonly string[], junk: boolean): Promise<IgnorePreview> {
    const { source } = this.#list.get(id);
    return this.#link.client.call('ignore-preview', { folder: source, patterns: [...this.#ports.store.now.ignorePatterns, ...patterns], junk });
  }

  async activity(request: ActivityRequest): Promise<ActivityPage> {
    if (request.pair !== null && this.#pairs.isAbsent(request.pair)) return { list: 0, total: 0, items: [] };
    return this.#link.client.call('activity', request);
  }

  set(settings: Partial<SettingsView>): void {
    const { store } = this.#ports;
    const { ignorePatterns: _, bandwidthTimetable: _rows, schedule, ...rest } = settings;
    if (schedule !== undefined) checkSchedule(schedule);
    const before = store.now;
    store.change({ ...rest, ...copied(settings) });
    // What every folder goes by makes new engines; those that have it their own way keep theirs.
    for (const pair of ruledAnew(before, store.now)) this.#pairs.open(pair);
    this.#pairs.tellHolds();
    if ([settings.bandwidth, settings.bandwidthTimetable, schedule].some((change) => change !== undefined)) this.#tellBandwidth();
    this.#ports.onChange();
  }

  dismiss(id: string): void {
    this.#notices.dismiss(id);
    if (id === 'engine' && this.#health.kind === 'restarted') this.#health = { kind: 'running' };
    this.#ports.onChange();
  }

  has(pair: string): boolean {
    return this.#list.find(pair) !== undefined;
  }

  /** Every folder of every pair on this computer, as native paths. */
  get folders(): readonly string[] {
    return this.#list.folders;
  }

  /** The native path of one side of a pair, for the file manager. */
  path(id: string, side: 'source' | 'target'): string {
    return this.#list.path(id, side);
  }

  #tellBandwidth(): void {
    const { bandwidth, bandwidthTimetable, schedule } = this.#ports.store.now;
    const timetable = bandwidthTimetable.length === 0 ? {} : { timetable: { slots: slotsOf(bandwidthTimetable), timeZone: schedule.timeZone } };
    this.#link.send((engine) => engine.call('limit', { ...bandwidth, ...timetable }));
  }
}

function checkSchedule(schedule: ScheduleView): void {
  const fault = scheduleFaultText(schedule);
  if (fault !== null) throw new SyncError('usage', fault);
}

/** Lists of a window, as the settings hold them. */
function copied({ ignorePatterns, schedule, bandwidthTimetable }: Partial<SettingsView>): Partial<Settings> {
  return {
    ...(ignorePatterns === undefined ? {} : { ignorePatterns: [...ignorePatterns] }),
    ...(schedule === undefined ? {} : { schedule: { ...schedule, quiet: [...schedule.quiet] } }),
    ...(bandwidthTimetable === undefined ? {} : { bandwidthTimetable: bandwidthTimetable.map((row) => ({ ...row, days: [...row.days] })) }),
  };
}
