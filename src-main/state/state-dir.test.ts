import { cpSync, lstatSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeFs } from '../platform/node-fs.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeRandom } from '../platform/node-random.ts';
import { clientName, defaultStateFolder, ensurePrivateFolder, stateFiles } from './state-dir.ts';

it.each([
  ['linux', {}, '/home/u/.local/state/file-sync'],
  ['linux', { XDG_STATE_HOME: '/x' }, '/x/file-sync'],
  ['linux', { XDG_STATE_HOME: 'relative' }, '/home/u/.local/state/file-sync'],
  ['darwin', {}, '/home/u/Library/Application Support/File Sync'],
  ['win32', { LOCALAPPDATA: 'C:\\Users\\u\\AppData\\Local' }, 'C:\\Users\\u\\AppData\\Local\\File Sync'],
] as const)('state lies where %s keeps such things %o', (platform, env, expected) => {
  expect(defaultStateFolder({ platform, env, homeDir: '/home/u' })).toBe(expected);
});

it('every pair has files of its own with a readable name', () => {
  const name = (source: string, backend: string): string => stateFiles('/s', source, backend, nodeHasher).database;
  expect(name('/home/u/My Documents', 'local:/b')).toMatch(/^\/s\/My-Documents-[0-9a-f]{16}\.db$/);
  expect(name('/', 'local:/b')).toMatch(/^\/s\/root-[0-9a-f]{16}\.db$/);
  expect(name('/a/../../x\n', 'b')).toMatch(/^\/s\/x--[0-9a-f]{16}\.db$/);
  const all = [name('/a/x', 'local:/b'), name('/b/x', 'local:/b'), name('/a/x', 'local:/c'), name('/a/x\0local:/b', '')];
  expect(new Set(all).size).toBe(4);
});

it('the state folder is for this user alone', async () => {
  const root = mkdtempSync(join(tmpdir(), 'file-sync-dir-'));
  try {
    await Promise.all([ensurePrivateFolder(nodeFs(), join(root, 'a/b/c')), ensurePrivateFolder(nodeFs(), join(root, 'a/b/c'))]);
    expect(lstatSync(join(root, 'a/b/c')).mode & 0o777).toBe(0o700);
    expect(lstatSync(join(root, 'a')).mode & 0o777).toBe(0o700);
    symlinkSync('a', join(root, 'link'));
    await ensurePrivateFolder(nodeFs(), join(root, 'link/d'));
    writeFileSync(join(root, 'file'), '');
    await expect(ensurePrivateFolder(nodeFs(), join(root, 'file'))).rejects.toMatchObject({ code: 'config' });
  } finally {
    rmSync(root, { recursive: true });
  }
});

it('C43 a client is named the same at every run, and unlike any other', async () => {
  const root = mkdtempSync(join(tmpdir(), 'file-sync-dir-'));
  try {
    const name = (folder: string, source: string, create = true, host = 'here'): Promise<string> =>
      clientName({ fs: nodeFs(), folder: join(root, folder), source, host, random: nodeRandom, newHasher: nodeHasher, create });
    await Promise.all(['a', 'b'].map((folder) => ensurePrivateFolder(nodeFs(), join(root, folder))));
    expect(await name('b', '/x', false)).not.toBe(await name('b', '/x', false));
    const first = await name('a', '/x');
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(await name('a', '/x')).toBe(first);
    expect(await name('a', '/x', false)).toBe(first);
    expect(new Set([first, await name('a', '/y'), await name('b', '/x')]).size).toBe(3);
    writeFileSync(join(root, 'a', 'device-id'), 'garbage');
    expect(await name('a', '/x')).not.toBe(first);
    writeFileSync(join(root, 'a', 'device-id'), '0123456789abcdef\n');
    const older = await name('a', '/x');
    expect(await name('a', '/x')).toBe(older);
  } finally {
    rmSync(root, { recursive: true });
  }
});

it('processes that come first at once agree on the name', async () => {
  const root = mkdtempSync(join(tmpdir(), 'file-sync-dir-'));
  try {
    const name = (): Promise<string> => clientName({ fs: nodeFs(), folder: root, source: '/x', host: 'here', random: nodeRandom, newHasher: nodeHasher, create: true });
    for (let turn = 0; turn < 20; turn++) {
      const names = await Promise.all(Array.from({ length: 5 }, name));
      expect(new Set([...names, await name()]).size).toBe(1);
      expect(readdirSync(root)).toEqual(['device-id']);
      rmSync(join(root, 'device-id'));
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});

it('C43 S39 a state folder copied to a second machine names another client there, for good; the first keeps its name', async () => {
  const root = mkdtempSync(join(tmpdir(), 'file-sync-dir-'));
  try {
    const name = (folder: string, host: string, create = true): Promise<string> =>
      clientName({ fs: nodeFs(), folder: join(root, folder), source: '/home/u/docs', host, random: nodeRandom, newHasher: nodeHasher, create });
    await ensurePrivateFolder(nodeFs(), join(root, 'first'));
    const first = await name('first', 'desk');
    cpSync(join(root, 'first'), join(root, 'second'), { recursive: true });
    expect(await name('second', 'laptop', false)).not.toBe(first);
    const second = await name('second', 'laptop');
    expect(second).not.toBe(first);
    expect([await name('second', 'laptop'), await name('first', 'desk')]).toEqual([second, first]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
