import type { ActivityRequest, PairPatch } from '../../src-preload/contract/channels.ts';
import type { IgnorePreview, MachineView, ScheduleView } from '../../src-preload/contract/desktop.ts';
import type {
  ActivityItem,
  ActivityPage,
  AppState,
  Choice,
  ConflictPolicy,
  EngineHealth,
  Notice,
  PairReport,
  SettingsView,
  TrayPresence,
} from '../../src-preload/contract/model.ts';
import type { AddAnswer, ChangeAnswer, KeepPlace } from '../../src-preload/contract/storage.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import type { Clock, Random } from '../platform/clock.ts';
import { slotsOf } from '../settings/bandwidth-rows.ts';
import { CrashSuspects } from './crash-suspects.ts';
import { EngineAsks } from './engine-asks.ts';
import type { EngineClient } from './engine-client.ts';
import { type BackendSetup, type EngineNews, errorView, type PairEnds, type PairSetup, type Pause } from './engine-protocol.ts';
import { patched, settingChange } from './folder-setting.ts';
import { spokenLanguage } from './language.ts';
import { MachineHolds } from './machine-holds.ts';
import type { PairSide } from './moved-folder.ts';
import { overallState } from './overall.ts';
import type { ChosenSignIn, PairKeys } from './pair-keys.ts';
import { PairOpener } from './pair-opener.ts';
import { type PairPlan, planned, type TargetPlan, targetEnd } from './pair-plan.ts';
import { closedReport } from './pair-report.ts';
import { pairRules, ruledAnew } from './pair-rules.ts';
import { PairSecrets } from './pair-secrets.ts';
import { type PairVaults, settingOf, type VaultPlan } from './pair-vaults.ts';
import { pairView } from './pair-view.ts';
import { scheduleFault } from './schedule-preview.ts';
import { type PairSetting, type S3Setting, type Settings, viewOfSettings } from './settings-schema.ts';
import type { SettingsStore } from './settings-store.ts';
import { concealed, type OpenedVault, revealed, type VaultSetup } from './vault-setup.ts';

/** So many finished actions are kept at hand for the overview and the tray. */
const RECENT = 30;

/** Of a folder that ended the engine thread again and again. */
const SET_ASIDE = {
  code: 'internal',
  message: 'the sync engine ended again and again while it worked on this folder',
  hint: 'The other folders go on. What happened is in the diagnostics (Settings).',
} as const;

/** What a new pair has beside what was asked for. */
const NEW_PAIR = { conflictOverrides: [], ignorePatterns: [], ignoreJunk: true, schedule: null, tuning: {}, pause: null } satisfies Partial<PairSetting>;

