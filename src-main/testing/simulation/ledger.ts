/**
 * Every content anybody ever made, and what its owners did with it. A content is *owed* until a user who had it in front of them replaced, renamed or deleted it there: then it may go from that path (laws L1 and L2).
 * Contents are unique texts, so that each can be followed; one that was let go once is not owed again when it is made anew, for that act may still be on its way.
 */
export class Ledger {
  readonly written = new Set<string>();
  readonly owed = new Set<string>();
  /** Another tool took one away where nothing keeps what it takes: the copy that a move had just made, say, before the move was through. */
  readonly destroyedByOthers = new Set<string>();
  readonly #letGo = new Set<string>();
  readonly #unseen = new Set<string>();
  readonly #everLetGo = new Set<string>();
  readonly #placed = new Map<string, number>();

  /** `unseen`: with the file's time put back. In the instant between our last look and our replacement that passes for the old content and goes to the trash, where it is kept, but out of sight. */
  wrote(content: string, { unseen = false }: { readonly unseen?: boolean } = {}): void {
    this.written.add(content);
    if (unseen) this.#unseen.add(content);
    if (!this.#everLetGo.has(content)) this.owed.add(content);
    this.#place(content);
  }

  /** A user replaced or removed it at this path. */
  letGo(path: string, content: string): void {
    this.owed.delete(content);
    this.#everLetGo.add(content);
    this.#letGo.add(at(path, content));
  }

  /** A user took it from one path to another: nothing is owed at the old one. */
  moved(from: string, content: string): void {
    this.#letGo.add(at(from, content));
    this.#place(content);
  }

  /** Whether somebody's act explains that this content goes from this path. */
  mayGo(path: string, content: string): boolean {
    return !this.mustStayInSight(content) || this.#letGo.has(at(path, content));
  }

  /** What is owed is kept whatever happens; all but such edits in sight. */
  mustStayInSight(content: string): boolean {
    return this.owed.has(content) && !this.#unseen.has(content);
  }

  /** How often users put this content somewhere. */
  placements(content: string): number {
    return this.#placed.get(content) ?? 0;
  }

  #place(content: string): void {
    this.#placed.set(content, this.placements(content) + 1);
  }
}

/** One name for all spellings that some disk takes for the same. */
export function folded(path: string): string {
  return path.normalize('NFC').toLowerCase().normalize('NFC');
}

function at(path: string, content: string): string {
  return `${folded(path)}\0${content}`;
}
