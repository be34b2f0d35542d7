import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeFs } from '../platform/node-fs.ts';
import type { Platform } from '../platform/platform.ts';
import { requireSide, statOfShown } from './shown-file.ts';

it('what is shown has to be there, a link that leads nowhere too; what is not is named as the window writes it', async () => {
  const homeDir = mkdtempSync(join(tmpdir(), 'file-sync-shown-'));
  const platform = { fs: nodeFs(), home: { homeDir } as Platform['home'] };
  writeFileSync(join(homeDir, 'a.txt'), 'x');
  symlinkSync('nowhere', join(homeDir, 'link'));
  await expect(statOfShown(platform, join(homeDir, 'a.txt'))).resolves.toMatchObject({ kind: 'file' });
  await expect(statOfShown(platform, join(homeDir, 'link'))).resolves.toMatchObject({ kind: 'symlink' });
  for (const gone of ['b.txt', 'sub/b.txt', 'a.txt/b']) {
    await expect(statOfShown(platform, join(homeDir, gone))).rejects.toMatchObject({ code: 'not-found', message: `${join('~', gone)} is not there any more` });
  }
  rmSync(homeDir, { recursive: true });
});

it('a side that is opened has to be there: what is missing is named, with what helps', async () => {
  const homeDir = mkdtempSync(join(tmpdir(), 'file-sync-shown-'));
  const platform = { fs: nodeFs(), home: { homeDir } as Platform['home'] };
  await expect(requireSide(platform, homeDir, 'source')).resolves.toBeUndefined();
  await expect(requireSide(platform, homeDir, 'target')).resolves.toBeUndefined();
  const gone = join(homeDir, 'Drive');
  await expect(requireSide(platform, gone, 'source')).rejects.toMatchObject({ code: 'root-missing', message: `the folder ${join('~', 'Drive')} is not there` });
  await expect(requireSide(platform, gone, 'target')).rejects.toMatchObject({ code: 'unreachable', message: `the backup folder ${join('~', 'Drive')} is not there` });
  rmSync(homeDir, { recursive: true });
});
