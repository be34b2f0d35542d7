import { backendId } from '../backends/catalog.ts';
import { type Platform, realTarget } from '../compose.ts';
import { type AppEnd, connectApp, connectOwner, type Owner } from '../control/control-client.ts';
import { controlFile, readPlace } from '../control/control-place.ts';
import { SyncError } from '../core/errors.ts';
import { appControlFile } from '../settings/profile-places.ts';
import type { Config } from '../settings/settings.ts';
import { defaultStateFolder, stateFiles } from '../state/state-dir.ts';

/** Whoever owns the folder of a configuration and hears commands; null where nobody does. What is wrong with the folders is for `composePair` to say. */
export async function ownerOf(config: Config, platform: Platform): Promise<Owner | null> {
  const { fs, home, newHasher, clock } = platform;
  let id: string;
  let source: string;
  try {
    source = await fs.realPath(config.source);
    id = backendId(config.backend.kind === 'local' ? { ...config.backend, folder: await realTarget(config.backend.folder, source, platform) } : config.backend);
  } catch (error) {
    if (error instanceof SyncError) return null;
    throw error;
  }
  const { lock } = stateFiles(config.stateDir ?? defaultStateFolder(home), source, id, newHasher);
  const place = await readPlace(fs, controlFile(lock));
  return place === null ? null : connectOwner(place, { clock, isWindows: home.platform === 'win32' });
}

/** The desktop app of this user; null where it does not run. */
export async function runningApp({ fs, home, clock }: Platform): Promise<AppEnd | null> {
  const place = await readPlace(fs, appControlFile(home));
  return place === null ? null : connectApp(place, { clock, isWindows: home.platform === 'win32' });
}
