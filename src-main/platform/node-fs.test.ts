import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, promises, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../core/errors.ts';
import type { Fs } from './fs.ts';
import { type NodeFsOptions, nodeFs } from './node-fs.ts';

describe.each([
  ['pooled', nodeFs],
  ['blocking', (options: NodeFsOptions = {}) => nodeFs({ ...options, blocking: true })],
])('nodeFs, %s', (_name, open) => {
  const fs: Fs = open();
  let dir = '';
  const at = (name: string) => join(dir, name);
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'node-fs-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const failing = (code: ErrorCode) => expect.objectContaining({ name: 'SyncError', code });

  it('writes, reads back and reports a file', async () => {
    const out = await fs.create(at('a'), 0o640);
    await out.write(Buffer.from('hello '));
    await out.write(Buffer.from('world'));
    await out.sync();
    const whileOpen = await out.stat();
    await out.close();
    await fs.syncFolder(dir);
    const stat = await fs.lstat(at('a'));
    expect(stat).toEqual(whileOpen);
    expect(stat).toMatchObject({ kind: 'file', size: 11, mode: 0o640, nlink: 1 });
    const handle = await fs.openRead(at('a'));
    const buffer = new Uint8Array(4);
    expect(await handle.read(buffer, 6)).toBe(4);
    expect(Buffer.from(buffer).toString()).toBe('worl');
    expect(await handle.read(buffer, 11)).toBe(0);
    await handle.close();
  });

  it('appends, and creates only what is not there', async () => {
    writeFileSync(at('a'), 'one');
    const out = await fs.openAppend(at('a'), 0o600);
    await out.write(Buffer.from('two'));
    await out.close();
    expect(readFileSync(at('a'), 'utf8')).toBe('onetwo');
    await expect(fs.create(at('a'), 0o600)).rejects.toEqual(failing('exists'));
  });

  it('answers null where nothing is, and says what went wrong elsewhere', async () => {
    writeFileSync(at('file'), '');
    mkdirSync(at('full/below'), { recursive: true });
    expect(await fs.lstat(at('none'))).toBeNull();
    expect(await fs.lstat(at('file/below'))).toBeNull();
    await expect(fs.readDir(at('none'))).rejects.toEqual(failing('not-found'));
    await expect(fs.rmdir(at('full'))).rejects.toEqual(failing('not-empty'));
    await expect(fs.mkdir(at('full'))).rejects.toEqual(failing('exists'));
    await expect(fs.create(at('x'.repeat(256)), 0o600)).rejects.toEqual(failing('name-too-long'));
    await expect(fs.create(at('a\0b'), 0o600)).rejects.toEqual(failing('name-not-allowed'));
    await expect(fs.readLink(at('file'))).rejects.toEqual(failing('not-supported'));
    await expect(fs.copyFile(at('file'), at('full'))).rejects.toEqual(failing('exists'));
    await expect(fs.link(at('file'), at('full'))).rejects.toEqual(failing('exists'));
  });

  it('gives a link, not what it points to, a second name, whatever the system does', async () => {
    await fs.symlink('nowhere', at('link'));
    const careful = open({ linkFollows: true });
    await careful.link(at('link'), at('second'));
    expect(await fs.readLink(at('second'))).toBe('nowhere');
    // Made anew: no name for the same link.
    expect((await fs.lstat(at('second')))?.nlink).toBe(1);
    await expect(careful.link(at('link'), at('second'))).rejects.toEqual(failing('exists'));
  });

  it('never follows a link in the last component', async () => {
    writeFileSync(at('target'), 'x', { mode: 0o644 });
    const before = statSync(at('target'), { bigint: true });
    await fs.symlink('target', at('link'));
    expect(await fs.readLink(at('link'))).toBe('target');
    expect((await fs.lstat(at('link')))?.kind).toBe('symlink');
    await expect(fs.openRead(at('link'))).rejects.toEqual(failing('not-supported'));
    await expect(fs.openAppend(at('link'), 0o600)).rejects.toEqual(failing('not-supported'));
    await expect(fs.chmod(at('link'), 0o600)).rejects.toEqual(failing('not-supported'));
    await expect(fs.copyFile(at('link'), at('copy'))).rejects.toEqual(failing('not-supported'));
    await fs.setMtime(at('link'), 1_000_000_000n);
    expect((await fs.lstat(at('link')))?.mtimeNs).toBe(1_000_000_000n);
    expect(statSync(at('target'), { bigint: true }).mtimeNs).toBe(before.mtimeNs);
  });

  it('C15 does not hang on a FIFO, and opens no folder', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await expect(fs.openRead(at('pipe'))).rejects.toEqual(failing('not-supported'));
    await expect(fs.copyFile(at('pipe'), at('copy'))).rejects.toEqual(failing('not-supported'));
    await expect(fs.openRead(dir)).rejects.toEqual(failing('not-supported'));
    expect((await fs.lstat(at('pipe')))?.kind).toBe('other');
  });

  it('C22 sets an mtime to the microsecond below', async () => {
    writeFileSync(at('a'), '');
    for (const asked of [0n, 1n, 999n, 1_000n, 1_700_000_000_123_456_789n, 1_700_000_000_999_999_999n, 4_102_444_799_000_001_000n, 1_000n * 1_763_876_112_000_003n]) {
      await fs.setMtime(at('a'), asked);
      expect((await fs.lstat(at('a')))?.mtimeNs).toBe(asked - (asked % 1_000n));
    }
  });

  it('sets an mtime before 1970', async () => {
    writeFileSync(at('a'), '');
    for (const [asked, set] of [
      [-1_500_000_000n, -1_500_000_000n],
      [-1n, -1_000_000n],
      [-2_000_000n, -2_000_000n],
    ] as const) {
      await fs.setMtime(at('a'), asked);
      expect((await fs.lstat(at('a')))?.mtimeNs).toBe(set);
    }
  });

  it('C21 tells names that are not UTF-8 from names that hold U+FFFD', async () => {
    writeFileSync(at('caf\uFFFD'), '');
    writeFileSync(Buffer.concat([Buffer.from(`${dir}/caf`), Buffer.from([0xe9])]), '');
    writeFileSync(at('plain'), '');
    const names = [...(await fs.readDir(dir))].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(names).toEqual([
      { name: 'caf\\xE9', valid: false },
      { name: 'caf\uFFFD', valid: true },
      { name: 'plain', valid: true },
    ]);
  });

  it('links, renames, copies, removes', async () => {
    writeFileSync(at('a'), 'text');
    await fs.link(at('a'), at('b'));
    expect((await fs.lstat(at('b')))?.nlink).toBe(2);
    await fs.rename(at('b'), at('c'));
    await fs.copyFile(at('c'), at('d'));
    expect(readFileSync(at('d'), 'utf8')).toBe('text');
    expect((await fs.lstat(at('d')))?.nlink).toBe(1);
    await fs.unlink(at('c'));
    expect((await fs.readDir(dir)).map((entry) => entry.name).sort()).toEqual(['a', 'd']);
    await fs.mkdir(at('e'));
    await fs.rmdir(at('e'));
    await fs.chmod(at('a'), 0o4755);
    expect((await fs.lstat(at('a')))?.mode).toBe(0o755);
    await fs.chmod(at('a'), 0o200);
    await fs.chmod(at('a'), 0o644);
    expect((await fs.lstat(at('a')))?.mode).toBe(0o644);
  });

  it('a file does not take the place of a folder, and that is no input or output error', async () => {
    writeFileSync(at('a'), 'text');
    await fs.mkdir(at('folder'));
    await expect(fs.rename(at('a'), at('folder'))).rejects.toMatchObject({ code: 'exists' });
    expect((await fs.lstat(at('a')))?.kind).toBe('file');
  });

  it('knows the canonical path and the free space', async () => {
    mkdirSync(at('real'));
    symlinkSync('real', at('link'));
    expect(await fs.realPath(at('link'))).toBe(await fs.realPath(at('real')));
    expect(await fs.freeBytes(dir)).toBeGreaterThan(0);
    expect(await fs.freeBytes(at('none'))).toBeNull();
  });
});

it.each(['EPERM', 'EMLINK', 'EISDIR'])('a disk that answers %s has no second names, and no links', async (code) => {
  const refuses = () => Promise.reject(Object.assign(new Error(code), { code }));
  const spies = [vi.spyOn(promises, 'link').mockImplementation(refuses), vi.spyOn(promises, 'symlink').mockImplementation(refuses)];
  try {
    await expect(nodeFs().link('/a', '/b')).rejects.toMatchObject({ code: 'not-supported' });
    if (code !== 'EMLINK') await expect(nodeFs().symlink('a', '/b')).rejects.toMatchObject({ code: 'not-supported' });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
});
