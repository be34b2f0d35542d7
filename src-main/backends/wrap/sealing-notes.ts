import type { Head } from '../../codec/head.ts';
import type { Notes } from '../../core/notes.ts';

/** Under which head and content id a large object is being sent. */
export interface Sealing {
  readonly head: Head;
  readonly contentId: Uint8Array;
}

/** What says that a content is another than the one on record, and another upload; what only says who tries it when (operation, device, generation, reuse) is taken from the record. */
const OF_THE_CONTENT = ['kind', 'path', 'size', 'sha256', 'mtimeNs', 'mode', 'previous'] as const satisfies readonly (keyof Head)[];

/**
 * Large objects under way, so that a try after a failure, or after the process was killed, seals the same bytes and the store's parts are known again. A note that does not read is as good as none.
 */
export class SealingNotes {
  readonly #notes: Notes;

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  /** What was begun of this very content under this key epoch; else null. */
  async find(key: string, epoch: number, head: Head): Promise<Sealing | null> {
    const found = parse(await this.#notes.get('sealing', key));
    if (found === null || found.epoch !== epoch) return null;
    const isSame = OF_THE_CONTENT.every((field) => found.head[field] === head[field]) && JSON.stringify(sorted(found.head.extra)) === JSON.stringify(sorted(head.extra));
    return isSame ? found : null;
  }

  keep(key: string, epoch: number, { head, contentId }: Sealing): Promise<void> {
    const { mtimeNs, ...rest } = head;
    return this.#notes.put(
      'sealing',
      key,
      JSON.stringify({ format: 1, epoch, contentId: Buffer.from(contentId).toString('hex'), head: { ...rest, mtimeNs: mtimeNs === null ? null : String(mtimeNs) } }),
    );
  }

  drop(key: string): Promise<void> {
    return this.#notes.drop('sealing', key);
  }
}

interface Noted {
  readonly format: unknown;
  readonly epoch: number;
  readonly contentId: string;
  readonly head: Omit<Head, 'mtimeNs'> & { readonly mtimeNs: string | null };
}

function parse(text: string | null): (Sealing & { readonly epoch: number }) | null {
  if (text === null) return null;
  try {
    const { format, epoch, contentId, head } = JSON.parse(text) as Noted;
    if (format !== 1 || !/^[0-9a-f]{32}$/.test(contentId)) return null;
    return { epoch, contentId: Buffer.from(contentId, 'hex'), head: { ...head, mtimeNs: head.mtimeNs === null ? null : BigInt(head.mtimeNs) } };
  } catch {
    return null;
  }
}

function sorted(extra: Head['extra']): readonly (readonly [string, string])[] {
  return Object.entries(extra).sort(([a], [b]) => (a < b ? -1 : 1));
}
