import type { ActivityItem, PairReport } from '../../src-preload/contract/model.ts';
import type { Clock } from '../platform/clock.ts';
import { newestOf } from './activity-item.ts';
import { CrashSuspects } from './crash-suspects.ts';
import type { EngineLink } from './engine-link.ts';
import { type BackendSetup, type EngineNews, errorView, type PairSetup } from './engine-protocol.ts';
import { LastingTrouble, type Standstill } from './lasting-trouble.ts';
import type { MachineHolds } from './machine-holds.ts';
import type { PairKeys } from './pair-keys.ts';
import type { PairList } from './pair-list.ts';
import { PairOpener } from './pair-opener.ts';
import { closedReport } from './pair-report.ts';
import { pairRules } from './pair-rules.ts';
import type { PairVaults } from './pair-vaults.ts';
import type { PairSetting } from './settings-schema.ts';
import type { VaultSetup } from './vault-setup.ts';

/** So many finished actions are kept at hand for the overview and the tray. */
const RECENT = 30;

/** Of a folder that ended the engine thread again and again. */
const SET_ASIDE = {
  code: 'internal',
  message: 'the sync engine ended again and again while it worked on this folder',
  hint: 'The other folders go on. What happened is in the diagnostics (Settings).',
} as const;

export interface EnginePairsPorts {
  readonly list: PairList;
  readonly link: EngineLink;
  readonly holds: MachineHolds;
  readonly keys: PairKeys;
  readonly vaults: PairVaults;
  readonly clock: Clock;
  readonly onChange: () => void;
}

/** What the engine thread has of the pairs, and what it told of them last. A pair that it does not have waits for its keys, or for what it did to the thread. */
export class EnginePairs {
  readonly #ports: EnginePairsPorts;
  readonly #reports = new Map<string, PairReport>();
  readonly #opener: PairOpener;
  readonly #suspects: CrashSuspects;
  readonly #trouble: LastingTrouble;
  /** Of each pair, the newest first. */
  readonly #activity = new Map<string, readonly ActivityItem[]>();
  #recent: readonly ActivityItem[] = [];

