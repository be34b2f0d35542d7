import { SyncError } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';
import { readText, writeText } from '../platform/text-file.ts';
import { type ControlPaths, ensureControlFolder } from './control-folder.ts';

/** LocalTree.stateMark. One that is missing or makes no sense says nothing. */
export async function readStateMark(fs: Fs, { stateMark }: ControlPaths): Promise<number> {
  try {
    const mark = Number(await readText(fs, stateMark));
    return Number.isSafeInteger(mark) && mark > 0 ? mark : 0;
  } catch (error) {
    if (error instanceof SyncError) return 0;
    throw error;
  }
}

/** LocalTree.setStateMark. A mark that lags behind only says less. */
export async function writeStateMark(fs: Fs, control: ControlPaths, mark: number): Promise<void> {
  try {
    await ensureControlFolder(fs, control);
    await writeText(fs, control.stateMark, `${mark}\n`, 0o600);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
  }
}
