import { CONTROL_FOLDER } from '../../core/rel-path.ts';
import type { Inode } from '../fake-disk.ts';
import type { FakeFs, Observe } from '../fake-fs.ts';
import { folded, type Ledger } from './ledger.ts';
import { type Lens, PLAIN_LENS } from './lens.ts';

/** One place with files in it: a device's folder, or the store. Paths are as users see them; our own control folder is `hidden`. */
export interface Place {
  readonly name: string;
  /** Contents under users' paths. */
  visible(): ReadonlyMap<string, string>;
  /** Every content, wherever it lies: trash, versions and unfinished files too. */
  contents(): Iterable<string>;
}

export interface StorePlace extends Place {
  /**
   * All that is of use to whoever lists, the object that counts last where a path has two: in a vault that is switched a late writer's file lies in the old form beside the new one until the next listing, which makes one of
   * them (codec/FORMAT.md, "A vault that is switched").
   */
  objects(): Iterable<readonly [path: string, content: string]>;
}

/** Calls of a process on the same disk within which it gives back what it took by mistake; several actions are under way at once. */
const CALLS_TO_GIVE_BACK = 400;

/** A file or link as users see it. */
interface Leaf {
  readonly path: string;
  readonly content: string;
}
/** Who works on what. */
interface Scene {
  readonly place: Place;
  readonly actor: Place;
  readonly who: string;
  readonly fs: FakeFs;
  readonly root: string;
  readonly lens: Lens;
}

export interface WatchdogOptions {
  readonly ledger: Ledger;
  readonly store: StorePlace;
  readonly devices: () => readonly Place[];
  /** Some policy lets one side win: then what loses need not be in sight, but it is kept. */
  readonly losersMayGo: () => boolean;
  readonly say: (failure: string) => void;
  /** Steps so far. */
  readonly now: () => number;
}

/**
 * Looks at every effect in the instant it happens: what it takes out of sight must be what a user let go there, or be in sight elsewhere (L2); it must be kept somewhere (I1, I2); and what comes into sight must be a whole
 * content that somebody wrote (I4, L6). Looking only at the end would miss what is lost and found again.
 */
export class Watchdog {
  readonly #options: WatchdogOptions;
  /** What the store held in sight after the last look. */
  #stored: ReadonlyMap<string, readonly string[]> = new Map();
  /** How often each content was sent to the store. */
  readonly sent = new Map<string, number>();

  readonly #paths = new Map<string, Set<string>>();
  readonly #looks = new Map<string, number>();
  readonly #touches = new Map<Place, Map<string, number>>();
  #taken: { readonly scene: Scene; readonly leaf: Leaf; readonly isExplained: boolean; calls: number }[] = [];

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  /** For a view of a disk that `actor` works on: its own folder, or a store that is a folder. */
  onDisk({ place, fs, root, lens = PLAIN_LENS }: { readonly place: Place; readonly fs: FakeFs; readonly root: string; readonly lens?: Lens }, actor: Place): Observe {
    const who = place === actor ? actor.name : `${actor.name} in the ${place.name}`;
    const scene: Scene = { place, actor, who, fs, root, lens };
    return (label, path, to) => {
      this.#judgeTaken(scene);
      if (label === 'lstat') this.#looks.set(`${who}:${path}`, this.#options.now());
      switch (label) {
        case 'create':
        case 'openAppend':
          if (inSight(root, path) !== null) this.#options.say(`${who} writes ${path} in place (I4)`);
          return;
        case 'unlink':
          for (const leaf of leaves(scene, path)) this.#destroyed(scene, leaf);
          return;
        case 'link':
          this.#arrives(scene, path, to);
          return;
        case 'rename':
          this.#renamed(scene, path, to ?? '');
          return;
        default:
          return;
      }
    };
  }