export interface AddOptions {
  readonly name: string;
  readonly conflictPolicy: ConflictPolicy;
  /** Of whatever secrets there are. */
  readonly keep: KeepPlace;
  /** Left out: plain. */
  readonly vault?: VaultPlan;
}

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
  readonly #reports = new Map<string, PairReport>();
  readonly #opener: PairOpener;
  readonly #suspects: CrashSuspects;
  readonly #secrets: PairSecrets;
  readonly #holds = new MachineHolds();
  /** For the window: what needs the engine thread alone. */
  readonly asks = new EngineAsks(() => this.#client());
  #engine: EngineClient | null = null;
  #health: EngineHealth = { kind: 'running' };
  #tray: TrayPresence = 'unknown';
  #notices: readonly Notice[];
  #recent: readonly ActivityItem[] = [];

  constructor(ports: ServicePorts) {
    this.#ports = ports;
    this.#notices = ports.store.notices;
    this.#suspects = new CrashSuspects(ports.clock);
    this.#secrets = new PairSecrets({ ...ports, client: () => this.#client() });
    this.#opener = new PairOpener({
      ...ports,
      send: async (pair, backend, vault) => {
        // An engine that is made tells what was done before it.
        this.#recent = this.#recent.filter((item) => item.pair !== pair);
        await this.#client().call('open', this.#setup(this.#pair(pair), backend, vault));
      },
      onWaiting: (pair, why, wantsSecret) => {
        this.#reports.set(pair, { ...closedReport('error', why.message, errorView(why)), wantsSecret });
        ports.onChange();
      },
    });
  }

  /** The engine's end is made after this one, since each tells the other. */
  attach(engine: EngineClient): void {
    this.#engine = engine;
  }

  get state(): AppState {
    const { store, version, computer } = this.#ports;
    const { pairs } = store.now;
    const { homeDir } = this.#ports;
    const views = pairs.map((pair) => pairView(pair, this.#reports.get(pair.id) ?? closedReport('syncing', 'Opening', null), { paused: this.#pauseNow(pair) !== null, homeDir }));
    return {
      overall: overallState(
        views.map((view) => view.state),
        this.#health,
      ),
      pairs: views,
      engine: this.#health,
      tray: this.#tray,
      machine: this.#holds.machine,
      language: spokenLanguage(store.now.language, this.#ports.languages),
      settings: viewOfSettings(store.now),
      notices: this.#notices,
      recent: this.#recent,
      version,
      computer,
    };
  }

  // What comes from the engine thread and the desktop.

  /** A new engine thread knows nothing: it is told every pair. */
  engineStarted(): void {
    this.#reports.clear();
    this.#holds.forgetTold();
    this.#recent = [];
    this.#tellBandwidth();
    const { pairs } = this.#ports.store.now;
    const first = this.#suspects.begin(pairs.map(({ id }) => id));
    for (const pair of pairs) {
      if (this.#suspects.isAside(pair.id)) this.#reports.set(pair.id, closedReport('error', SET_ASIDE.message, SET_ASIDE));
      else if (first.includes(pair.id)) this.#hand(pair);
    }
    this.#openNext();
    this.#ports.onChange();
  }

  engineHealth(health: EngineHealth): void {
    if (health.kind === 'restarting') this.#suspects.ended(this.#ports.store.now.pairs.map(({ id }) => id).filter((id) => !this.#isAbsent(id) && this.#isBusy(id)));
    this.#health = health;
    this.#ports.onChange();
  }

  news({ reports, activity }: Pick<EngineNews, 'reports' | 'activity'>): void {
    for (const { pair, report } of reports) this.#reports.set(pair, report);
    this.#openNext();
    if (activity.length > 0) this.#recent = [...activity.toReversed(), ...this.#recent].toSorted((a, b) => b.at - a.at).slice(0, RECENT);
    this.#ports.onChange();
    // Last, since the settings may not be writable.
    for (const { pair, report } of reports) this.#forgetEndedPause(pair, report);
  }

  /** A command did what the tray's menu does. */
  paused(id: string, pause: Pause): void {
    const pair = this.#ports.store.now.pairs.find((one) => one.id === id);
    if (pair !== undefined) this.#replace({ ...pair, pause });
  }

  trayPresence(tray: TrayPresence): void {
    if (tray === this.#tray) return;
    this.#tray = tray;
    this.#ports.onChange();
  }

  /** The machine goes to sleep: no effect begins until it wakes. Told twice by some desktops. */
  sleep(): void {
    if (this.#holds.sleeps(true)) this.#tellHolds();
  }

  wake(): void {
    if (!this.#holds.sleeps(false)) return;
    for (const { id } of this.#ports.store.now.pairs) this.#opener.retry(id);
    this.#tellHolds();
  }

  /** Power or network changed. A network that went, or came back, is looked at at once: waiting for the next poll would show what is no longer true, and keep files back for no reason. */
  machine(machine: MachineView): void {
    const before = this.#holds.machine;
    this.#holds.machine = machine;
    this.#tellHolds();
    if (machine.online !== before.online) this.#lookAgain();
    this.#ports.onChange();
  }

  /** Something went wrong inside the app; one card, with the latest. */
  fault(text: string): void {
    this.#notices = [...this.#notices.filter(({ id }) => id !== 'fault'), { id: 'fault', kind: 'fault', detail: text }];
    this.#ports.onChange();
  }

  // What the user wants.

  async check({ source, target }: PairPlan): Promise<PairEnds> {
    const others = this.#ports.store.now.pairs.map(endsOf);
    return this.#client().call('check', { source, target: targetEnd(target), others });
  }

  /** The encrypted vault at a place, opened with what this computer's keychain has from before; null where that has nothing that opens it. */
  async openKept(target: TargetPlan, vault: string): Promise<OpenedVault | null> {
    const secret = await this.#ports.vaults.kept(vault);
    return secret === null ? null : this.#client().call('vault-open-kept', { backend: planned(target), secret: revealed(secret) });
  }

  /** A vault that is new is made before the pair is there: nothing is ever synced to its place without it. */
  async add(plan: PairPlan, { name, conflictPolicy, keep, vault = { kind: 'plain' } }: AddOptions): Promise<AddAnswer> {
    const { store, random } = this.#ports;
    const { source, target } = await this.check(plan);
    const id = random.id();
    const backend = await this.#secrets.keepBackend(id, target.kind === 'local' ? target : plan.target, keep);
    if (backend.kind === 'no-keychain') return backend;
    try {
      const noPlace = await this.#secrets.settleVault(id, plan.target, vault, keep);
      if (noPlace !== null) {
        if (backend.kind === 's3') await this.#drop(id, name, backend);
        return noPlace;
      }
    } catch (error) {
      if (backend.kind === 's3') await this.#drop(id, name, backend);
      throw error;
    }
    const pair: PairSetting = { id, name, source, backend, protection: settingOf(vault, keep), conflictPolicy, ...NEW_PAIR };
    store.change({ pairs: [...store.now.pairs, pair] });
    this.#open(pair);
    this.#ports.onChange();
    return { kind: 'added', pair: id };
  }

  /** Another try at a pair's vault, with what was typed. */
  async unlock(id: string, text: string, keep: KeepPlace): Promise<ChangeAnswer> {
    const old = this.#pair(id);
    const { secret, ...opened } = await this.#client().call('vault-open', { backend: await this.#opener.backend(old), text });
    if (old.protection?.kind === 'encrypted' && old.protection.vault !== opened.vault)
      throw new SyncError('remote-replaced', 'the storage holds another vault than this folder was paired with', {
        hint: 'Nothing was changed. Put the right one back, or add the folder anew if this is meant.',
      });
    const noPlace = await this.#secrets.keepVault(id, { vault: opened.vault, secret: concealed(secret) }, keep);
    if (noPlace !== null) return noPlace;
    const next: PairSetting = { ...this.#pair(id), protection: { kind: 'encrypted', ...opened, keep } };
    this.#replace(next);
    this.#open(next);
    return { kind: 'changed' };
  }

  /** A side of a pair was moved: from here on it is found where `folder` is, if that is the very one. Both sides are compared anew then, as at the first time. */
  async repoint(id: string, side: PairSide, folder: string): Promise<void> {
    const old = this.#pair(id);
    const others = this.#ports.store.now.pairs.filter((pair) => pair.id !== id).map(endsOf);
    const { source, target } = await this.#client().call('check-moved', { now: endsOf(old), side, folder, others });
    const pair = this.#pair(id);
    const next: PairSetting = { ...pair, source, backend: target.kind === 'local' ? target : pair.backend };
    this.#reports.delete(id);
    this.#replace(next);
    this.#open(next);
  }

  /** Ends the syncing of a pair. Files, versions and state stay where they are on both sides; the keys of its bucket are removed from the keychain. */
  async remove(id: string): Promise<void> {
    const { store, onChange } = this.#ports;
    const { backend, name } = this.#pair(id);
    store.change({ pairs: store.now.pairs.filter((pair) => pair.id !== id) });
    this.#opener.forget(id);
    this.#ports.vaults.forget(id);
    this.#reports.delete(id);
    this.#recent = this.#recent.filter((item) => item.pair !== id);
    onChange();
    try {
      await this.#client().call('close', { pair: id });
    } finally {
      if (backend.kind === 's3') await this.#drop(id, name, backend);
    }
  }

  /** Another sign-in for the same bucket; the pair is opened anew with it. */
  async changeSignIn(id: string, signIn: ChosenSignIn, keep: KeepPlace): Promise<ChangeAnswer> {
    const old = this.#pair(id);
    if (old.backend.kind !== 's3') throw new SyncError('usage', 'this folder is not synced with a bucket');
    const credentials = await this.#secrets.keepSignIn(id, signIn, keep);
    if (credentials.kind === 'no-keychain') return credentials;
    const next: PairSetting = { ...old, backend: { ...old.backend, credentials } };
    this.#replace(next);
    this.#open(next);
    // What was just kept for the session replaced what was kept so before.
    if (credentials.kind !== 'session' || old.backend.credentials.kind !== 'session') await this.#drop(id, old.name, old.backend);
    return { kind: 'changed' };
  }

  async change(id: string, patch: PairPatch): Promise<void> {
    if (patch.schedule != null) checkSchedule(patch.schedule);
    await this.#change(id, patch);
  }

  /** A command of the user's changes what the window could. */
  async setByCommand(id: string, name: string, value: string | null): Promise<void> {
    const change = settingChange(this.#ports.store.now, id, name, value);
    if (change.kind === 'shared') return this.set(change.settings);
    await this.change(id, change.patch).catch((error: unknown) => {
      // A thread that is being started again is told everything anew.
      if (!hasCode(error, 'busy')) throw error;
    });
  }

  async #change(id: string, patch: PairPatch): Promise<void> {
    const before = this.#ports.store.now;
    const next = patched(this.#pair(id), patch);
    this.#replace(next);
    // A name is nothing to the engine; anything else makes a new one of it.
    if (ruledAnew(before, this.#ports.store.now).length > 0) {
      this.#suspects.pardon(id);
      await this.#opener.open(next);
    }
    this.#ports.onChange();
  }

  async syncNow(id: string | null): Promise<void> {
    await Promise.all(this.#some(id).map((pair) => this.#syncOne(pair)));
  }

  async #syncOne(pair: PairSetting): Promise<void> {
    if (this.#opener.isWaiting(pair.id)) this.#opener.retry(pair.id);
    else if (this.#suspects.isOpen(pair.id)) await this.#client().call('sync', { pair: pair.id });
    else {
      this.#reports.delete(pair.id);
      this.#open(pair);
      this.#ports.onChange();
    }
  }

  async pause(id: string | null, until: number | null): Promise<void> {
    for (const pair of this.#some(id)) {
      this.#replace({ ...pair, pause: { until } });
      if (!this.#isAbsent(pair.id)) await this.#client().call('pause', { pair: pair.id, until });
    }
  }

  async resume(id: string | null): Promise<void> {
    for (const pair of this.#some(id)) {
      this.#replace({ ...pair, pause: null });
      if (!this.#isAbsent(pair.id)) await this.#client().call('resume', { pair: pair.id });
    }
  }

  async release(pair: string, shown: number): Promise<void> {
    await this.#client().call('release', { pair, shown });
  }

  async resolve(pair: string, path: string, choice: Choice): Promise<void> {
    await this.#client().call('resolve', { pair, path, choice });
  }

  /** `shown` counts what the user was shown of all of them. */
  async resolveAll(id: string | null, choice: Choice, shown: number): Promise<void> {
    const pairs = this.#some(id).map((pair) => ({ pair: pair.id, total: this.#reports.get(pair.id)?.conflicts.total ?? 0 }));
    if (pairs.reduce((sum, { total }) => sum + total, 0) !== shown)
      throw new SyncError('usage', 'the list of conflicts has changed meanwhile', { hint: 'Look at it again, then decide.' });
    for (const { pair, total } of pairs) if (total > 0) await this.#client().call('resolve-all', { pair, choice, shown: total });
  }

  previewIgnored(id: string, patterns: readonly string[], junk: boolean): Promise<IgnorePreview> {
    const { source } = this.#pair(id);
    return this.#client().call('ignore-preview', { folder: source, patterns: [...this.#ports.store.now.ignorePatterns, ...patterns], junk });
  }

  async activity(request: ActivityRequest): Promise<ActivityPage> {
    if (request.pair !== null && this.#isAbsent(request.pair)) return { list: 0, total: 0, items: [] };
    return this.#client().call('activity', request);
  }

  set(settings: Partial<SettingsView>): void {
    const { store } = this.#ports;
    const { ignorePatterns: _, bandwidthTimetable: _rows, schedule, ...rest } = settings;
    if (schedule !== undefined) checkSchedule(schedule);
    const before = store.now;
    store.change({ ...rest, ...copied(settings) });
    // What every folder goes by makes new engines; those that have it their own way keep theirs.
    for (const pair of ruledAnew(before, store.now)) this.#open(pair);
    this.#tellHolds();
    if ([settings.bandwidth, settings.bandwidthTimetable, schedule].some((change) => change !== undefined)) this.#tellBandwidth();
    this.#ports.onChange();
  }

  dismiss(id: string): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
    if (id === 'engine' && this.#health.kind === 'restarted') this.#health = { kind: 'running' };
    this.#ports.onChange();
  }

  has(pair: string): boolean {
    return this.#ports.store.now.pairs.some(({ id }) => id === pair);
  }

  /** Every folder of every pair on this computer, as native paths. */
  get folders(): readonly string[] {
    return this.#ports.store.now.pairs.flatMap(({ source, backend }) => [source, ...(backend.kind === 'local' ? [backend.folder] : [])]);
  }

  /** The native path of one side of a pair, for the file manager. */
  path(id: string, side: 'source' | 'target'): string {
    const { source, backend } = this.#pair(id);
    if (side === 'source') return source;
    if (backend.kind === 's3') throw new SyncError('not-supported', 'a bucket cannot be shown in the file manager');
    return backend.folder;
  }

  #client(): EngineClient {
    if (this.#engine === null) throw new SyncError('busy', 'the app is still starting', { hint: 'Try again in a moment.' });
    return this.#engine;
  }

  /** For what nobody waits on: a thread that is gone is replaced and told everything anew. */
  #send(work: (engine: EngineClient) => Promise<unknown>): void {
    if (this.#engine !== null) work(this.#engine).catch(() => undefined);
  }

  /** The engine thread does not have it: it waits for its keys, or for what it did to the thread. */
  #isAbsent(id: string): boolean {
    return this.#opener.isWaiting(id) || !this.#suspects.isOpen(id);
  }

  #isBusy(id: string): boolean {
    return (this.#reports.get(id)?.state ?? 'syncing') === 'syncing';
  }

  #openNext(): void {
    const next = this.#suspects.next((id) => this.#isBusy(id));
    const pair = this.#ports.store.now.pairs.find(({ id }) => id === next);
    if (pair !== undefined) this.#hand(pair);
  }

  #tellBandwidth(): void {
    const { bandwidth, bandwidthTimetable, schedule } = this.#ports.store.now;
    const timetable = bandwidthTimetable.length === 0 ? {} : { timetable: { slots: slotsOf(bandwidthTimetable), timeZone: schedule.timeZone } };
    this.#send((engine) => engine.call('limit', { ...bandwidth, ...timetable }));
  }

  /** On the user's word. */
  #open(pair: PairSetting): void {
    this.#suspects.pardon(pair.id);
    this.#hand(pair);
  }

  #hand(pair: PairSetting): void {
    // A thread that is gone is replaced and told everything anew.
    if (this.#engine !== null) this.#opener.open(pair).catch(() => undefined);
  }

  #setup(pair: PairSetting, backend: BackendSetup, vault: VaultSetup): PairSetup {
    const { store } = this.#ports;
    const { id, source } = pair;
    const holds = this.#holds.tell(pair, store.now);
    return { id, source, backend, vault, ...pairRules(pair, store.now), pause: this.#pauseNow(pair), holds };
  }

  /** Each pair whose reasons changed is told them. */
  #tellHolds(): void {
    const settings = this.#ports.store.now;
    for (const pair of settings.pairs) {
      const reasons = this.#isAbsent(pair.id) ? null : this.#holds.news(pair, settings);
      if (reasons !== null) this.#send((engine) => engine.call('hold', { pair: pair.id, reasons }));
    }
  }

  #lookAgain(): void {
    for (const { id, backend } of this.#ports.store.now.pairs) {
      const { state, holds = [] } = this.#reports.get(id) ?? {};
      if (state === 'paused' || holds.length > 0 || (backend.kind !== 's3' && state !== 'offline')) continue;
      if (this.#opener.isWaiting(id)) this.#opener.retry(id);
      else if (this.#suspects.isOpen(id)) this.#send((engine) => engine.call('sync', { pair: id }));
    }
  }

  /** Keys that the keychain does not let go of are told of: nothing else can remove them. */
  async #drop(id: string, name: string, { credentials }: S3Setting): Promise<void> {
    try {
      await this.#ports.keys.drop(id, credentials);
    } catch {
      this.#notices = [...this.#notices, { id: `left-${id}`, kind: 'keys-left', detail: name }];
      this.#ports.onChange();
    }
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
}

function endsOf({ source, backend }: PairSetting): PairEnds {
  return { source, target: targetEnd(backend) };
}

function checkSchedule(schedule: ScheduleView): void {
  const fault = scheduleFault(schedule);
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
