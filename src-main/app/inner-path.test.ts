import { expect, it } from 'vitest';
import { innerPath, typedPath, wholePath } from './inner-path.ts';

const fs = { realPath: async (path: string) => path.replace('/link', '/real') };

it('what was chosen in a dialog is a path inside of the folder, or refused', async () => {
  await expect(innerPath(fs, '/link/docs', '/real/docs/a/b.txt')).resolves.toBe('a/b.txt');
  for (const outside of ['/real/docs', '/real', '/real/docs-too/a', '/else']) await expect(innerPath(fs, '/link/docs', outside), outside).rejects.toMatchObject({ code: 'usage' });
  await expect(innerPath(fs, '/real/docs', '/real/docs/..a')).resolves.toBe('..a');
});

it('what lies behind a link in the folder is named by the link', async () => {
  const through = { realPath: async (path: string) => path.replace('/docs/usb', '/media/usb') };
  await expect(innerPath(through, '/docs', '/docs/usb/cat.png')).resolves.toBe('usb/cat.png');
});

it.each([
  ['/home/a/docs/x/y.txt', 'x/y.txt'],
  [' ~/docs/x/ ', 'x'],
  ['/x/y.txt', null],
  ['/home/a', null],
  ['x/y.txt', null],
])('a whole path, as pasted: %j', async (typed, path) => {
  const same = { realPath: async (at: string) => at };
  await expect(wholePath(same, '/home/a/docs', typed, '/home/a')).resolves.toBe(path);
});

it.each([
  [' Letters/a.odt ', false, 'Letters/a.odt'],
  ['./Letters/', false, 'Letters'],
  ['/a', false, 'a'],
  ['a\\b', true, 'a/b'],
  ['a\\b', false, 'a\\b'],
  ['../a', false, '../a'],
])('%j is asked about as typed', (text, isWindows, path) => expect(typedPath(text, isWindows)).toBe(path));