  #renamed(scene: Scene, from: string, to: string): void {
    const { fs, root, lens } = scene;
    const [source, target] = [fs.disk.find(from), fs.disk.find(to)];
    if (source === null || target === source) return;
    // The same content with other bits takes nothing away.
    const same = target?.kind === 'file' && source.kind === 'file' && textOf(target, lens) === textOf(source, lens);
    // A late edit gets its name back from what had just been fetched to it.
    const back = from.includes('/.file-sync/trash/');
    if (target !== null && !same && !back) for (const leaf of leaves(scene, to)) if (!this.#cameUnseen(scene, to, leaf)) this.#destroyed(scene, leaf);
    if (inSight(root, to) === null)
      for (const leaf of leaves(scene, from)) this.#taken.push({ scene, leaf, isExplained: this.#isExplained(scene, leaf), calls: CALLS_TO_GIVE_BACK });
    this.#arrives(scene, from, to);
  }

  /** RACE, documented: what another program puts at a path between our last look and our rename is replaced unseen, for no call exchanges two names. */
  #cameUnseen({ place, who }: Pick<Scene, 'place' | 'who'>, to: string, { path, content }: Leaf): boolean {
    const looked = this.#looks.get(`${who}:${to}`);
    const touched = this.#touches.get(place)?.get(folded(path)) ?? -1;
    if (looked === undefined || touched < looked) return false;
    this.#options.ledger.letGo(path, content);
    return true;
  }

  /** A user's act, or another program's. */
  touched(place: Place, paths: readonly string[]): void {
    const touches = this.#touches.get(place) ?? new Map<string, number>();
    this.#touches.set(place, touches);
    for (const path of paths) touches.set(folded(path), this.#options.now());
    // Who puts something where our process has just taken a thing away, to look at it, has replaced that thing.
    for (const { scene, leaf } of this.#taken) if (scene.place === place && paths.includes(leaf.path)) this.#options.ledger.letGo(leaf.path, leaf.content);
  }

  /** What is taken out of sight is looked at there and given back if it was not what was meant; only what stays away is judged: whatever explained it then still does. */
  #judgeTaken({ place, actor }: Scene): void {
    for (const taken of this.#taken) if (taken.scene.place === place && taken.scene.actor === actor) taken.calls--;
    const due = this.#taken.filter((taken) => taken.calls <= 0);
    if (due.length === 0) return;
    this.#taken = this.#taken.filter((taken) => taken.calls > 0);
    for (const { scene, leaf, isExplained } of due) if (!isExplained && scene.place.visible().get(leaf.path) !== leaf.content) this.#goes(scene, leaf);
  }

  #arrives({ who, fs, root, lens }: Scene, from: string, to: string | null): void {
    const path = to === null ? null : inSight(root, to);
    const node = fs.disk.find(from);
    if (path !== null && node?.kind === 'file') this.#whole(who, lens.path(path), textOf(node, lens));
  }

  /** A device looked at an object of the store. */
  looked(device: Place, key: string): void {
    this.#looks.set(`${device.name} in the store:${key}`, this.#options.now());
  }

  /**
   * After each change of the store by a device: compares it with what it was. `put` tells uploads from copies. `isBlind`: a deletion that the store does not judge. RACE, documented: what another program puts at the key
   * between our look and that deletion goes with it.
   */
  onStore(device: Place | null, operation: string, { isBlind = false }: { readonly isBlind?: boolean } = {}): void {
    const before = this.#stored;
    this.#stored = byPath(this.#options.store.objects());
    if (device === null) return;
    for (const { path, content } of notIn(before, this.#stored)) {
      this.#whole(`${device.name} in the store`, path, content);
      this.#paths.set(content, (this.#paths.get(content) ?? new Set()).add(path));
      if (operation === 'put') this.sent.set(content, (this.sent.get(content) ?? 0) + 1);
    }
    const { store } = this.#options;
    for (const { path, content } of notIn(this.#stored, before)) {
      const isUnseen = isBlind && this.#cameUnseen({ place: store, who: `${device.name} in the store` }, path, { path, content });
      if (!isUnseen) this.#left(device, { path, content });
    }
  }

  /** How many paths of the store a content was ever at. */
  places(content: string): number {
    return this.#paths.get(content)?.size ?? 0;
  }

  #goes(scene: Pick<Scene, 'place' | 'actor' | 'who'>, leaf: Leaf): void {
    if (!this.#isExplained(scene, leaf)) this.#options.say(`${scene.who} takes ${leaf.content} away from ${leaf.path}, which nobody let go there (L2)`);
  }

  #isExplained({ place, actor }: Pick<Scene, 'place' | 'actor'>, { path, content }: Leaf): boolean {
    const { ledger, store, losersMayGo } = this.#options;
    if (losersMayGo() || ledger.mayGo(path, content)) return true;
    const elsewhere = otherPaths(place, content, path) || otherPaths(actor, content, path);
    // The store holding it at this very path shows that nothing was propagated.
    const renamedThere = place !== store && otherPaths(store, content, path) && store.visible().get(path) !== content;
    return elsewhere || renamedThere;
  }

  #destroyed(scene: Scene, leaf: Leaf): void {
    this.#goes(scene, leaf);
    if (!this.#kept(leaf, scene.place)) this.#options.say(`${scene.who} destroys the only ${leaf.content}, at ${leaf.path} (I1)`);
  }

  #left(device: Place, leaf: Leaf): void {
    const scene = { place: this.#options.store, actor: device, who: `${device.name} in the ${this.#options.store.name}` };
    this.#goes(scene, leaf);
    if (this.#kept(leaf, null) || this.#options.ledger.destroyedByOthers.has(leaf.content)) return;
    this.#options.say(`${scene.who} destroys the only ${leaf.content}, at ${leaf.path} (I1)`);
  }

  #whole(where: string, path: string, content: string): void {
    if (!this.#options.ledger.written.has(content)) this.#options.say(`${where} puts ${JSON.stringify(content)} at ${path}, which nobody wrote (L6)`);
  }

  /** Whether a content is anywhere but at the place it is about to go from. */
  #kept({ path, content }: Leaf, leaving: Place | null): boolean {
    for (const place of [...this.#options.devices(), this.#options.store]) {
      let copies = 0;
      for (const held of place.contents()) if (held === content) copies++;
      if (place === leaving && place.visible().get(path) === content) copies--;
      if (copies > 0) return true;
    }
    return false;
  }
}

function otherPaths(place: Place, content: string, path: string): boolean {
  for (const [at, held] of place.visible()) if (held === content && at !== path) return true;
  return false;
}

/** The path below `root` as users see it; null when it is ours, or elsewhere. */
function inSight(root: string, path: string): string | null {
  if (!path.startsWith(`${root}/`)) return null;
  const rel = path.slice(root.length + 1);
  return rel === CONTROL_FOLDER || rel.startsWith(`${CONTROL_FOLDER}/`) ? null : rel;
}

/** Files and links at or below a path that users see, with what they hold. */
function leaves(scene: Pick<Scene, 'fs' | 'root' | 'lens'>, path: string): readonly Leaf[] {
  const { fs, root, lens } = scene;
  const rel = inSight(root, path);
  const node = rel === null ? null : fs.disk.find(path);
  if (rel === null || node === null) return [];
  if (node.kind !== 'folder') return node.kind === 'other' ? [] : [{ path: lens.path(rel), content: textOf(node, lens) }];
  return [...node.children.values()].flatMap(({ name }) => leaves(scene, `${path}/${name}`));
}

function textOf(node: Inode, lens: Lens): string {
  return node.kind === 'symlink' ? node.target : lens.text(node.data);
}

function byPath(objects: Iterable<readonly [path: string, content: string]>): ReadonlyMap<string, readonly string[]> {
  const contents = new Map<string, readonly string[]>();
  for (const [path, content] of objects) contents.set(path, [...(contents.get(path) ?? []), content]);
  return contents;
}

/** What the one does not hold of the other. */
function* notIn(one: ReadonlyMap<string, readonly string[]>, other: ReadonlyMap<string, readonly string[]>): Generator<Leaf> {
  for (const [path, contents] of other) for (const content of contents) if (one.get(path)?.includes(content) !== true) yield { path, content };
}
