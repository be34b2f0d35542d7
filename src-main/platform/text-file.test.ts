import { expect, it } from 'vitest';
import { FakeFs } from '../testing/fake-fs.ts';
import { readText } from './text-file.ts';

const fs = new FakeFs({ clock: { now: () => 0 } });
fs.edit.write('/d/a', 'some text');

it('reads to the end though a read gives less than was asked for', async () => {
  expect(await readText(fs.view(undefined, { readsAtMost: () => 2 }), '/d/a')).toBe('some text');
});

it('refuses what is larger than it may be', async () => {
  await expect(readText(fs.view(), '/d/a', 8)).rejects.toMatchObject({ code: 'io' });
  await expect(readText(fs.view(), '/d/none')).rejects.toMatchObject({ code: 'not-found' });
});
