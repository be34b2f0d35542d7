import { conflictName } from '../../core/conflict-name.ts';
import type { Version } from '../../core/entry.ts';
import { hasCode, SyncError } from '../../core/errors.ts';
import { parseRelPath } from '../../core/rel-path.ts';
import type { CallOptions, ListOptions, Meta, ObjectDetail, ObjectInfo } from '../backend.ts';
import { checkKey } from '../key-rules.ts';
import { Gone } from './gone.ts';
import type { Resealed } from './resealing.ts';
import { type Opened, withSignal } from './sealed-heads.ts';
import { isOurs, passes } from './sealed-keys.ts';
import { marksOf } from './sealed-meta.ts';
import type { SwitchingBackend } from './switching.ts';

const STALE = { kind: 'stale' } as const;
const NOBODY = 'another-program';
/** Conflict copies of one file that were made in one second. */
const MOST_NAMES = 100;

interface Place {
  readonly key: string;
  readonly version: Version;
}

/**
 * The work of a switch, object by object (codec/FORMAT.md, "A vault that is switched"). Every step can be repeated: what lies there says how far it is. The old form is only ever removed after the new one was read back, and only
 * while it still is what the new one was made from.
 */
export class SwitchOver {
  readonly #vault: SwitchingBackend;

  constructor(vault: SwitchingBackend) {
    this.#vault = vault;
  }

