import { join } from 'node:path';
import type { Pair } from '../compose.ts';
import { SyncError } from '../core/errors.ts';
import type { Progress } from '../core/events.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Direction } from '../core/settings.ts';
import type { Platform } from '../platform/platform.ts';
import { asRelPath } from './asked-path.ts';
import type { PastAsk, PastCallName, PastCalls } from './engine-protocol.ts';
import { deletedFiles, fileHistory, historyRange, type KnownContents, pastFolder, previewVersion } from './past-views.ts';
import { askKept, doRestore, emptyTrash, planRestore, runViews, trashedOf, trashView } from './restore-desk.ts';
import { acceptReport, lostView } from './restored-view.ts';
import { explainPath } from './why-view.ts';

type Handlers = { readonly [C in PastCallName]: (input: PastCalls[C]['input'], signal: AbortSignal, onBegin: () => void) => Promise<PastCalls[C]['answer']> };

/** What a window asks of one pair's past, and of single files. Of each kind one is under way: the next ends the one before it, whose answer nobody waits for any more. */
export class PastDesk {
  readonly #running = new Map<PastCallName, AbortController>();
  readonly #handlers: Handlers;
  #progress: Progress | null = null;

  constructor(
    pair: () => Pick<Pair, 'engine' | 'past' | 'restorer' | 'reviser' | 'book' | 'trash' | 'storeNow' | 'source'>,
    platform: Platform,
    direction: Direction = 'two_way',
    onProgress: () => void = () => undefined,
  ) {
    const tell = (progress: Progress | null): void => {
      if (progress === this.#progress) return;
      this.#progress = progress;
      onProgress();
    };
    const known: KnownContents = new Map();
    const undoable = new Map<string, boolean>();
    this.#handlers = {
      versions: async ({ path }, signal) => ({ ...(await fileHistory(pair().past, asRelPath(path), signal)), trashed: await trashedOf(pair().trash, asRelPath(path)) }),
      preview: ({ path, version }, signal) => previewVersion(pair().past, asRelPath(path), version, signal),
      range: async ({ folder }, signal) => historyRange(pair().past, scopeOf(folder), await pair().storeNow(), signal),
      folder: ({ folder, at }, signal) => pastFolder(pair().past, scopeOf(folder), at, signal, known, linksOf(pair().book)),
      deleted: ({ search }, signal) => deletedFiles(pair().past, search, signal),
      runs: async (_, signal) => {
        const [runs, base] = [await pair().reviser.runs(), pair().book.agreed()];
        // A store that is away would be waited for.
        return runViews(runs, base, pair().engine.status().error === null ? askKept(pair(), base, undoable, signal) : async () => true);
      },
      plan: (order, signal) => planRestore(pair(), platform, order, signal),
      restore: ({ agreed, ...order }, signal, onBegin) => doRestore(pair(), platform, order, agreed, { signal, onBegin, onProgress: tell }).finally(() => tell(null)),
      why: ({ path }, signal) => {
        const { source } = pair();
        // What cannot be looked at is there.
        const isThere = (inside: string): Promise<boolean> =>
          platform.fs.lstat(join(source, inside)).then(
            (stat) => stat !== null,
            () => true,
          );
        return explainPath({ ...pair(), direction, isThere }, asRelPath(path), signal);
      },
      lost: async (_, signal) => lostView(await pair().restorer.acceptRestored({ dryRun: true, signal })),
      accept: async (_, signal) => acceptReport(await pair().restorer.acceptRestored({ dryRun: false, signal })),
      trash: () => trashView(pair().trash),
      'trash-empty': async ({ shown }, signal) => {
        await emptyTrash(pair().trash, shown, signal);
        return null;
      },
    };
  }

  async answer({ call, input }: PastAsk): Promise<PastCalls[PastCallName]['answer']> {
    this.#running.get(call)?.abort();
    const own = new AbortController();
    this.#running.set(call, own);
    const handler = this.#handlers[call] as (input: unknown, signal: AbortSignal, onBegin: () => void) => Promise<PastCalls[PastCallName]['answer']>;
    try {
      let begun = false;
      const work = handler(input, own.signal, () => {
        begun = true;
      });
      return await orAborted(work, own.signal, () => begun);
    } finally {
      if (this.#running.get(call) === own) this.#running.delete(call);
    }
  }

  /** Of a copy that is written elsewhere, which the engine knows nothing of. */
  get progress(): Progress | null {
    return this.#progress;
  }

  /** Ends what is being planned or restored, at the next step that can be left. */
  stop(): void {
    for (const call of ['plan', 'restore', 'lost', 'accept', 'why'] as const) this.#running.get(call)?.abort();
  }

  end(): void {
    for (const controller of this.#running.values()) controller.abort();
  }
}

/** Nobody waits for work that was aborted, but for what it did once it had `begun`. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal, begun: () => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      if (!begun()) reject(new SyncError('aborted', 'interrupted'));
    };
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject);
  });
}

/** What both sides last agreed on to be a link. */
function linksOf(book: Pair['book']): (path: RelPath) => boolean {
  const agreed = book.agreed();
  return (path) => agreed.get(path)?.entry.kind === 'symlink';
}

function scopeOf(folder: string | null): RelPath | null {
  return folder === null ? null : asRelPath(folder);
}
