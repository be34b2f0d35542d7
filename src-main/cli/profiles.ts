import { join } from 'node:path';
import { hasCode, SyncError } from '../core/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { readText } from '../platform/text-file.ts';
import { parseEnvFile } from '../settings/env-file.ts';
import { profilesFolder } from '../settings/profile-places.ts';
import { type AppFolder, appFolders } from './app-folder.ts';

/** Settings under a name, for `--profile`: a file of this user, or a folder of the desktop app. */
export type Profile =
  | { readonly kind: 'file'; readonly name: string; readonly file: string; readonly source: string | null; readonly backup: string | null }
  | { readonly kind: 'app'; readonly name: string; readonly folder: AppFolder; readonly source: string | null; readonly backup: string | null };

type Ports = Pick<Platform, 'fs' | 'home'>;

const FILE_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;

/** Where the settings file of a profile lies, or will. Throws `usage` for a name that no file can have everywhere. */
export function profileFile(name: string, home: Ports['home']): string {
  if (!FILE_NAME.test(name) || /[ .]$/.test(name))
    throw new SyncError('usage', '--profile takes a name of letters, digits, blanks, dots, - and _', { hint: '`file-sync profiles` lists those there are.' });
  return join(profilesFolder(home), `${name}.env`);
}

/** All there are, by name; files before folders of the app. */
export async function allProfiles({ fs, home }: Ports): Promise<readonly Profile[]> {
  const files = await fileProfiles({ fs, home });
  const folders = (await appFolders({ fs, home })).map((folder): Profile => ({ kind: 'app', name: folder.name, folder, ...places(folder.values) }));
  return [...files, ...folders].toSorted((a, b) => a.name.localeCompare(b.name));
}

/** The one of that name; of the app's folders also by its id. Throws `config` where there is none, or more than one. */
export async function profileNamed(name: string, ports: Ports): Promise<Profile> {
  const all = await allProfiles(ports);
  const found = all.filter((profile) => profile.name === name || (profile.kind === 'app' && profile.folder.id === name));
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const [ids, names] = [found.flatMap((profile) => (profile.kind === 'app' ? [profile.folder.id] : [])), all.map((profile) => profile.name)];
  if (found.length > 1)
    throw new SyncError('config', `there are ${found.length} profiles named ${name}`, {
      hint: `Name a folder of the app by its id (${ids.join(', ')}), or give one another name.`,
    });
  throw new SyncError('config', `there is no profile ${name}`, {
    hint:
      names.length === 0
        ? 'Write one with `file-sync init --profile NAME`, or add a folder in the app.'
        : `There are: ${names.join(', ')}. \`file-sync init --profile NAME\` makes another.`,
  });
}

async function fileProfiles({ fs, home }: Ports): Promise<readonly Profile[]> {
  const folder = profilesFolder(home);
  let names: readonly string[];
  try {
    names = (await fs.readDir(folder)).map(({ name }) => name);
  } catch (error) {
    if (hasCode(error, 'not-found', 'not-a-folder')) return [];
    throw error;
  }
  const files = names.filter((name) => name.endsWith('.env')).map((name) => join(folder, name));
  return Promise.all(files.map(async (file): Promise<Profile> => ({ kind: 'file', name: file.slice(folder.length + 1, -4), file, ...places(await valuesIn(fs, file)) })));
}

/** As far as they can be read; using the profile says what is wrong with it. */
async function valuesIn(fs: Ports['fs'], file: string): Promise<Readonly<Record<string, string>>> {
  const text = await fs
    .realPath(file)
    .then((real) => readText(fs, real))
    .catch(() => '');
  return Object.fromEntries([...parseEnvFile(text).values].map(([name, { value }]) => [name, value]));
}

function places(values: Readonly<Record<string, string | undefined>>): { readonly source: string | null; readonly backup: string | null } {
  const { WATCH_DIR, BACKUP_DIR, S3_BUCKET, S3_PREFIX = '' } = values;
  return { source: WATCH_DIR ?? null, backup: BACKUP_DIR ?? (S3_BUCKET === undefined ? null : `s3://${S3_BUCKET}/${S3_PREFIX}`) };
}
