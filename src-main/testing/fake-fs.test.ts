import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';
import { nodeFs } from '../platform/node-fs.ts';
import { Crash, FakeFs } from './fake-fs.ts';

const clock = { now: () => 1_700_000_000_000 };

type Op = readonly [
  name: 'write' | 'append' | 'mkdir' | 'rmdir' | 'unlink' | 'rename' | 'link' | 'symlink' | 'chmod' | 'mtime' | 'copy' | 'lstat' | 'list' | 'read' | 'readLink' | 'real',
  a: string,
  b: string,
  n: number,
];

const path = fc.constantFrom('a', 'b', 'c', 'd', 'a/x', 'a/y', 'b/x', 'a/x/deep', 'c/x', 'A');
const op: fc.Arbitrary<Op> = fc.tuple(
  fc.constantFrom(
    'write',
    'append',
    'mkdir',
    'mkdir',
    'rmdir',
    'unlink',
    'rename',
    'rename',
    'link',
    'symlink',
    'chmod',
    'mtime',
    'copy',
    'lstat',
    'list',
    'read',
    'readLink',
    'real',
  ),
  path,
  path,
  fc.nat(500),
);

/** Does one thing and says in plain data what came of it. */
async function perform(fs: Fs, root: string, [name, a, b, n]: Op): Promise<unknown> {
  const [at, to] = [`${root}/${a}`, `${root}/${b}`];
  const put = async (handle: Awaited<ReturnType<Fs['create']>>) => {
    await handle.write(Buffer.from(`${a}${n}`));
    await handle.sync();
    await handle.close();
  };
  switch (name) {
    case 'write':
      return put(await fs.create(at, 0o666));
    case 'append':
      return put(await fs.openAppend(at, 0o666));
    case 'mkdir':
      return fs.mkdir(at);
    case 'rmdir':
      return fs.rmdir(at);
    case 'unlink':
      return fs.unlink(at);
    case 'rename':
      return fs.rename(at, to);
    case 'link':
      return fs.link(at, to);
    case 'symlink':
      return fs.symlink(n % 2 ? b : `${root}/${b}`, at);
    case 'chmod':
      return fs.chmod(at, 0o600 | n);
    case 'mtime':
      return fs.setMtime(at, BigInt(n) * 1_000_000_000n);
    case 'copy':
      return fs.copyFile(at, to);
    case 'readLink':
      return (await fs.readLink(at)).replace(root, '');
    case 'real':
      return (await fs.realPath(at)).replace(await fs.realPath(root), '');
    case 'list':
      return (await fs.readDir(at)).map((entry) => entry.name).sort();
    case 'read':
      return slurp(fs, at);
    case 'lstat':
      return look(fs, at);
  }
}

async function slurp(fs: Fs, at: string): Promise<string> {
  const handle = await fs.openRead(at);
  const buffer = Buffer.alloc(65_536);
  const size = await handle.read(buffer, 0);
  await handle.close();
  return buffer.subarray(0, size).toString();
}

async function look(fs: Fs, at: string): Promise<unknown> {
  const stat = await fs.lstat(at);
  if (stat === null) return null;
  // A folder's size and link count are the file system's own business, and so is the length of a link that holds the root's path.
  return stat.kind === 'file' ? [stat.kind, stat.size, stat.mode, stat.nlink] : stat.kind === 'folder' ? [stat.kind, stat.mode] : stat.kind;
}

async function outcome(work: Promise<unknown>): Promise<unknown> {
  try {
    return { value: (await work) ?? null };
  } catch (error) {
    if (error instanceof SyncError) return { code: error.code };
    throw error;
  }
}

async function wholeTree(fs: Fs, root: string, rel = ''): Promise<unknown[]> {
  const out: unknown[] = [];
  for (const { name } of [...(await fs.readDir(root + rel))].sort((x, y) => (x.name < y.name ? -1 : 1))) {
    const at = `${rel}/${name}`;
    const stat = await look(fs, root + at);
    out.push([at, stat]);
    if (Array.isArray(stat) && stat[0] === 'file') out.push(await slurp(fs, root + at));
    if (Array.isArray(stat) && stat[0] === 'folder') out.push(...(await wholeTree(fs, root, at)));
  }
  return out;
}

