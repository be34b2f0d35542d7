import { dirname, join } from 'node:path';
import { type FileLog, openFileLog } from '../platform/pino-log.ts';
import type { Platform } from '../platform/platform.ts';
import { defaultStateFolder, ensurePrivateFolder, ensureStateFolder } from '../state/state-dir.ts';

/** The log of the app itself; what the folders do is in the engines' own, beside it. */
export function appLogFile(home: Platform['home']): string {
  return join(defaultStateFolder(home), 'logs', 'app.log');
}

/** A log that cannot be written never keeps the app from starting. */
export async function openAppLog({ fs, clock, random, home }: Platform): Promise<FileLog> {
  const file = appLogFile(home);
  try {
    await ensureStateFolder(fs, defaultStateFolder(home), random);
    await ensurePrivateFolder(fs, dirname(file));
    return await openFileLog({ file, level: 'info', fs, clock });
  } catch {
    return { line: () => undefined, close: async () => undefined };
  }
}