  constructor(ports: EnginePairsPorts) {
    this.#ports = ports;
    this.#suspects = new CrashSuspects(ports.clock);
    this.#trouble = new LastingTrouble((pair) => ports.list.find(pair)?.standstill ?? null);
    this.#opener = new PairOpener({
      ...ports,
      send: async (pair, backend, vault) => {
        // An engine that is made tells what was done before it.
        this.#forgetRecent(pair);
        await ports.link.client.call('open', this.#setup(ports.list.get(pair), backend, vault));
      },
      onWaiting: (pair, why, wantsSecret) => {
        this.#reports.set(pair, { ...closedReport('error', why.message, errorView(why)), wantsSecret });
        ports.onChange();
      },
    });
  }

  /** Of all pairs, the newest first. */
  get recent(): readonly ActivityItem[] {
    return this.#recent;
  }

  report(id: string): PairReport | undefined {
    return this.#reports.get(id);
  }

  /** Since when it stands still, for the next start. */
  standstill(id: string): Standstill | null {
    return this.#trouble.of(id);
  }

  isAbsent(id: string): boolean {
    return this.#opener.isWaiting(id) || !this.#suspects.isOpen(id);
  }

  // The thread begins, tells and ends.

  /** A new thread knows nothing: it is told every pair. */
  begin(): void {
    this.#reports.clear();
    this.#ports.holds.forgetTold();
    this.#activity.clear();
    this.#recent = [];
    const pairs = this.#ports.list.all;
    const first = this.#suspects.begin(pairs.map(({ id }) => id));
    for (const pair of pairs) {
      if (this.#suspects.isAside(pair.id)) this.#reports.set(pair.id, closedReport('error', SET_ASIDE.message, SET_ASIDE));
      else if (first.includes(pair.id)) this.#hand(pair);
    }
    this.#openNext();
  }

  take({ reports, recent }: Pick<EngineNews, 'reports' | 'recent'>): void {
    for (const { pair, report } of reports) this.#reports.set(pair, this.#trouble.told(pair, report));
    this.#openNext();
    for (const { pair, items } of recent) if (this.#ports.list.find(pair) !== undefined) this.#activity.set(pair, items);
    if (recent.length > 0) this.#gather();
  }

  ended(): void {
    this.#suspects.ended(this.#ports.list.all.map(({ id }) => id).filter((id) => !this.isAbsent(id) && this.#isBusy(id)));
  }

  // What becomes of a pair.

  /** On the user's word, whatever it did to the thread. */
  open(pair: PairSetting): void {
    this.#suspects.pardon(pair.id);
    this.#hand(pair);
  }

  /** The same; resolves when the thread has the pair, or when it is known that it has to wait. */
  async opened(pair: PairSetting): Promise<void> {
    this.#suspects.pardon(pair.id);
    await this.#opener.open(pair);
  }

  forget(id: string): void {
    this.#opener.forget(id);
    this.#trouble.forget(id);
    this.forgetReport(id);
    this.#forgetRecent(id);
  }

  /** What was told of it does not hold any more. */
  forgetReport(id: string): void {
    this.#reports.delete(id);
  }

  async sync(pair: PairSetting): Promise<void> {
    if (this.#opener.isWaiting(pair.id)) this.#opener.retry(pair.id);
    else if (this.#suspects.isOpen(pair.id)) await this.#ports.link.client.call('sync', { pair: pair.id });
    else {
      this.forgetReport(pair.id);
      this.open(pair);
      this.#ports.onChange();
    }
  }

  // What this computer does.

  /** Each pair whose reasons to rest changed is told them. */
  tellHolds(): void {
    const { list, link, holds } = this.#ports;
    const { settings } = list;
    for (const pair of settings.pairs) {
      const reasons = this.isAbsent(pair.id) ? null : holds.news(pair, settings);
      if (reasons !== null) link.send((engine) => engine.call('hold', { pair: pair.id, reasons }));
    }
  }

  /** Those that wait for their keys are tried again. */
  retryAll(): void {
    for (const { id } of this.#ports.list.all) this.#opener.retry(id);
  }

  /** Those that a change of the network concerns. */
  lookAgain(): void {
    const { list, link } = this.#ports;
    for (const { id, backend } of list.all) {
      const { state, holds = [] } = this.#reports.get(id) ?? {};
      if (state === 'paused' || holds.length > 0 || (backend.kind !== 's3' && state !== 'offline')) continue;
      if (this.#opener.isWaiting(id)) this.#opener.retry(id);
      else if (this.#suspects.isOpen(id)) link.send((engine) => engine.call('sync', { pair: id }));
    }
  }

  #isBusy(id: string): boolean {
    return (this.#reports.get(id)?.state ?? 'syncing') === 'syncing';
  }

  #forgetRecent(id: string): void {
    if (this.#activity.delete(id)) this.#gather();
  }

  #gather(): void {
    this.#recent = newestOf([...this.#activity.values()], RECENT);
  }

  #openNext(): void {
    const next = this.#ports.list.find(this.#suspects.next((id) => this.#isBusy(id)));
    if (next !== undefined) this.#hand(next);
  }

  #hand(pair: PairSetting): void {
    // A thread that is gone is replaced and told everything anew.
    if (this.#ports.link.isThere) this.#opener.open(pair).catch(() => undefined);
  }

  #setup(pair: PairSetting, backend: BackendSetup, vault: VaultSetup): PairSetup {
    const { list, holds } = this.#ports;
    const { id, source } = pair;
    return { id, source, backend, vault, ...pairRules(pair, list.settings), pause: list.pauseOf(pair), holds: holds.tell(pair, list.settings) };
  }
}
