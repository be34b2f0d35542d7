import { join } from 'node:path';
import { hasCode } from '../core/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { readText } from '../platform/text-file.ts';

/** The names of the profiles in the AWS settings of this user, `default` first; nothing else of those files is kept. Files that are not there or may not be read have none. */
export async function awsProfiles({ fs, home }: Pick<Platform, 'fs' | 'home'>): Promise<readonly string[]> {
  const config = home.env['AWS_CONFIG_FILE'] || join(home.homeDir, '.aws', 'config');
  const credentials = home.env['AWS_SHARED_CREDENTIALS_FILE'] || join(home.homeDir, '.aws', 'credentials');
  const names = new Set([...sections(await text(fs, credentials)), ...sections(await text(fs, config)).flatMap(profileOf)]);
  return [...names].filter(isName).toSorted((a, b) => Number(b === 'default') - Number(a === 'default') || a.localeCompare(b));
}

function sections(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]*\[[ \t]*([^\]\r\n]+?)[ \t]*\]/gm)].map(([, name = '']) => name);
}

/** In `config` a profile is `[profile name]`, but for `[default]`; other sections are no profiles. */
function profileOf(section: string): readonly string[] {
  if (section === 'default') return [section];
  const name = /^profile[ \t]+["']?(.+?)["']?$/.exec(section)?.[1];
  return name === undefined ? [] : [name];
}

function isName(name: string): boolean {
  return name.length <= 128 && !/\p{Cc}/u.test(name);
}

async function text(fs: Platform['fs'], path: string): Promise<string> {
  try {
    // Often a link into a folder of dotfiles.
    return await readText(fs, await fs.realPath(path));
  } catch (error) {
    if (hasCode(error, 'not-found', 'no-permission', 'io', 'not-a-folder', 'not-supported')) return '';
    throw error;
  }
}
