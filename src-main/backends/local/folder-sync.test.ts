import { expect, it } from 'vitest';
import { FolderSync } from './folder-sync.ts';

it('C49 nobody is answered by a call that began before they asked, and those who wait share one', async () => {
  const calls: { readonly path: string; readonly end: (error?: Error) => void }[] = [];
  const folders = new FolderSync({
    syncFolder: (path) => new Promise((resolve, reject) => calls.push({ path, end: (error) => (error === undefined ? resolve() : reject(error)) })),
  });
  const answered: string[] = [];
  const ask = (who: string, path = '/a') => folders.sync(path).then(() => void answered.push(who));
  const all = [ask('first'), ask('second'), ask('third'), ask('elsewhere', '/b')];
  expect(calls.map((c) => c.path)).toEqual(['/a', '/b']);
  calls[0]?.end();
  await all[0];
  await new Promise((resolve) => setImmediate(resolve));
  expect(answered).toEqual(['first']);
  expect(calls.map((c) => c.path)).toEqual(['/a', '/b', '/a']);
  const late = ask('late');
  calls[2]?.end();
  await Promise.all([all[1], all[2]]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(answered).toEqual(['first', 'second', 'third']);
  calls[3]?.end(new Error('dead'));
  await expect(late).rejects.toThrow('dead');
  calls[1]?.end();
  await all[3];
  const after = ask('after');
  calls[4]?.end();
  await after;
  expect(answered).toEqual(['first', 'second', 'third', 'elsewhere', 'after']);
});
