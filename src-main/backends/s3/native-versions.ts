import { hasCode, throwIfAborted } from '../../core/errors.ts';
import type { CallOptions, ListOptions, PastObject } from '../backend.ts';
import type { S3Api, S3Object, S3Version } from './s3-api.ts';
import { pastVersionOf, versionOf } from './token.ts';
import { isTombstone, mayBeTombstone } from './tombstone.ts';

type Row = S3Version & { readonly key: string };

/** What the bucket keeps by itself: versions of objects, and markers where they were deleted. */
export class NativeVersions {
  readonly #api: S3Api;
  /** Null until it was asked. */
  #seen: Promise<boolean> | null = null;

  constructor(api: S3Api) {
    this.#api = api;
  }

  /** Whether this very object stays when it is replaced or deleted, where its versions can be seen. A bucket whose versioning is suspended keeps those that have a name, too. */
  async keeps({ versionId }: Pick<S3Object, 'versionId'>, options: CallOptions): Promise<boolean> {
    return versionId !== null && versionId !== 'null' && (await this.#areSeen(options));
  }

  /** Every version below a prefix, markers and tombstones left out: they stand for nothing being there. */
  async *list(prefix: string, { skip, after, signal }: ListOptions): AsyncGenerator<PastObject> {
    const call = signal === undefined ? {} : { signal };
    if (!(await this.#areSeen(call))) return;
    let newer: Row | null = null;
    let held: Row | null = null;
    for await (const row of this.#rows(prefix, after, skip, call)) {
      if (held !== null) {
        const past = pastOf(held, newer, row);
        if (past !== null) yield past;
        newer = held;
      }
      held = row;
    }
    const last = held === null ? null : pastOf(held, newer, null);
    if (last !== null) yield last;
  }

  async *#rows(prefix: string, after: string | undefined, skip: string | undefined, call: CallOptions): AsyncGenerator<Row> {
    let from: { readonly key: string; readonly versionId?: string } | undefined = after === undefined ? undefined : { key: after };
    for (;;) {
      throwIfAborted(call.signal);
      const { versions, isLast } = await this.#api.listVersions(prefix, { ...call, ...(from === undefined ? {} : { after: from }) });
      for (const version of versions) if (skip === undefined || !version.key.startsWith(skip)) yield await this.#shown(version, call);
      const last = versions.at(-1);
      if (isLast || last === undefined) return;
      from = { key: last.key, versionId: last.versionId };
    }
  }

  /** A tombstone is a marker of ours. */
  async #shown(row: Row, call: CallOptions): Promise<Row> {
    if (row.isDeleteMarker || !mayBeTombstone(row)) return row;
    const object = await this.#api.head(row.key, { versionId: row.versionId, ...call });
    return object === null || isTombstone(object) ? { ...row, isDeleteMarker: true } : row;
  }

  /** Asked once: the bucket has had versioning turned on, and the credentials may see its versions. */
  #areSeen(call: CallOptions): Promise<boolean> {
    this.#seen ??= this.#ask(call).catch((error: unknown) => {
      this.#seen = null;
      throw error;
    });
    return this.#seen;
  }

  async #ask(call: CallOptions): Promise<boolean> {
    try {
      const versioning = await this.#api.versioning(call).catch((error: unknown) => {
        if (hasCode(error, 'refused', 'not-supported')) return 'unknown' as const;
        throw error;
      });
      if (versioning === 'off') return false;
      const { versions } = await this.#api.listVersions('', { most: 1, ...call });
      return versioning !== 'unknown' || versions.some(({ versionId }) => versionId !== 'null');
    } catch (error) {
      if (hasCode(error, 'refused', 'not-supported')) return false;
      throw error;
    }
  }
}

/** Between the row above it and the one below it, which may be of other keys. */
function pastOf(row: Row, above: Row | null, below: Row | null): PastObject | null {
  if (row.isDeleteMarker) return null;
  const newer = above?.key === row.key ? above : null;
  const older = below?.key === row.key ? below : null;
  return {
    key: row.key,
    size: row.size,
    storedBytes: row.size,
    version: pastVersionOf(row, row.versionId),
    was: versionOf(row),
    storedAtMs: secondOf(row),
    untilMs: newer === null ? null : Math.max(secondOf(newer), secondOf(row)),
    afterMs: older === null ? null : older.isDeleteMarker ? 0 : secondOf(older),
  };
}

/** Other answers of the store tell whole seconds. */
function secondOf({ lastModifiedMs }: Pick<S3Version, 'lastModifiedMs'>): number {
  return Math.floor(lastModifiedMs / 1000) * 1000;
}
