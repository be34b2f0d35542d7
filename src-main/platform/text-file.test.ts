import { expect, it } from 'vitest';
import { FakeFs } from '../testing/fake-fs.ts';
import { readText, writeTextBeside } from './text-file.ts';

const fs = new FakeFs({ clock: { now: () => 0 } });
fs.edit.write('/d/a', 'some text');

it('reads to the end though a read gives less than was asked for', async () => {
  expect(await readText(fs.view(undefined, { readsAtMost: () => 2 }), '/d/a')).toBe('some text');
});

it('refuses what is larger than it may be', async () => {
  await expect(readText(fs.view(), '/d/a', 8)).rejects.toMatchObject({ code: 'io' });
  await expect(readText(fs.view(), '/d/none')).rejects.toMatchObject({ code: 'not-found' });
});

it('replaces a text in a place of the user’s, and nothing beside it, whatever it is called', async () => {
  fs.edit.write('/d/.env', 'old');
  fs.edit.write('/d/.env.new', 'a draft');
  await writeTextBeside(fs.view(), { id: () => '00ff' }, '/d/.env', 'new', 0o600);
  const names = (await fs.view().readDir('/d')).map(({ name }) => name).sort();
  expect(names).toEqual(['.env', '.env.new', 'a']);
  expect(await readText(fs.view(), '/d/.env')).toBe('new');
  expect(await readText(fs.view(), '/d/.env.new')).toBe('a draft');
});
