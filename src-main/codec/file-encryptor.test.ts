import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { nodeChance, nodeRandom } from '../platform/node-random.ts';
import { FakeFs, type Step } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { FileCodec, type FileEncryptorOptions } from './file-encryptor.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const MTIME = 1_600_000_000_123_456_789n;

function world(options: Partial<FileEncryptorOptions> = {}, step?: Step) {
  const disk = new FakeFs({ clock: new ManualClock() });
  disk.edit.write('/home/secret.txt', 'attack at dawn', { mtimeNs: MTIME, mode: 0o640 });
  return { disk, codec: codecOn(disk, options, step) };
}

function codecOn(disk: FakeFs, options: Partial<FileEncryptorOptions> = {}, step?: Step): FileCodec {
  return new FileCodec({ fs: disk.view(step), random: nodeRandom, chance: nodeChance, newHasher }, { key: KEY, ...options });
}

const newHasher = () => {
  const hash = createHash('sha256');
  return { update: (chunk: Uint8Array) => void hash.update(chunk), digest: () => hash.digest('hex') };
};

const namesIn = (disk: FakeFs): readonly string[] => Object.keys(disk.tree('/home'));

describe('a file by itself', () => {
  it('is encrypted beside the original, which stays, and comes back with its time and permissions', async () => {
    const { disk, codec } = world();
    expect(await codec.encryptFile('/home/secret.txt')).toBe('/home/secret.txt.enc');
    expect(disk.edit.read('/home/secret.txt')).toBe('attack at dawn');
    expect(disk.edit.read('/home/secret.txt.enc')).not.toContain('attack');
    disk.edit.remove('/home/secret.txt');
    expect(await codec.decryptFile('/home/secret.txt.enc')).toBe('/home/secret.txt');
    expect(disk.edit.read('/home/secret.txt')).toBe('attack at dawn');
    expect(await disk.view().lstat('/home/secret.txt')).toMatchObject({ mtimeNs: MTIME, mode: 0o640 });
    expect(namesIn(disk)).toEqual(['secret.txt', 'secret.txt.enc']);
  });

  it('of any size, compressed or not', async () => {
    for (const compression of [false, true]) {
      for (const size of [0, 1, 65_504, 200_000]) {
        const { disk, codec } = world({ compression });
        const content = 'All work and no play makes Jack a dull boy.\n'.repeat(Math.ceil(size / 44)).slice(0, size);
        disk.edit.write('/home/a', content);
        await codec.encryptFile('/home/a');
        const { size: encrypted } = (await disk.view().lstat('/home/a.enc')) ?? { size: -1 };
        expect(compression && size > 1_000 ? encrypted < size / 5 : encrypted > size).toBe(true);
        expect(await codec.decryptFile('/home/a.enc', { to: '/home/b' })).toBe('/home/b');
        expect(disk.edit.read('/home/b') === content).toBe(true);
        expect(namesIn(disk)).toEqual(['a', 'a.enc', 'b', 'secret.txt']);
      }
    }
  });

  it('is smaller at a higher level, and read without knowing it', async () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `line ${(i * 7_919) % 1_009} of the ledger: ${(i * i) % 97}\n`).join('');
    const sizes = [];
    for (const level of [1, 9]) {
      const { disk, codec } = world({ compression: true, level });
      disk.edit.write('/home/a', text);
      await codec.encryptFile('/home/a');
      sizes.push((await disk.view().lstat('/home/a.enc'))?.size ?? 0);
      await codecOn(disk).decryptFile('/home/a.enc', { to: '/home/b' });
      expect(disk.edit.read('/home/b') === text).toBe(true);
    }
    expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) * 0.9);
  });

  it.each([0, 10, 2.5, Number.NaN])('has no level %s', (level) => {
    expect(() => world({ compression: true, level })).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it.each([
    ['hexadecimal', Buffer.from(KEY).toString('hex')],
    ['base64', Buffer.from(KEY).toString('base64')],
    ['bytes', Buffer.from(KEY)],
  ])('takes its key as %s', async (_, key) => {
    const { disk, codec } = world();
    await codec.encryptFile('/home/secret.txt');
    disk.edit.remove('/home/secret.txt');
    await codecOn(disk, { key }).decryptFile('/home/secret.txt.enc');
    expect(disk.edit.read('/home/secret.txt')).toBe('attack at dawn');
  });

  it.each<[string | Uint8Array, RegExp]>([
    ['too short', /^the key is 9 bytes long; a key is 32 bytes/],
    ['', /^the key is 0 bytes long/],
    ['ab'.repeat(31), /^the key has 62 hexadecimal digits, not 64/],
    [new Uint8Array(31), /^the key has 31 bytes; a key has 32/],
    ['passphrase:correct horse battery staple', /^a file is encrypted with a key of 32 bytes/],
  ])('C70 a wrong key is named and not shown: %j', (key, message) => {
    const wrong = (): unknown => world({ key });
    expect(wrong).toThrow(SyncError);
    expect(wrong).toThrow(message);
    if (typeof key === 'string' && key !== '') expect(wrong).not.toThrow(key);
  });

  it('C69 with another key stays closed, and nothing is written', async () => {
    const { disk, codec } = world();
    await codec.encryptFile('/home/secret.txt');
    disk.edit.remove('/home/secret.txt');
    await expect(codecOn(disk, { key: 'x'.repeat(32) }).decryptFile('/home/secret.txt.enc')).rejects.toMatchObject({ code: 'corrupt', reason: 'wrong-key' });
    expect(namesIn(disk)).toEqual(['secret.txt.enc']);
  });

  it('C64 that was changed is not written, not even in part', async () => {
    const { disk, codec } = world();
    disk.edit.write('/home/big', Buffer.alloc(500_000, 'x'));
    await codec.encryptFile('/home/big');
    disk.edit.remove('/home/big');
    const bytes = Buffer.from(disk.disk.open('/home/big.enc').data);
    bytes[400_000] = (bytes[400_000] ?? 0) ^ 1;
    disk.edit.write('/home/big.enc', bytes);
    await expect(codec.decryptFile('/home/big.enc')).rejects.toMatchObject({ code: 'corrupt', reason: 'tampered' });
    expect(namesIn(disk)).toEqual(['big.enc', 'secret.txt']);
    await expect(codec.decryptFile('/home/secret.txt', { to: '/home/x' })).rejects.toMatchObject({ reason: 'not-a-container' });
  });

  it('never replaces what holds something else, unless told to', async () => {
    const { disk, codec } = world();
    await codec.encryptFile('/home/secret.txt');
    const first = disk.edit.read('/home/secret.txt.enc');
    // The same again: nothing to do.
    expect(await codec.encryptFile('/home/secret.txt')).toBe('/home/secret.txt.enc');
    expect(await codec.decryptFile('/home/secret.txt.enc')).toBe('/home/secret.txt');
    expect(disk.edit.read('/home/secret.txt.enc')).toBe(first);
    disk.edit.write('/home/secret.txt', 'changed');
    await expect(codec.encryptFile('/home/secret.txt')).rejects.toMatchObject({ code: 'exists' });
    await expect(codec.decryptFile('/home/secret.txt.enc')).rejects.toMatchObject({ code: 'exists' });
    expect(disk.edit.read('/home/secret.txt')).toBe('changed');
    await codec.encryptFile('/home/secret.txt', { overwrite: true });
    disk.edit.write('/home/secret.txt', 'changed again');
    await codec.decryptFile('/home/secret.txt.enc', { overwrite: true });
    expect(disk.edit.read('/home/secret.txt')).toBe('changed');
  });

  it('is no folder, no link, and has a name to go to', async () => {
    const { disk, codec } = world();
    disk.edit.symlink('secret.txt', '/home/link');
    await expect(codec.encryptFile('/home/link')).rejects.toMatchObject({ code: 'not-supported' });
    await expect(codec.encryptFile('/home')).rejects.toMatchObject({ code: 'not-supported' });
    await expect(codec.encryptFile('/home/none')).rejects.toMatchObject({ code: 'not-found' });
    await expect(codec.decryptFile('/home/secret.txt')).rejects.toMatchObject({ code: 'usage' });
  });

  it('fails at any step of the disk without a half file under a name of its own', async () => {
    let steps = 0;
    const counting = (): void => {
      steps += 1;
    };
    await world({}, counting).codec.encryptFile('/home/secret.txt');
    expect(steps).toBeGreaterThan(10);
    for (let fails = 1; fails <= steps; fails += 1) {
      let at = 0;
      const { disk, codec } = world({}, (label, path) => {
        at += 1;
        if (at === fails) throw new SyncError('disk-full', `${label} fails`, { path });
      });
      const failed = await codec.encryptFile('/home/secret.txt').then(
        () => false,
        () => true,
      );
      expect(disk.edit.read('/home/secret.txt')).toBe('attack at dawn');
      if (disk.edit.exists('/home/secret.txt.enc')) {
        disk.edit.remove('/home/secret.txt');
        await codecOn(disk).decryptFile('/home/secret.txt.enc');
        expect(disk.edit.read('/home/secret.txt')).toBe('attack at dawn');
      } else {
        expect(failed).toBe(true);
      }
    }
  });

  it('that changes while it is read is not encrypted', async () => {
    let reads = 0;
    const { disk, codec } = world({}, (label) => {
      if (label === 'read') reads += 1;
      if (reads === 3) disk.edit.write('/home/secret.txt', 'attack at dusk');
    });
    await expect(codec.encryptFile('/home/secret.txt')).rejects.toMatchObject({ code: 'busy' });
    expect(namesIn(disk)).toEqual(['secret.txt']);
  });
});
