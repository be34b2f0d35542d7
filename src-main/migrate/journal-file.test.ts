import { expect, it } from 'vitest';
import { fakeWorld } from '../testing/disk-world.ts';
import { openJournalFile } from './journal-file.ts';

const mark = (digit: string): string => digit.repeat(24);

it('what was added is there after a kill, but for a line that was cut off', async () => {
  const { fs, root, write, read } = fakeWorld()();
  const file = `${root}/journal`;
  const first = await openJournalFile(fs, file, 'work 1');
  await first.add(mark('a'));
  await first.add(mark('b'));
  await first.close();
  write('journal', `${read('journal')}${mark('c').slice(0, 9)}`);
  const second = await openJournalFile(fs, file, 'work 1');
  expect([second.known, second.has(mark('a')), second.has(mark('b')), second.has(mark('c'))]).toEqual([2, true, true, false]);
  await second.add(mark('d'));
  await second.flush();
  await second.close();
  const third = await openJournalFile(fs, file, 'work 1');
  expect([third.known, third.has(mark('d'))]).toEqual([3, true]);
  await third.remove();
  expect(await fs.lstat(file)).toBeNull();
});

it('of another work is begun anew', async () => {
  const { fs, root } = fakeWorld()();
  const first = await openJournalFile(fs, `${root}/journal`, 'work 1');
  await first.add(mark('a'));
  await first.close();
  const second = await openJournalFile(fs, `${root}/journal`, 'work 2');
  expect([second.known, second.has(mark('a'))]).toEqual([0, false]);
  await second.close();
});
