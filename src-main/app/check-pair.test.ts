import { describe, expect, it } from 'vitest';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { checkPair, isOneDisk } from './check-pair.ts';
import type { TargetEnd } from './engine-protocol.ts';

function disk() {
  const fake = new FakeFs({ clock: new ManualClock() });
  for (const folder of ['/home/a/Documents/inner', '/backup/inner', '/other', '/used/source/deep', '/used/target']) fake.edit.mkdir(folder);
  fake.edit.write('/file', '');
  return fake;
}
const STATE = '/home/a/.local/state/file-sync';
const local = (folder: string): TargetEnd => ({ kind: 'local', folder });
const s3 = (prefix: string, change: Partial<Extract<TargetEnd, { kind: 's3' }>> = {}): TargetEnd => ({ kind: 's3', endpoint: null, bucket: 'photos', prefix, ...change });
const OTHERS = [{ source: '/used/source', target: local('/used/target') }];

describe('C29 S86 two folders that are to be a pair', () => {
  it('are fine when they are apart', async () => {
    await expect(checkPair(disk().view(), { source: '/home/a/Documents', target: local('/backup') }, OTHERS, STATE)).resolves.toEqual({
      source: '/home/a/Documents',
      target: local('/backup'),
    });
  });

  it.each([
    ['missing', '/nowhere', '/backup', 'config'],
    ['a file', '/file', '/backup', 'config'],
    ['the same', '/backup', '/backup', 'overlap'],
    ['nested', '/backup', '/backup/inner', 'overlap'],
    ['nested the other way', '/home/a/Documents/inner', '/home/a/Documents', 'overlap'],
    ['synced already', '/used/source', '/backup', 'overlap'],
    ['inside a synced folder', '/used/source/deep', '/backup', 'overlap'],
    ['around a synced folder', '/used', '/backup', 'overlap'],
    ['another pair’s backup', '/home/a/Documents', '/used/target', 'overlap'],
    ['around our own state', '/home/a', '/backup', 'overlap'],
    ['with our own state in the backup', '/backup', '/home', 'overlap'],
    ['a synced folder as backup', '/home/a/Documents', '/used/source', 'overlap'],
  ])('are refused when %s', async (_, source, target, code) => {
    const fake = disk();
    const before = fake.tree('/');
    await expect(checkPair(fake.view(), { source, target: local(target) }, OTHERS, STATE)).rejects.toMatchObject({ code });
    expect(fake.tree('/')).toEqual(before);
  });

  it('are seen through links', async () => {
    const fake = disk();
    fake.edit.symlink('/backup/inner', '/home/a/link');
    await expect(checkPair(fake.view(), { source: '/home/a/link', target: local('/backup') }, [], STATE)).rejects.toMatchObject({ code: 'overlap' });
  });

  it('do not need the folders of other pairs to be there', async () => {
    const fs = disk().view();
    await expect(checkPair(fs, { source: '/home/a/Documents', target: local('/backup') }, [{ source: '/gone', target: local('/unplugged/x') }], STATE)).resolves.toBeDefined();
    await expect(checkPair(fs, { source: '/home/a/Documents', target: local('/backup') }, [{ source: '/backup/not-there', target: local('/x') }], STATE)).rejects.toMatchObject({
      code: 'overlap',
    });
  });
});

describe('C29 a folder that is to be a pair with a bucket', () => {
  const check = (source: string, target: TargetEnd, others = OTHERS) => checkPair(disk().view(), { source, target }, others, STATE);
  const used = [{ source: '/used/source', target: s3('laptop/') }];

  it.each([
    ['another folder in the bucket', s3('desktop/')],
    ['a folder whose name begins alike', s3('laptop-2/')],
    ['another bucket', s3('laptop/', { bucket: 'other' })],
    ['a bucket of that name elsewhere', s3('laptop/', { endpoint: 'https://s3.example.org' })],
  ])('is fine with %s', async (_, target) => {
    await expect(check('/home/a/Documents', target, used)).resolves.toEqual({ source: '/home/a/Documents', target });
  });

  it.each([
    ['the place of another pair', s3('laptop/')],
    ['a place inside it', s3('laptop/docs/')],
    ['a place around it', s3('')],
  ])('is refused with %s', async (_, target) => {
    await expect(check('/home/a/Documents', target, used)).rejects.toMatchObject({ code: 'overlap', message: expect.stringContaining('photos/laptop/') });
  });

  it.each([
    ['/used/source/deep', 'overlap'],
    ['/used/target', 'overlap'],
    ['/home/a', 'overlap'],
    ['/nowhere', 'config'],
  ])('%s is refused as it would be with a folder', async (source, code) => {
    await expect(check(source, s3(''))).rejects.toMatchObject({ code });
  });

  it('knows one host by different spellings', async () => {
    const others = [{ source: '/used/source', target: s3('', { endpoint: 'http://NAS.local:9000' }) }];
    await expect(check('/home/a/Documents', s3('', { endpoint: 'http://nas.local:9000/' }), others)).rejects.toMatchObject({ code: 'overlap' });
  });
});

it('two folders on one disk are told from those on two, also behind links', async () => {
  const fake = disk();
  fake.edit.symlink('/backup/inner', '/home/a/link');
  const fs = fake.view();
  expect(await isOneDisk(fs, '/home/a/Documents', '/home/a/link')).toBe(true);
  const lstat: typeof fs.lstat = async (path) => {
    const stat = await fs.lstat(path);
    return stat === null || !path.startsWith('/backup') ? stat : { ...stat, dev: stat.dev + 1n };
  };
  expect(await isOneDisk({ lstat, realPath: (path) => fs.realPath(path) }, '/home/a/Documents', '/home/a/link')).toBe(false);
});
