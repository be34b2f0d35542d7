import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFs } from '../platform/node-fs.ts';
import { checkApart, checkFolder, checkNothingNested, checkNotNested, checkStateOutside } from './check-folders.ts';

const fs = nodeFs();
let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'file-sync-folders-')));
});
afterEach(() => rmSync(root, { recursive: true }));
const folder = (path: string): string => {
  mkdirSync(join(root, path), { recursive: true });
  return join(root, path);
};
const marker = (path: string, name: string): void => {
  folder(`${path}/.file-sync`);
  writeFileSync(join(root, path, '.file-sync', name), '{}');
};

describe('a folder of a pair', () => {
  it('is given by its real path', async () => {
    folder('a');
    symlinkSync('a', join(root, 'link'));
    expect(await checkFolder(fs, join(root, 'link'), 'WATCH_DIR')).toBe(join(root, 'a'));
  });

  it('C26 must be there, be a folder and be readable', async () => {
    writeFileSync(join(root, 'file'), '');
    symlinkSync('nowhere', join(root, 'dangling'));
    await expect(checkFolder(fs, join(root, 'missing'), 'WATCH_DIR')).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('WATCH_DIR: there is no folder') });
    await expect(checkFolder(fs, join(root, 'dangling'), 'WATCH_DIR')).rejects.toMatchObject({ code: 'config' });
    await expect(checkFolder(fs, join(root, 'file'), 'BACKUP_DIR')).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('is not a folder') });
  });

  it.skipIf(process.getuid?.() === 0)('C13 that may not be read says so', async () => {
    chmodSync(folder('secret'), 0);
    await expect(checkFolder(fs, join(root, 'secret'), 'WATCH_DIR')).rejects.toMatchObject({ code: 'no-permission' });
    chmodSync(join(root, 'secret'), 0o700);
  });
});

describe('S86 a pair around our own state is refused', () => {
  it.each(['home/.local/state/file-sync', 'home'])('with the state in %s, there or not, through links too', async (state) => {
    folder('home/docs');
    symlinkSync('home', join(root, 'link'));
    for (const there of [false, true]) {
      if (there) folder(state);
      await expect(checkStateOutside(fs, join(root, state), join(root, 'home'))).rejects.toMatchObject({ code: 'overlap' });
      await expect(checkStateOutside(fs, join(root, state.replace('home', 'link')), join(root, 'none'), join(root, 'home'))).rejects.toMatchObject({ code: 'overlap' });
      await expect(checkStateOutside(fs, join(root, state), join(root, 'home/docs'))).resolves.toBeUndefined();
    }
  });
});

describe('C29 folders that overlap are refused', () => {
  it.each([
    ['one and the same', 'a', 'a', 'one and the same'],
    ['target inside source', 'a', 'a/b/c', 'lies inside the synced folder'],
    ['source inside target', 'a/b', 'a', 'lies inside the backup folder'],
  ])('%s', async (_name, source, target, message) => {
    await expect(checkApart(fs, folder(source), folder(target))).rejects.toMatchObject({ code: 'overlap', message: expect.stringContaining(message) });
  });

  it('not so folders that only share the beginning of their name', async () => {
    await expect(checkApart(fs, folder('a'), folder('ab'))).resolves.toBeUndefined();
  });

  it('through a symlink, once both are real paths', async () => {
    folder('a/b');
    symlinkSync('a/b', join(root, 'link'));
    const target = await checkFolder(fs, join(root, 'link'), 'BACKUP_DIR');
    await expect(checkApart(fs, join(root, 'a'), target)).rejects.toMatchObject({ code: 'overlap' });
  });

  it.each([
    ['inside another synced folder', 'outer', 'identity.json'],
    ['inside a backup folder', 'outer', 'vault.json'],
    ['that is a backup folder itself', 'outer/inner/source', 'vault.json'],
  ])('a source %s', async (_name, marked, name) => {
    const source = folder('outer/inner/source');
    marker(marked, name);
    await expect(checkNotNested(fs, source, 'identity.json')).rejects.toMatchObject({ code: 'overlap' });
  });

  it('a backup folder that is synced itself', async () => {
    marker('a', 'identity.json');
    await expect(checkNotNested(fs, join(root, 'a'), 'vault.json')).rejects.toMatchObject({ code: 'overlap', message: expect.stringContaining('already is a synced folder') });
  });

  it('a source with another pair below', async () => {
    marker('a', 'identity.json');
    await expect(checkNothingNested(fs, join(root, 'a'))).resolves.toBeUndefined();
    marker('a/b/c', 'vault.json');
    await expect(checkNothingNested(fs, join(root, 'a'))).rejects.toMatchObject({ code: 'overlap', path: join(root, 'a/b/c') });
  });

  it('not so a pair that was set up here before', async () => {
    marker('a', 'identity.json');
    marker('b', 'vault.json');
    await expect(checkNotNested(fs, join(root, 'a'), 'identity.json')).resolves.toBeUndefined();
    await expect(checkNotNested(fs, join(root, 'b'), 'vault.json')).resolves.toBeUndefined();
  });

  it('a loop of symlinks does not hang the look below', async () => {
    folder('a/b');
    symlinkSync('..', join(root, 'a/b/up'));
    await expect(checkNothingNested(fs, join(root, 'a'))).resolves.toBeUndefined();
  });
});
