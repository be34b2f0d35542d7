import { SHAPES, type Shape } from './shapes.ts';
import type { Act, SimEvent } from './sim-event.ts';

/** A history written by hand, or found by a random one and kept. */
export interface FixedHistory {
  /** Says which cases it shows. */
  readonly name: string;
  readonly shape: Shape;
  readonly seed: number;
  readonly events: readonly SimEvent[];
}

const BUCKET: Shape = { ...shapeNamed('C48 two devices'), restless: false };
const FOLDER: Shape = { ...shapeNamed('C40 one backup folder'), restless: false };
/** Long enough for a sync of a few files to end. */
const DONE = 1500;

/** `A rename a b`, `B sync`; `wait` steps before it. */
function script(...lines: readonly (string | number)[]): readonly SimEvent[] {
  const events: SimEvent[] = [];
  let after = 0;
  for (const line of lines) {
    if (typeof line === 'number') {
      after += line;
      continue;
    }
    const [who, act, path, to] = line.split(' ');
    events.push({ after, who: 'ABCD'.indexOf(who ?? 'A'), act: act as Act, a: 0, b: 0, ...(path === undefined ? {} : { path }), ...(to === undefined ? {} : { to }) });
    after = 0;
  }
  return events;
}

/** Both devices have these files, and synced them. */
const given = (...paths: readonly string[]): readonly (string | number)[] => [...paths.map((path) => `A write ${path}`), 'A sync', DONE, 'B sync', DONE];
/** Both sync at once. */
const meet: readonly (string | number)[] = ['A sync', 'B sync', DONE];

/** Played as they are, and with a death after each of their steps. */
export const CORPUS: readonly FixedHistory[] = [
  history('C16 C48 S91 a few new files', BUCKET, 'A write a', 'A write d/b', 'A make-folder g', 'A symlink l', 'A sync'),
  history('C31 C36 S23 S25 edits on both sides', BUCKET, ...given('a', 'd/b'), 'A overwrite a', 'B overwrite a', ...meet),
  history('C32 S27 an edit against a deletion, both ways', BUCKET, ...given('a', 'b'), 'A overwrite a', 'B remove a', 'A remove b', 'B overwrite b', ...meet),
  history('C8 C35 S29 S59 one folder renamed to two names', BUCKET, ...given('d/a', 'd/e/b', 'c'), 'A rename-folder d f', 'B rename-folder d g', ...meet),
  history('S30 opposite renames', BUCKET, ...given('a', 'b'), 'A rename b a', 'B rename a b', ...meet),
  history('C10 a swap and a chain of renames', BUCKET, ...given('a', 'b', 'c'), 'A swap a b', 'A rename c d/c', 'B rename c x', ...meet),
  history(
    'C7 C34 S33 a file in place of a folder that has news on the other side',
    BUCKET,
    ...given('d/a', 'd/b'),
    'A folder-to-file d',
    'B write d/c',
    'B overwrite d/a',
    ...meet,
  ),
  history('C7 a folder in place of a file that was edited on the other side', BUCKET, ...given('a', 'b'), 'A file-to-folder a', 'B overwrite a', ...meet),
  history('C39 S32 a folder is removed while the other side adds to it', BUCKET, ...given('d/a', 'd/e/b'), 'A remove-folder d', 'B write d/e/new', ...meet),
  history('C11 C33 removed and made again, removed on both', BUCKET, ...given('a', 'b'), 'A remove a', 'A write a', 'A remove b', 'B remove b', ...meet),
  history('C22 permissions on both sides', BUCKET, ...given('a', 'b'), 'A mode a', 'B overwrite a', 'B mode b', ...meet),
  history('C9 C28 S28 renamed here, edited there', BUCKET, ...given('a', 'b'), 'A rename a d/a', 'B overwrite a', 'A rename b c', 'A overwrite c', ...meet),
  history(
    'C40 C41 C48 a backup folder: edits, a deletion and a rename meet',
    FOLDER,
    ...given('a', 'b', 'c'),
    'A overwrite a',
    'B overwrite a',
    'A remove b',
    'B overwrite b',
    'B rename c d/c',
    ...meet,
  ),
  history('C8 C48 a backup folder: a folder renamed', FOLDER, ...given('d/a', 'd/b'), 'A rename-folder d f', 'A sync'),
  history('S34 a file and things in a folder of its name are stored at once', BUCKET, ...given('d/a'), 'A folder-to-file d', 'B write d/e/b', 'B remove d/a', ...meet),
];

function history(name: string, shape: Shape, ...lines: readonly (string | number)[]): FixedHistory {
  return { name, shape, seed: 1, events: script(...lines) };
}

function shapeNamed(start: string): Shape {
  const found = Object.entries(SHAPES).find(([name]) => name.startsWith(start));
  if (found === undefined) throw new RangeError(`no shape is named ${start}`);
  return found[1];
}
