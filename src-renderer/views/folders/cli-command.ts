import type { PairView } from '../../../src-preload/contract/model.ts';

type Named = Pick<PairView, 'id' | 'name'>;

/** The command line that does for a folder what the app does, by the app's own settings; `every`: all folders of the app. Holds no secret and nothing that could differ from what is saved. */
export function profileCommand({ id, name }: Named, every: readonly Named[], verb: 'watch' | 'config list' = 'watch'): string {
  const isOnlyOne = every.every((pair) => pair.id === id || pair.name !== name);
  return `file-sync --profile ${shellWord(isOnlyOne ? name : id)} ${verb}`;
}

/** As a POSIX shell reads it back. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
