import { type NotifyEvent, ROUTINE_EVENTS } from '../../src-preload/contract/desktop.ts';
import type { AppState, PairView, SettingsView } from '../../src-preload/contract/model.ts';
import { en } from '../../src-renderer/strings/en.ts';
import { filesOf, isBurst } from '../../src-renderer/strings/words.ts';
import type { Clock } from '../platform/clock.ts';
import type { FolderGains } from './folder-gains.ts';

/** What happens within this time becomes one notification a folder. */
const GATHER_MS = 10_000;
/** One cause is told so often at most, however often it comes and goes. */
const REST_MS = 600_000;

/** What a click on a notification, or on its button, asks for. */
export type NotifyIntent =
  | { readonly kind: 'conflicts' }
  | { readonly kind: 'overview' }
  | { readonly kind: 'folder'; readonly pair: string }
  | { readonly kind: 'sync'; readonly pair: string };

export interface Notification {
  readonly title: string;
  readonly body: string;
  readonly onClick: NotifyIntent;
  /** Where the system can show a button. */
  readonly button: { readonly label: string; readonly intent: NotifyIntent } | null;
}

export interface NotifierPorts {
  readonly clock: Clock;
  /** Files that a folder got in step since it was last asked. */
  readonly gains: FolderGains;
  readonly show: (notification: Notification) => void;
}

/** Tells the user what needs a person, and, where it is wanted, routine work: gathered over ten seconds, never more than one message for one cause in ten minutes. */
export class Notifier {
  readonly #ports: NotifierPorts;
  readonly #ended = new AbortController();
  /** What was told and has not ended since. */
  #told = new Set<string>();
  readonly #toldAt = new Map<string, number>();
  #latest: AppState | null = null;
  #gathering = false;
  #resting = false;

  constructor(ports: NotifierPorts) {
    this.#ports = ports;
  }

  update(state: AppState): void {
    this.#latest = state;
    const wanted = this.#reasons(state);
    this.#told = new Set([...this.#told].filter((key) => wanted.has(key)));
    const rests = this.#news(wanted).map(([key]) => this.#restOf(key, this.#ports.clock.now()));
    if (!this.#gathering && rests.includes(0)) void this.#gather();
    const later = rests.filter((rest) => rest > 0);
    if (!this.#resting && later.length > 0) void this.#rest(Math.min(...later));
  }

  end(): void {
    this.#ended.abort();
  }

  async #gather(): Promise<void> {
    this.#gathering = true;
    if (!(await this.#sleep(GATHER_MS))) return;
    this.#gathering = false;
    if (this.#latest === null) return;
    const now = this.#ports.clock.now();
    for (const [key, notification] of this.#news(this.#reasons(this.#latest))) {
      if (this.#restOf(key, now) > 0) continue;
      this.#told.add(key);
      this.#toldAt.set(key, now);
      this.#ports.gains.told(key);
      this.#ports.show(notification);
    }
  }

  /** What came again too early is looked at when its time is over. */
  async #rest(ms: number): Promise<void> {
    this.#resting = true;
    if (!(await this.#sleep(ms))) return;
    this.#resting = false;
    if (this.#latest !== null) this.update(this.#latest);
  }

  async #sleep(ms: number): Promise<boolean> {
    return this.#ports.clock.sleep(ms, this.#ended.signal).then(
      () => true,
      () => false,
    );
  }

  #news(wanted: ReadonlyMap<string, Notification>): readonly (readonly [string, Notification])[] {
    return [...wanted].filter(([key]) => !this.#told.has(key));
  }

  #restOf(key: string, now: number): number {
    const at = this.#toldAt.get(key);
    // A clock that was set back must not silence it.
    return at === undefined || now < at ? 0 : Math.max(0, at + REST_MS - now);
  }

  #reasons({ pairs, engine, settings }: AppState): ReadonlyMap<string, Notification> {
    const all = pairs.flatMap((pair) => pairReasons(pair, this.#ports.gains.files(pair)).map(([event, notification]) => [event, `${pair.id} ${event}`, notification] as const));
    const every = engine.kind === 'stopped' ? [['engine', 'engine', plain(en.notification.engine)] as const, ...all] : all;
    return new Map(every.filter(([event]) => isWanted(event, settings)).map(([, key, notification]) => [key, notification]));
  }
}

function isWanted(event: NotifyEvent, { notify, notifyEvents }: SettingsView): boolean {
  return notify !== 'off' && notifyEvents[event] && (notify === 'all' || !ROUTINE_EVENTS.includes(event));
}

type Reason = readonly [NotifyEvent, Notification];

function pairReasons(pair: PairView, finished: number): readonly Reason[] {
  const { id, name, state, error, conflicts, held, failures, holds } = pair;
  const { actions } = en.notifications;
  const folder: NotifyIntent = { kind: 'folder', pair: id };
  const retry = { label: actions.retry, intent: { kind: 'sync', pair: id } } as const;
  const reasons: (Reason | null)[] = [
    state === 'error' && error !== null ? ['error', { ...en.notification.error(name, error.message), onClick: folder, button: retry }] : null,
    conflicts.total > 0
      ? ['conflict', { ...en.notification.conflict(conflicts.total, name), onClick: { kind: 'conflicts' }, button: { label: actions.decide, intent: { kind: 'conflicts' } } }]
      : null,
    held.length > 0 ? ['held', { ...heldWords(held, name), onClick: { kind: 'overview' }, button: { label: actions.look, intent: { kind: 'overview' } } }] : null,
    failures.items.some((failure) => failure.attempts > 1)
      ? ['failures', { ...en.notification.failures(failures.total, name), onClick: { kind: 'overview' }, button: retry }]
      : null,
    holds.includes('disk') ? ['disk', plain(en.notifications.disk(name))] : null,
    state === 'offline' ? ['offline', { ...en.notifications.offline(name), onClick: folder, button: retry }] : null,
    finished > 0 && state === 'ok' ? ['finished', { ...en.notifications.finished(finished, name), onClick: folder, button: null }] : null,
  ];
  return reasons.filter((reason) => reason !== null);
}

function plain(words: { readonly title: string; readonly body: string }): Notification {
  return { ...words, onClick: { kind: 'overview' }, button: null };
}

/** Of both kinds the more pressing. */
function heldWords(held: PairView['held'], name: string): Pick<Notification, 'title' | 'body'> {
  const bursts = filesOf(held.filter(isBurst));
  return bursts > 0 ? en.notification.burst(bursts, name) : en.notification.held(filesOf(held), name);
}
