import { describe, expect, it } from 'vitest';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { checkPair } from './check-pair.ts';

function disk() {
  const fake = new FakeFs({ clock: new ManualClock() });
  for (const folder of ['/home/a/Documents/inner', '/backup/inner', '/other', '/used/source/deep', '/used/target']) fake.edit.mkdir(folder);
  fake.edit.write('/file', '');
  return fake;
}
const STATE = '/home/a/.local/state/file-sync';
const OTHERS = [{ source: '/used/source', target: '/used/target' }];

describe('C29 S86 two folders that are to be a pair', () => {
  it('are fine when they are apart', async () => {
    await expect(checkPair(disk().view(), { source: '/home/a/Documents', target: '/backup' }, OTHERS, STATE)).resolves.toEqual({ source: '/home/a/Documents', target: '/backup' });
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
    await expect(checkPair(fake.view(), { source, target }, OTHERS, STATE)).rejects.toMatchObject({ code });
    expect(fake.tree('/')).toEqual(before);
  });

  it('are seen through links', async () => {
    const fake = disk();
    fake.edit.symlink('/backup/inner', '/home/a/link');
    await expect(checkPair(fake.view(), { source: '/home/a/link', target: '/backup' }, [], STATE)).rejects.toMatchObject({ code: 'overlap' });
  });

  it('do not need the folders of other pairs to be there', async () => {
    const fs = disk().view();
    await expect(checkPair(fs, { source: '/home/a/Documents', target: '/backup' }, [{ source: '/gone', target: '/unplugged/x' }], STATE)).resolves.toBeDefined();
    await expect(checkPair(fs, { source: '/home/a/Documents', target: '/backup' }, [{ source: '/backup/not-there', target: '/x' }], STATE)).rejects.toMatchObject({
      code: 'overlap',
    });
  });
});