  /** What may be of the old form. Folders come last and from below, so that each is empty when it is its turn. */
  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<ObjectInfo> {
    const { store } = this.#vault;
    const folders: ObjectInfo[] = [];
    for await (const info of store.list(prefix, options)) {
      if (!isKey(info.key)) options.unlisted?.(info.key, 'unsafe-name');
      const mayBeOld = isKey(info.key) && !passes(info.key) && (this.#vault.isOldName(info.key) || (!this.#vault.isApart(info.key) && !info.key.endsWith('/')));
      if (!mayBeOld) continue;
      if (info.key.endsWith('/')) folders.push(info);
      else yield info;
    }
    yield* folders.sort((a, b) => b.key.split('/').length - a.key.split('/').length);
  }

  /** `current` where it is of the new form already. @throws `rolled-back`, `corrupt` for what is left as it is */
  async reseal({ key, version }: Place, options: CallOptions = {}): Promise<Resealed> {
    try {
      return await (this.#vault.isApart(key) ? this.#moveApart(key, version, options) : this.#replaceInPlace(key, version, options));
    } catch (error) {
      if (hasCode(error, 'busy') && !(error instanceof Gone)) await this.#refuseDamaged(key, version, options);
      throw error;
    }
  }

  /** What is not what was recorded of it would seem to be changing for ever. */
  async #refuseDamaged(key: string, version: Version, options: CallOptions): Promise<void> {
    const old = await this.#vault.findOld(key, options);
    const recorded = old?.version === version ? old.meta['sha256'] : undefined;
    if (old === null || recorded === undefined || (await this.#hashOf(old, options)) === recorded) return;
    throw new SyncError('corrupt', 'it does not hold what was recorded of it; look at it, remove it from the storage, and run this again', { path: key });
  }

  async #hashOf(old: ObjectDetail, options: CallOptions): Promise<string> {
    const hasher = this.#vault.newHasher();
    for await (const chunk of this.#body(old, options).open()) hasher.update(chunk);
    return hasher.digest();
  }

  /** One conditional put: there is no moment with both. */
  async #replaceInPlace(key: string, version: Version, options: CallOptions): Promise<Resealed> {
    const { next } = this.#vault;
    const there = await this.#vault.find(key, options);
    if (there?.detail.version !== version) return STALE;
    if (there.form === 'new') return { kind: 'current' };
    const { detail } = there;
    const marks = { switchedFrom: this.#vault.mark(version), storedAtMs: isOurs(key) ? null : detail.storedAtMs };
    const written = await next.putOver(key, this.#body(detail, options), { condition: { kind: 'match', version }, meta: detail.meta, marks, ...options });
    if (written.kind === 'stale') return STALE;
    await this.#readBack(key, written.version, options);
    return { kind: 'resealed', version: written.version, bytes: detail.size };
  }

  async #moveApart(key: string, version: Version, options: CallOptions): Promise<Resealed> {
    const { next, old } = this.#vault;
    const there = await this.#vault.findOld(key, options);
    if (there?.version !== version) return STALE;
    if (next.isBare(key)) {
      await next.put(key, emptyBody(), { condition: { kind: 'absent' }, meta: {}, ...options });
      return ended(await old.delete(key, { version, ...options }), 0);
    }
    const opened = await next.opened(key, options);
    const landed = opened === null ? await this.#write(key, there, null, options) : await this.#settle(key, there, opened, options);
    if (landed === null) return STALE;
    await this.#readBack(landed.key, landed.version, options);
    return ended(await old.delete(key, { version, ...options }), there.size);
  }

  /** Both forms lie there. Where the content of the old one is to be found from now on; null: it has to be looked at again. */
  async #settle(key: string, old: ObjectDetail, opened: Opened, options: CallOptions): Promise<Place | null> {
    // From a run that was cut off.
    if (this.#vault.isFrom(opened, old.version)) return { key, version: opened.stored.version };
    if (isOurs(key)) return this.#sameContent(key, old, opened, options);
    // A late writer replaced the very content that the new object still is: his is the next one.
    if (isSuccessor(old.meta, opened)) return this.#write(key, old, opened, options);
    return this.#keepBoth(key, old, options);
  }

  /** Under the key, in place of `previous` or of nothing. */
  async #write(key: string, old: ObjectDetail, previous: Opened | null, options: CallOptions): Promise<Place | null> {
    if (previous === null) await this.#vault.forms.check(key);
    const marks = { switchedFrom: this.#vault.mark(old.version), storedAtMs: isOurs(key) ? null : old.storedAtMs };
    const condition = previous === null ? ({ kind: 'absent' } as const) : ({ kind: 'match', version: previous.stored.version } as const);
    const beforeEnd = (): Promise<void> => this.#vault.stillThere(old.key, old.version, options);
    try {
      const written = await this.#vault.next.putOver(key, this.#body(old, options), {
        condition,
        meta: old.meta,
        marks,
        beforeEnd,
        ...(previous === null ? {} : { previous }),
        ...options,
      });
      return written.kind === 'stale' ? null : { key, version: written.version };
    } catch (error) {
      if (error instanceof Gone) return null;
      throw error;
    }
  }

  /** Two edits of one file: the late writer's becomes a file beside it. A second try finds what the first one made. */
  async #keepBoth(key: string, old: ObjectDetail, options: CallOptions): Promise<Place | null> {
    const parsed = parseRelPath(key);
    if ('fault' in parsed) throw new SyncError('corrupt', 'two objects lie at one path', { path: key });
    const tried = new Set<string>();
    for (let turn = 0; turn < MOST_NAMES; turn++) {
      const name: string = conflictName(parsed.path, deviceIn(old.meta), old.storedAtMs, (path) => tried.has(path));
      tried.add(name);
      const there = await this.#vault.find(name, options);
      if (there === null) return this.#writeAs(name, old, options);
      const opened = there.form === 'new' ? await this.#vault.next.opened(name, options) : null;
      if (opened !== null && this.#vault.isFrom(opened, old.version)) return { key: name, version: opened.stored.version };
    }
    throw new SyncError('busy', 'there is no name left for a conflict copy', { path: key });
  }

  async #writeAs(name: string, old: ObjectDetail, options: CallOptions): Promise<Place | null> {
    const marks = { switchedFrom: this.#vault.mark(old.version), storedAtMs: old.storedAtMs };
    const written = await this.#vault.next.putOver(name, this.#body(old, options), { condition: { kind: 'absent' }, meta: old.meta, marks, ...options });
    return written.kind === 'stale' ? null : { key: name, version: written.version };
  }

  /** A kept version is named after what it holds. */
  async #sameContent(key: string, old: ObjectDetail, opened: Opened, options: CallOptions): Promise<Place> {
    if ((await this.#hashOf(old, options)) !== opened.head.sha256) throw new SyncError('corrupt', 'two kept versions of one name differ', { path: key });
    return { key, version: opened.stored.version };
  }

  /** The whole of it opens and is what its head says, or everything stops before more is touched. */
  async #readBack(key: string, version: Version, options: CallOptions): Promise<void> {
    try {
      for await (const _ of this.#vault.next.read(key, version, options));
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== 'corrupt') throw error;
      throw new SyncError('internal', `what was just written does not read back: ${error.message}`, { path: key, cause: error });
    }
  }

  #body(old: ObjectDetail, options: CallOptions): { readonly size: number; open(): AsyncGenerator<Uint8Array> } {
    const vault = this.#vault.old;
    return {
      size: old.size,
      async *open() {
        const object = await vault.get(old.key, { ifMatch: old.version, ...withSignal(options.signal) });
        if (object === null) throw new Gone(old.key);
        yield* object.chunks;
      },
    };
  }
}

/** Nobody edited the new object since, and the old one says when what it replaced had been stored: then. */
function isSuccessor(old: Meta, { head }: Opened): boolean {
  const marks = marksOf(head);
  return marks?.storedAtMs != null && old['after'] === String(Math.round(marks.storedAtMs));
}

function deviceIn(meta: Meta): string {
  try {
    return decodeURIComponent(meta['device'] ?? '') || NOBODY;
  } catch {
    return NOBODY;
  }
}

function ended(removed: { readonly kind: 'done' | 'stale' }, bytes: number): Resealed {
  return removed.kind === 'stale' ? STALE : { kind: 'resealed', version: null, bytes };
}

/** What is no key was never ours, in any form. */
function isKey(key: string): boolean {
  try {
    checkKey(key);
    return true;
  } catch {
    return false;
  }
}

function emptyBody(): { readonly size: number; open(): AsyncGenerator<Uint8Array> } {
  return { size: 0, async *open() {} };
}
