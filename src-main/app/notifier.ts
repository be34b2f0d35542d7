import { type NotifyEvent, ROUTINE_EVENTS } from '../../src-preload/contract/desktop.ts';
import type { AppState, PairView, SettingsView } from '../../src-preload/contract/model.ts';
import { errorWords } from '../../src-renderer/strings/error-words.ts';
import { nameOf, namesOf } from '../../src-renderer/strings/file-names.ts';
import { say } from '../../src-renderer/strings/say.ts';
import { filesOf, isBurst, isHopeless, loudProblems } from '../../src-renderer/strings/words.ts';
import type { Clock } from '../platform/clock.ts';
import type { FolderGains } from './folder-gains.ts';
import type { Settled } from './settled.ts';

/** What happens within this time becomes one notification a folder. */
const GATHER_MS = 10_000;
/** One cause is told so often at most, however often it comes and goes. */
const REST_MS = 600_000;
/** What stands and is told is told again once it is so many times as much. */
const GROWN = 2;

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
  /** What was told and has not ended since, with how much it was. */
  #told: ReadonlyMap<string, number> = new Map();
  readonly #toldAt = new Map<string, { readonly at: number; readonly size: number; readonly about: string | undefined }>();
  #latest: AppState | null = null;
  #gathering = false;
  #resting = false;

  constructor(ports: NotifierPorts) {
    this.#ports = ports;
  }

  update(state: AppState): void {
    this.#latest = state;
    const wanted = this.#reasons(state);
    this.#told = new Map([...this.#told].filter(([key]) => wanted.has(key)));
    const rests = this.#news(wanted).map((reason) => this.#restOf(reason, this.#ports.clock.now()));
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
    const shown = new Set<string>();
    for (const reason of this.#news(this.#reasons(this.#latest))) {
      const { key, size, about, topic, notification } = reason;
      if (this.#restOf(reason, now) > 0) continue;
      this.#told = new Map([...this.#told, [key, size]]);
      this.#toldAt.set(key, { at: now, size, about });
      this.#ports.gains.told(key);
      // Of what came together about one matter the most pressing is enough.
      if (!shown.has(topic)) this.#ports.show(notification);
      shown.add(topic);
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

  #news(wanted: ReadonlyMap<string, Wanted>): readonly Wanted[] {
    return [...wanted.values()].filter(({ key, size }) => {
      const told = this.#told.get(key);
      return told === undefined || size >= GROWN * told;
    });
  }

  /** Of something else, another file, or another number of files, it is another cause, which need not wait. */
  #restOf({ key, size, about }: Wanted, now: number): number {
    const last = this.#toldAt.get(key);
    // A clock that was set back must not silence it.
    return last === undefined || last.size !== size || last.about !== about || now < last.at ? 0 : Math.max(0, last.at + REST_MS - now);
  }

  #reasons({ pairs, engine, settings }: AppState): ReadonlyMap<string, Wanted> {
    const all = pairs.flatMap((pair) =>
      pairReasons(pair, this.#ports.gains).map(({ event, cause, size = NO_SIZE, about, notification }) => {
        const topic = `${pair.id} ${event}`;
        return { event, topic, key: cause === undefined ? topic : `${topic} ${cause}`, size, about, notification };
      }),
    );
    const stopped: Wanted = { event: 'engine', topic: 'engine', key: 'engine', size: NO_SIZE, about: undefined, notification: plain(say.notification.engine) };
    const every = engine.kind === 'stopped' ? [stopped, ...all] : all;
    return new Map(every.filter(({ event }) => isWanted(event, settings)).map((wanted) => [wanted.key, wanted]));
  }
}

/** A reason of which there is no more or less. */
const NO_SIZE = 0.5;

interface Wanted {
  readonly event: NotifyEvent;
  /** What belongs together when it comes together. */
  readonly topic: string;
  /** One cause. */
  readonly key: string;
  readonly size: number;
  /** Which it is of several that are told alike. */
  readonly about: string | undefined;
  readonly notification: Notification;
}

