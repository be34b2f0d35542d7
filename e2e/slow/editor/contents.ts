import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Every content that was ever written, each of its own kind, and which of them are owed: nobody who had it in front of them has replaced or deleted it since (law L1). */
export class Contents {
  readonly #texts = new Map<string, string>();
  readonly #owed = new Map<string, Owed>();
  #made = 0;

  /** A new text of about so many bytes. */
  make(who: string, bytes: number): string {
    const head = `<${who}-${++this.#made}>`;
    const text = head.padEnd(Math.max(bytes, head.length), '.');
    this.#texts.set(idOf(text), text);
    return text;
  }

  /** `outOfSight`: it may end up as a version or in the trash alone. */
  owe(text: string, where: string, outOfSight: boolean): void {
    this.#owed.set(idOf(text), { where, outOfSight });
  }

  letGo(text: string): void {
    this.#owed.delete(idOf(text));
  }

  get owedCount(): number {
    return this.#owed.size;
  }

  /** Owed contents that are in none of the trees, and not where they are kept either if that would do. */
  missing(visible: ReadonlySet<string>, kept: ReadonlySet<string>): string[] {
    return [...this.#owed].flatMap(([id, { where, outOfSight }]) =>
      visible.has(id) || (outOfSight && kept.has(id)) ? [] : [`${id} (${where}${kept.has(id) ? ', kept out of sight' : ''})`],
    );
  }

  /** Whether somebody wrote just this, or was in the middle of it. */
  isKnown(text: string): boolean {
    return text === '' || this.#texts.get(idOf(text))?.startsWith(text) === true;
  }
}

interface Owed {
  readonly where: string;
  readonly outOfSight: boolean;
}

export function idOf(text: string): string {
  return /^<[^>]+>/.exec(text)?.[0] ?? '';
}

/** The text of each file and link at and below a place. */
export function textsAt(at: string): string[] {
  const stat = lstatSync(at, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isSymbolicLink()) return [readlinkSync(at)];
  if (stat.isDirectory()) return readdirSync(at).flatMap((name) => textsAt(join(at, name)));
  return stat.isFile() ? [readFileSync(at, 'utf8')] : [];
}
