import type { Notes } from '../../../core/notes.ts';
import type { Meta } from '../../backend.ts';

/** An upload that was begun. What it is made of is fixed: its metadata went with the first request. */
export interface Session {
  readonly uploadId: string;
  readonly size: number;
  readonly partBytes: number;
  readonly meta: Meta;
  /** When something was last sent for it, by the store's clock, ms since the epoch. */
  usedAtMs: number;
  /** What is finished, by number. */
  readonly parts: Map<number, FinishedPart>;
}
export interface FinishedPart {
  readonly etag: string;
  readonly sha256: string;
}

/** Sessions on record, by key. A note that does not read is as good as none. */
export class Sessions {
  readonly #notes: Notes;
  /** By key: the save that runs, and the one that begins after it and holds whatever was changed until then. */
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  async find(key: string): Promise<Session | null> {
    return parse(await this.#notes.get('upload', key));
  }

  async all(): Promise<ReadonlyMap<string, Session | null>> {
    return new Map([...(await this.#notes.all('upload'))].map(([key, text]) => [key, parse(text)]));
  }

  /** Resolves when the session as it is now is on record. Many calls at once make few writes. */
  save(key: string, session: Session): Promise<void> {
    const next = this.#next.get(key);
    if (next !== undefined) return next;
    const before = this.#running.get(key) ?? Promise.resolve();
    const saving = before
      .catch(() => undefined)
      .then(() => {
        this.#next.delete(key);
        this.#running.set(key, saving);
        return this.#notes.put('upload', key, serialise(session));
      });
    this.#next.set(key, saving);
    return saving;
  }

  async drop(key: string): Promise<void> {
    await (this.#next.get(key) ?? this.#running.get(key))?.catch(() => undefined);
    this.#running.delete(key);
    await this.#notes.drop('upload', key);
  }
}

function serialise({ parts, ...session }: Session): string {
  return JSON.stringify({ format: 1, ...session, parts: [...parts].map(([number, { etag, sha256 }]) => [number, etag, sha256]) });
}

function parse(text: string | null): Session | null {
  if (text === null) return null;
  try {
    const { format, parts, ...session } = JSON.parse(text) as Omit<Session, 'parts'> & { readonly format: unknown; readonly parts: readonly (readonly [number, string, string])[] };
    if (format !== 1 || typeof session.uploadId !== 'string' || typeof session.usedAtMs !== 'number') return null;
    return { ...session, parts: new Map(parts.map(([number, etag, sha256]) => [number, { etag, sha256 }])) };
  } catch {
    return null;
  }
}