function isWanted(event: NotifyEvent, { notify, notifyEvents }: SettingsView): boolean {
  return notify !== 'off' && notifyEvents[event] && (notify === 'all' || !ROUTINE_EVENTS.includes(event));
}

interface Reason {
  readonly event: NotifyEvent;
  /** Beside the event: what makes it another cause. */
  readonly cause?: string;
  /** How many files it is about, where another number is another cause. */
  readonly size?: number;
  /** Once it has ended, another one of its like need not wait. */
  readonly about?: string | undefined;
  readonly notification: Notification;
}

function pairReasons(pair: PairView, gains: FolderGains): readonly Reason[] {
  const { id, name, state, error, conflicts, failures, holds } = pair;
  const { actions } = say.notifications;
  const folder: NotifyIntent = { kind: 'folder', pair: id };
  const retry = { label: actions.retry, intent: { kind: 'sync', pair: id } } as const;
  const overview: Pick<Notification, 'onClick' | 'button'> = { onClick: { kind: 'overview' }, button: { label: actions.look, intent: { kind: 'overview' } } };
  const finished = gains.files(pair);
  const settled = gains.settled(pair);
  const failed = failures.items.filter(({ attempts }) => attempts > 1);
  const problems = loudProblems(pair);
  const reasons: (Reason | null)[] = [
    state === 'error' && error !== null
      ? { event: 'error', cause: error.code, notification: { ...say.notification.error(name, errorWords(error)), onClick: folder, button: retry } }
      : null,
    conflicts.total > 0
      ? {
          event: 'conflict',
          about: conflicts.items[0]?.path,
          notification: {
            ...say.notification.conflict(conflicts.total, name, namesOf(conflicts.items, conflicts.total)),
            onClick: { kind: 'conflicts' },
            button: { label: actions.decide, intent: { kind: 'conflicts' } },
          },
        }
      : null,
    settled.length > 0
      ? {
          event: 'conflict',
          cause: 'settled',
          notification: { ...settledWords(settled, name), onClick: { kind: 'conflicts' }, button: { label: actions.look, intent: { kind: 'conflicts' } } },
        }
      : null,
    ...heldReasons(pair, overview),
    failed.length > 0
      ? {
          event: 'failures',
          notification: {
            ...say.notification.failures(failures.total, name, namesOf(failed, failures.total)),
            ...overview,
            ...(failed.every(isHopeless) ? {} : { button: retry }),
          },
        }
      : null,
    problems.length > 0
      ? { event: 'failures', cause: 'problems', notification: { ...say.notification.problems(problems.length, name, namesOf(problems, problems.length)), ...overview } }
      : null,
    holds.includes('disk') ? { event: 'disk', notification: plain(say.notifications.disk(name)) } : null,
    state === 'offline' ? { event: 'offline', notification: { ...say.notifications.offline(name), onClick: folder, button: retry } } : null,
    finished > 0 && state === 'ok' ? { event: 'finished', notification: { ...say.notifications.finished(finished, name), onClick: folder, button: null } } : null,
  ];
  return reasons.filter((reason) => reason !== null);
}

function plain(words: { readonly title: string; readonly body: string }): Notification {
  return { ...words, onClick: { kind: 'overview' }, button: null };
}

/** The more pressing kind first. Files that go on another side, or for another reason, are another matter. */
function heldReasons({ held, name }: PairView, leads: Pick<Notification, 'onClick' | 'button'>): readonly Reason[] {
  const kinds = [
    { of: held.filter(isBurst), words: say.notification.burst },
    { of: held.filter((each) => !isBurst(each)), words: say.notification.held },
  ];
  return kinds.flatMap(({ of, words }) => {
    const size = filesOf(of);
    return size === 0 ? [] : [{ event: 'held', cause: of.map(({ side, why }) => `${side} ${why}`).join(' '), size, notification: { ...words(size, name), ...leads } }];
  });
}

function settledWords(settled: readonly Settled[], name: string): Pick<Notification, 'title' | 'body'> {
  const [first] = settled;
  return first !== undefined && settled.length === 1
    ? say.notification.settled(nameOf(first.path), say.notification.settledAs[first.kept](name))
    : say.notification.manySettled(settled.length, name);
}
