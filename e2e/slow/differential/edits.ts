import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { randomFrom } from '../../cli/world.ts';

export type Random = ReturnType<typeof randomFrom>;

/** What a user does to a synced folder; paths are relative to it. */
export type Edit =
  | { readonly kind: 'write'; readonly path: string; readonly content: string }
  | { readonly kind: 'mkdir'; readonly path: string }
  | { readonly kind: 'chmod'; readonly path: string; readonly mode: number }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string };

export type Node = { readonly kind: 'file'; readonly content: string; readonly mode: number } | { readonly kind: 'folder' };

const NAMES = ['a', 'A', 'b', 'c.txt', 'two words', 'Ünï☃', 'q"uo\'te', '-dash', '.hidden', '100% + &#?', 'back\\slash', 'new\nline', 'e\u0301.md', 'long '.repeat(24).trim()];
const MODES = [0o644, 0o755, 0o600];

/** A tree as it should be: what the edits made of it, without any tool. */
export class Model {
  readonly nodes: Map<string, Node>;

  constructor(nodes: ReadonlyMap<string, Node> = new Map()) {
    this.nodes = new Map(nodes);
  }

  do(edit: Edit): void {
    const { path } = edit;
    const old = this.nodes.get(path);
    if (edit.kind === 'write') this.nodes.set(path, { kind: 'file', content: edit.content, mode: old?.kind === 'file' ? old.mode : 0o644 });
    else if (edit.kind === 'mkdir') this.nodes.set(path, { kind: 'folder' });
    else if (edit.kind === 'chmod' && old?.kind === 'file') this.nodes.set(path, { ...old, mode: edit.mode });
    else if (edit.kind === 'remove') for (const below of this.at(path)) this.nodes.delete(below);
    else if (edit.kind === 'rename') this.#rename(path, edit.to);
  }

  #rename(from: string, to: string): void {
    const moved = this.at(from).map((path) => [path, this.nodes.get(path)] as const);
    for (const path of [...this.at(to), ...this.at(from)]) this.nodes.delete(path);
    for (const [path, node] of moved) if (node !== undefined) this.nodes.set(to + path.slice(from.length), node);
  }

  /** The path and all below it. */
  at(path: string): string[] {
    return [...this.nodes.keys()].filter((other) => isAtOrBelow(other, path));
  }

  paths(kind: Node['kind']): string[] {
    return [...this.nodes].flatMap(([path, node]) => (node.kind === kind ? [path] : []));
  }

  /** Contents by path, at and below it. */
  contents(path = ''): Set<string> {
    return new Set((path === '' ? [...this.nodes.keys()] : this.at(path)).flatMap((each) => contentOf(this.nodes.get(each))));
  }
}

export function contentOf(node: Node | undefined): string[] {
  return node?.kind === 'file' ? [node.content] : [];
}

export function isAtOrBelow(path: string, top: string): boolean {
  return path === top || path.startsWith(`${top}/`);
}

/** Writes as editors do, now in place, now by a new file renamed over the old one. */
export function applyEdit(edit: Edit, root: string): void {
  const at = join(root, edit.path);
  if (edit.kind === 'write') writeFileSync(at, edit.content);
  else if (edit.kind === 'mkdir') mkdirSync(at);
  else if (edit.kind === 'chmod') chmodSync(at, edit.mode);
  else if (edit.kind === 'remove') rmSync(at, { recursive: true });
  else renameSync(at, join(root, edit.to));
}

/** Makes random edits of one script, which lives in a folder of its own. */
export class Editor {
  readonly #random: Random;
  readonly #home: string;
  #written = 0;

  constructor(random: Random, home: string) {
    this.#random = random;
    this.#home = home;
  }

  content(): string {
    return `<${this.#home} ${++this.#written}>${'.'.repeat(this.#random.below(3_000))}`;
  }

  /** A folder of this script, its home included. */
  folder(model: Model): string {
    return this.#random.pick(this.#mine(model, 'folder'));
  }

  file(model: Model): string | null {
    const files = this.#mine(model, 'file');
    return files.length === 0 ? null : this.#random.pick(files);
  }

  /** A name that is free, or null where the tries found none. */
  freePath(model: Model): string | null {
    for (let tries = 0; tries < 5; tries++) {
      const path = `${this.folder(model)}/${this.#random.pick(NAMES)}`;
      // Three deep at most.
      if (!model.nodes.has(path) && path.split('/').length <= 4) return path;
    }
    return null;
  }

  /** One edit of what is there; null where the dice asked for something that cannot be done. */
  edit(model: Model): Edit | null {
    const roll = this.#random.fraction();
    const file = this.file(model);
    const free = this.freePath(model);
    if (roll < 0.3) return free === null ? null : { kind: 'write', path: free, content: this.content() };
    if (roll < 0.4) return free === null ? null : { kind: 'mkdir', path: free };
    if (roll < 0.58) return file === null ? null : { kind: 'write', path: file, content: this.content() };
    if (roll < 0.66) return file === null ? null : { kind: 'chmod', path: file, mode: this.#random.pick(MODES) };
    if (roll < 0.76) return file === null ? null : { kind: 'remove', path: file };
    if (roll < 0.87) return file === null || free === null ? null : { kind: 'rename', path: file, to: free };
    const folder = this.folder(model);
    if (folder === this.#home) return null;
    if (roll < 0.92) return { kind: 'remove', path: folder };
    return free === null || isAtOrBelow(free, folder) ? null : { kind: 'rename', path: folder, to: free };
  }

  #mine(model: Model, kind: Node['kind']): string[] {
    return model.paths(kind).filter((path) => isAtOrBelow(path, this.#home));
  }
}
