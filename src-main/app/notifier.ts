import type { AppState, PairView } from '../../src-preload/contract/model.ts';
import { en } from '../../src-renderer/strings/en.ts';
import type { Clock } from '../platform/clock.ts';

/** What happens within this time becomes one notification a folder. */
const GATHER_MS = 10_000;

export interface Notification {
  readonly title: string;
  readonly body: string;
}

export interface NotifierPorts {
  readonly clock: Clock;
  readonly show: (notification: Notification) => void;
}

/** Tells the user what needs a person, once for each time it begins; never routine work, never one message a file. */
export class Notifier {
  readonly #ports: NotifierPorts;
  readonly #ended = new AbortController();
  /** What was told and has not ended since. */
  #told = new Set<string>();
  #latest: AppState | null = null;
  #gathering = false;

  constructor(ports: NotifierPorts) {
    this.#ports = ports;
  }

  update(state: AppState): void {
    this.#latest = state;
    const wanted = reasons(state);
    this.#told = new Set([...this.#told].filter((key) => wanted.has(key)));
    const news = [...wanted.keys()].some((key) => !this.#told.has(key));
    if (news && !this.#gathering && state.settings.notify === 'attention') void this.#gather();
  }

  end(): void {
    this.#ended.abort();
  }

  async #gather(): Promise<void> {
    this.#gathering = true;
    try {
      await this.#ports.clock.sleep(GATHER_MS, this.#ended.signal);
    } catch {
      return;
    }
    this.#gathering = false;
    if (this.#latest === null) return;
    for (const [key, notification] of reasons(this.#latest)) {
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      this.#ports.show(notification);
    }
  }
}

function reasons({ pairs, engine }: AppState): ReadonlyMap<string, Notification> {
  const all = pairs.flatMap((pair) => pairReasons(pair).map(([what, notification]) => [`${pair.id} ${what}`, notification] as const));
  return new Map(engine.kind === 'stopped' ? [['engine', en.notification.engine], ...all] : all);
}

function pairReasons({ name, state, error, conflicts, held, failures }: PairView): readonly (readonly [string, Notification])[] {
  const deletions = held.reduce((sum, { paths }) => sum + paths.total, 0);
  return [
    ...(state === 'error' && error !== null ? [['error', en.notification.error(name, error.message)] as const] : []),
    ...(conflicts.total > 0 ? [['conflict', en.notification.conflict(conflicts.total, name)] as const] : []),
    ...(deletions > 0 ? [['held', en.notification.held(deletions, name)] as const] : []),
    ...(failures.items.some((failure) => failure.attempts > 1) ? [['failures', en.notification.failures(failures.total, name)] as const] : []),
  ];
}
