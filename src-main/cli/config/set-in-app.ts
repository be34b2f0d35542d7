import { join } from 'node:path';
import { withFolderSetting } from '../../app/folder-setting.ts';
import { SyncError } from '../../core/errors.ts';
import { writeText } from '../../platform/text-file.ts';
import { appSettingsFile } from '../../settings/profile-places.ts';
import type { VariableName } from '../../settings/variables.ts';
import { acquireLock } from '../../state/lock.ts';
import { defaultStateFolder, ensurePrivateFolder } from '../../state/state-dir.ts';
import { appSettings } from '../app-folder.ts';
import type { Session } from '../session.ts';

/**
 * Changes a setting of a folder of the desktop app: by the app itself where it runs, so that it counts and shows at once and is not written over; else in its file. Resolves to whether it runs. An app that starts meanwhile may
 * have read the file before, and listens by then (`openAppControl`): so it is looked for once more.
 */
export async function setInApp(session: Session, folder: string, name: VariableName, value: string | null): Promise<boolean> {
  if (await tellApp(session, folder, name, value)) return true;
  await writeAsApp(session, folder, name, value);
  return tellApp(session, folder, name, value);
}

async function tellApp({ context }: Session, folder: string, name: VariableName, value: string | null): Promise<boolean> {
  const app = await context.app(context.platform);
  if (app === null) return false;
  try {
    await app.set(folder, name, value);
    return true;
  } finally {
    app.close();
  }
}

/** As the app itself would write it. Of two commands at once one waits. */
async function writeAsApp({ context }: Session, folder: string, name: VariableName, value: string | null): Promise<void> {
  const { fs, clock, home } = context.platform;
  const own = defaultStateFolder(home);
  await ensurePrivateFolder(fs, own);
  const lock = await acquireLock({ file: join(own, 'app-settings.lock'), fs, clock }, { pid: home.pid, host: home.hostname, kind: 'cli' });
  try {
    const settings = await appSettings(context.platform);
    if (settings === null) throw new SyncError('config', 'the settings of the desktop app are gone');
    const file = await fs.realPath(appSettingsFile(home));
    await writeText(fs, file, JSON.stringify(withFolderSetting(settings, folder, name, value), null, '\t'), (await fs.lstat(file))?.mode ?? 0o600);
  } finally {
    await lock.release();
  }
}
