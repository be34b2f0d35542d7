import { say } from './say.ts';

/** So many files are named one by one. */
const NAMED = 2;
/** A desktop cuts a long text at its end; of a name the end, with what kind of file it is, says more than the middle. */
const NAME_LENGTH = 40;

/** The first of several files by name, and how many there are besides; empty where none is known. */
export function namesOf(items: readonly { readonly path: string }[], total: number): string {
  const named = items.slice(0, NAMED);
  const names = named.map(({ path }) => nameOf(path)).join(', ');
  return named.length > 0 && total > named.length ? say.notification.andMore(names, total - named.length) : names;
}

/** A file's own name, shortened where it is long. */
export function nameOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const letters = [...name];
  const half = (NAME_LENGTH - 1) / 2;
  return letters.length <= NAME_LENGTH ? name : `${letters.slice(0, Math.ceil(half)).join('')}…${letters.slice(-Math.floor(half)).join('')}`;
}
