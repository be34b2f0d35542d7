import { expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { shownError } from './shown-path.ts';

it.each([
  ['/home/u.x/Docs lies inside /home/u.x', '~/Docs lies inside /home/u.x'],
  ['The folder you chose (/home/u.x/A) overlaps (/mnt/home/u.x/A).', 'The folder you chose (~/A) overlaps (/mnt/home/u.x/A).'],
  ['/home/uax/Docs is not a folder', '/home/uax/Docs is not a folder'],
])('%s is told as %s', (message, told) => {
  expect(shownError(new SyncError('overlap', message, { hint: 'Choose another.' }), '/home/u.x')).toMatchObject({ code: 'overlap', message: told, hint: 'Choose another.' });
});

it('leaves what is no error of ours alone', () => {
  const error = new Error('/home/u/x');
  expect(shownError(error, '/home/u')).toBe(error);
});