describe('FakeFs', () => {
  it('answers like the real file system, whatever is done to it', async () => {
    const real = nodeFs();
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 1, maxLength: 40 }), async (ops) => {
        const dir = mkdtempSync(join(tmpdir(), 'fake-fs-'));
        try {
          const fake = new FakeFs({ clock, enforceModes: process.getuid?.() !== 0 });
          fake.edit.mkdir('/root');
          for (const each of ops) {
            const expected = await outcome(perform(real, dir, each));
            expect([each, await outcome(perform(fake.view(), '/root', each))]).toEqual([each, expected]);
          }
          expect(await wholeTree(fake.view(), '/root')).toEqual(await wholeTree(real, dir));
        } finally {
          rmSync(dir, { recursive: true, force: true });
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives times by the clock, rounded to the step, 1 ns apart within one reading of it', async () => {
    const fine = new FakeFs({ clock });
    fine.edit.write('/r/a', '1');
    const first = (await fine.view().lstat('/r/a'))?.mtimeNs ?? 0n;
    fine.edit.write('/r/a', '2');
    const second = (await fine.view().lstat('/r/a'))?.mtimeNs ?? 0n;
    expect(second - first).toBeGreaterThan(0n);
    expect(second / 1_000_000n).toBe(1_700_000_000_000n);
    const coarse = new FakeFs({ clock: { now: () => 1_700_000_001_500 }, timeStepNs: 2_000_000_000n });
    coarse.edit.write('/r/a', '1');
    expect((await coarse.view().lstat('/r/a'))?.mtimeNs).toBe(1_700_000_000_000_000_000n);
  });

  it('folds case and keeps the name as first given', async () => {
    const fake = new FakeFs({ clock, caseInsensitive: true });
    fake.edit.write('/r/Name', 'x');
    fake.edit.write('/r/nAME', 'y');
    expect(fake.tree('/r')).toEqual({ Name: 'y' });
    fake.edit.rename('/r/Name', '/r/name');
    expect(fake.tree('/r')).toEqual({ name: 'y' });
  });

  it('gives names back in NFD', () => {
    const fake = new FakeFs({ clock, normalises: true });
    fake.edit.write('/r/\u00E9', 'x');
    expect(Object.keys(fake.tree('/r'))).toEqual(['e\u0301']);
    expect(fake.edit.read('/r/\u00E9')).toBe('x');
  });

  it('binds permission bits as for an ordinary user', async () => {
    const fake = new FakeFs({ clock });
    fake.edit.write('/r/locked/f', 'x');
    fake.edit.write('/r/f', 'x', { mode: 0 });
    fake.edit.chmod('/r/locked', 0);
    await expect(fake.view().readDir('/r/locked')).rejects.toMatchObject({ code: 'no-permission' });
    await expect(fake.view().lstat('/r/locked/f')).rejects.toMatchObject({ code: 'no-permission' });
    await expect(fake.view().openRead('/r/f')).rejects.toMatchObject({ code: 'no-permission' });
    fake.edit.chmod('/r', 0o500);
    await expect(fake.view().create('/r/new', 0o600)).rejects.toMatchObject({ code: 'no-permission' });
  });

  it('runs full, and a power cut takes what was not synced', async () => {
    const fake = new FakeFs({ clock });
    fake.edit.write('/r/old', '12345');
    fake.disk.capacity = 8;
    const handle = await fake.view().create('/r/new', 0o600);
    await expect(handle.write(Buffer.from('abcdef'))).rejects.toMatchObject({ code: 'disk-full' });
    expect(fake.tree('/r')).toEqual({ new: 'abc', old: '12345' });
    fake.powerCut();
    expect(fake.tree('/r')).toEqual({ new: '', old: '12345' });
    fake.disk.capacity = 100;
    await handle.write(Buffer.from('xyz'));
    await handle.sync();
    fake.powerCut();
    expect(fake.edit.read('/r/new')).toBe('xyz');
  });

  it('steps before every call; a crash there keeps the call from happening', async () => {
    const seen: string[] = [];
    const fake = new FakeFs({ clock });
    fake.edit.mkdir('/r');
    const fs = fake.view((label, at) => {
      seen.push(`${label} ${at}`);
      if (label === 'rename') throw new Crash('here');
    });
    const handle = await fs.create('/r/a', 0o600);
    await handle.write(Buffer.from('x'));
    await handle.close();
    await expect(fs.rename('/r/a', '/r/b')).rejects.toBeInstanceOf(Crash);
    expect(seen).toEqual(['create /r/a', 'write /r/a', 'close /r/a', 'rename /r/a']);
    expect(fake.tree('/r')).toEqual({ a: 'x' });
  });

  it('mounts over a folder and gives it back', async () => {
    const fake = new FakeFs({ clock });
    fake.edit.write('/r/m/under', 'u');
    const volume = fake.disk.mount('/r/m');
    expect(fake.tree('/r')).toEqual({ 'm/': '' });
    fake.edit.write('/r/m/on', 'o');
    await expect(fake.view().rename('/r/m/on', '/r/on')).rejects.toMatchObject({ code: 'cross-device' });
    fake.disk.unmount('/r/m');
    expect(fake.tree('/r')).toEqual({ 'm/': '', 'm/under': 'u' });
    fake.disk.mount('/r/m', volume);
    expect(fake.tree('/r')).toEqual({ 'm/': '', 'm/on': 'o' });
  });
});
