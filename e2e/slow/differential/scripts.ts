import { contentOf, type Edit, type Editor, isAtOrBelow, Model, type Random } from './edits.ts';

export type Side = 0 | 1;
export type SidedEdit = Edit & { readonly side: Side };

/** Edits on both sides that have nothing to do with each other: every tool must come to the same tree. Brings the model up to date. */
export function calmStep(model: Model, scripts: readonly Editor[], random: Random): SidedEdit[] {
  const made: SidedEdit[] = [];
  const merged = new Model(model.nodes);
  for (const script of scripts) {
    const sides = [new Model(model.nodes), new Model(model.nodes)] as const;
    const touched: [string[], string[]] = [[], []];
    for (let n = random.below(7); n > 0; n--) {
      const side: Side = random.below(2) === 0 ? 0 : 1;
      const edit = script.edit(sides[side]);
      if (edit === null || pathsOf(edit).some((path) => touched[1 - side]?.some((other) => isAtOrBelow(path, other) || isAtOrBelow(other, path)))) continue;
      touched[side].push(...pathsOf(edit));
      sides[side].do(edit);
      merged.do(edit);
      made.push({ ...edit, side });
    }
  }
  model.nodes.clear();
  for (const [path, node] of merged.nodes) model.nodes.set(path, node);
  return made;
}

export interface ConflictStep {
  readonly edits: readonly SidedEdit[];
  /** Contents that nobody who had them in front of them replaced or deleted. */
  readonly owed: ReadonlySet<string>;
}

/** Edits on both sides that know nothing of each other; `kinds`: also a file on one side and a folder on the other. */
export function conflictStep(model: Model, scripts: readonly Editor[], random: Random, kinds: boolean): ConflictStep {
  const sides = [new Model(model.nodes), new Model(model.nodes)] as const;
  const owed = model.contents();
  const edits: SidedEdit[] = [];
  const act = (side: Side, edit: Edit | null): void => {
    if (edit === null || !isPossible(edit, sides[side])) return;
    for (const gone of letGo(edit, sides[side])) owed.delete(gone);
    sides[side].do(edit);
    if (edit.kind === 'write') owed.add(edit.content);
    edits.push({ ...edit, side });
  };
  for (const script of scripts) {
    for (const [left, right] of clashes(model, script, random, kinds)) {
      for (const edit of left) act(0, edit);
      for (const edit of right) act(1, edit);
    }
    for (let n = random.below(4); n > 0; n--) {
      const side: Side = random.below(2) === 0 ? 0 : 1;
      act(side, script.edit(sides[side]));
    }
  }
  return { edits, owed };
}

/** Pairs of edits, one side against the other, of each kind that users come to. */
function* clashes(model: Model, script: Editor, random: Random, withKinds: boolean): Generator<readonly [readonly Edit[], readonly Edit[]]> {
  const write = (path: string): Edit => ({ kind: 'write', path, content: script.content() });
  const [file, other, folder, free, free2] = [script.file(model), script.file(model), script.folder(model), script.freePath(model), script.freePath(model)];
  const same = script.content();
  const kinds: (readonly [readonly Edit[], readonly Edit[]])[] = [];
  const add = (left: readonly Edit[], right: readonly Edit[]): void => void kinds.push(random.below(2) === 0 ? [left, right] : [right, left]);
  if (file !== null) {
    add([write(file)], [write(file)]);
    add([write(file)], [{ kind: 'remove', path: file }]);
    add([{ kind: 'remove', path: file }], [{ kind: 'remove', path: file }]);
    add([write(file)], [{ kind: 'chmod', path: file, mode: 0o755 }]);
    add([{ kind: 'write', path: file, content: same }], [{ kind: 'write', path: file, content: same }]);
    if (withKinds) add([{ kind: 'remove', path: file }, { kind: 'mkdir', path: file }, write(`${file}/inside`)], [write(file)]);
  }
  if (file !== null && free !== null) {
    add([{ kind: 'rename', path: file, to: free }], [write(file)]);
    add([{ kind: 'rename', path: file, to: free }], [{ kind: 'remove', path: file }]);
    if (free2 !== null) add([{ kind: 'rename', path: file, to: free }], [{ kind: 'rename', path: file, to: free2 }]);
    if (other !== null && other !== file) add([{ kind: 'rename', path: file, to: free }], [{ kind: 'rename', path: other, to: free }]);
  }
  if (free !== null) {
    add([write(free)], [write(free)]);
    if (withKinds) add([write(free)], [{ kind: 'mkdir', path: free }, write(`${free}/inside`)]);
    add([{ kind: 'mkdir', path: free }, write(`${free}/left`)], [{ kind: 'mkdir', path: free }, write(`${free}/right`)]);
  }
  // A script's home is the one folder without a slash.
  if (folder.includes('/')) {
    add([{ kind: 'remove', path: folder }], [write(`${folder}/late`)]);
    if (free !== null && !isAtOrBelow(free, folder)) add([{ kind: 'rename', path: folder, to: free }], [write(`${folder}/late`)]);
  }
  if (kinds.length > 0) yield random.pick(kinds);
}

function pathsOf(edit: Edit): string[] {
  return edit.kind === 'rename' ? [edit.path, edit.to] : [edit.path];
}

function isPossible(edit: Edit, model: Model): boolean {
  const there = model.nodes.get(edit.path);
  const target = edit.kind === 'rename' ? edit.to : edit.path;
  if (model.nodes.get(target.slice(0, target.lastIndexOf('/')))?.kind !== 'folder') return false;
  switch (edit.kind) {
    case 'write':
      return there?.kind !== 'folder';
    case 'mkdir':
      return there === undefined;
    case 'chmod':
      return there?.kind === 'file';
    case 'remove':
      return there !== undefined;
    case 'rename':
      return there !== undefined && !model.nodes.has(edit.to) && !isAtOrBelow(edit.to, edit.path);
  }
}

/** Contents the user had in front of them at this path and replaced or deleted. */
function letGo(edit: Edit, model: Model): string[] {
  if (edit.kind === 'write') return contentOf(model.nodes.get(edit.path));
  return edit.kind === 'remove' ? [...model.contents(edit.path)] : [];
}
