import type { ChangeView, RestorePlan, RestoreReport } from '../../../src-preload/contract/history.ts';
import type { Progress } from '../../../src-preload/contract/model.ts';
import { formatBytes, formatInstant } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import type { RestoreTask } from './restore-dialog.tsx';

/** What makes sure that nothing is lost by it; null where nothing gives way. Files that only come back to what the other side has are no change of a run. */
export function safeWords({ what, to }: Pick<RestoreTask, 'what' | 'to'>, { counts }: Pick<RestorePlan, 'counts'>): string | null {
  const { safe, safeElsewhere, safeConflict, safeHeld } = say.history.restore;
  if (to !== undefined) return safeElsewhere(to.path);
  if (what.kind === 'conflict') return safeConflict;
  if (counts.replace + counts.remove + counts['remove-folder'] === 0) return null;
  return what.kind === 'held' ? safeHeld : safe;
}

/** How many changes of a kind there would be. */
export function countWords({ what }: Pick<RestoreTask, 'what'>, kind: ChangeView['kind'], n: number): string {
  const { counts, countsOne, removeOfRun } = say.history.restore;
  if (kind === 'remove' && what.kind === 'run') return removeOfRun(n);
  return n === 1 ? countsOne[kind] : counts[kind](n);
}

/** Nothing can be done about it, and the reasons are among what stays as it is. */
export function cannotWords({ what }: Pick<RestoreTask, 'what'>): string {
  const { cannotUndo, cannotBring } = say.history.restore;
  return what.kind === 'run' || what.kind === 'conflict' ? cannotUndo : cannotBring;
}

/** What came back, by its name where it is one file. `folder`: the name of the synced one. */
export function doneWords(task: Pick<RestoreTask, 'what' | 'to' | 'at'>, folder: string, report: Pick<RestoreReport, 'counts' | 'file' | 'cut'>): string {
  const { done } = say.history.restore;
  const { counts, cut } = report;
  const stopped = cut !== null && cut.error === null;
  const parts = [filesWords(task, folder, report), counts.send > 0 ? done.sent(counts.send) : '', counts.remove > 0 ? done.removed(counts.remove) : ''];
  const files = parts.filter((part) => part !== '').join(' ');
  const said = files !== '' && counts['remove-folder'] > 0 ? `${files} ${done.foldersGone(counts['remove-folder'])}` : files;
  if (said !== '') return stopped ? done.stopped(said) : said;
  if (cut !== null) return done.stoppedAtOnce;
  if (counts['make-folder'] > 0) return done.folders(counts['make-folder']);
  if (counts['remove-folder'] > 0) return done.foldersGone(counts['remove-folder']);
  return counts['set-mode'] > 0 ? done.modes(counts['set-mode']) : done.nothing;
}

function filesWords({ what, to, at }: Pick<RestoreTask, 'what' | 'to' | 'at'>, folder: string, { counts, file, cut }: Pick<RestoreReport, 'counts' | 'file' | 'cut'>): string {
  const { allBefore, asAt, asBefore, back, backAll, backSome, beside, saved, savedAll, savedSome } = say.history.restore.done;
  const files = counts.write + counts.replace + counts.move;
  if (files === 0) return '';
  if (cut !== null && files < cut.files) return to === undefined ? backSome(files, cut.files, folder) : savedSome(files, cut.files, to.path);
  if (file === null && to !== undefined) return savedAll(files, to.path);
  if (file === null) return (files === counts.replace ? allBefore : backAll)(files, folder);
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (to !== undefined) return saved(name, to.path);
  if (what.kind === 'conflict') return beside(name);
  if (counts.replace === 0) return back(name, folder);
  return at === undefined ? asBefore(name) : asAt(name, formatInstant(at));
}

/** What is brought back is written here first, and carried to the backup after that. */
export type RestoreStage = 'here' | 'backup';

/** While nothing moves it is what it was. */
export function stageOf(progress: { readonly inFlight: readonly Pick<Progress['inFlight'][number], 'direction'>[] } | null, before: RestoreStage): RestoreStage {
  const [first] = progress?.inFlight ?? [];
  return first === undefined ? before : first.direction === 'up' ? 'backup' : 'here';
}

/** `withFolders`: folders are counted among them. */
export function amountWords({ done, total, bytes, totalBytes }: Pick<Progress, 'done' | 'total' | 'bytes' | 'totalBytes'>, withFolders: boolean): string {
  const parts = [say.history.restore.amount(done, total, withFolders), totalBytes > 0 ? say.progress.bytes(formatBytes(bytes), formatBytes(totalBytes)) : ''];
  return parts.filter((part) => part !== '').join(' · ');
}
