import fs from 'node:fs';
import path from 'node:path';
import { parseSync } from 'vite';
import { expect, it } from 'vitest';
import { MUTATIONS } from './mutations.mjs';
import { plant, planted, root } from './plant.mjs';

it.each(MUTATIONS)('$name still applies and still parses', (mutation) => {
  expect(parseSync(path.basename(mutation.file), planted(mutation)).errors).toEqual([]);
});

it('names each bug once, and says why the simulation cannot see what it is not expected to', () => {
  expect(new Set(MUTATIONS.map((m) => m.name)).size).toBe(MUTATIONS.length);
  for (const { name, expected, why } of MUTATIONS) expect([name, expected === 'tests' ? typeof why : 'undefined']).toEqual([name, typeof why]);
});

it('has tests for each where it says', () => {
  for (const { tests } of MUTATIONS) for (const file of tests ?? []) expect(fs.existsSync(path.join(root, file)), file).toBe(true);
});

it('refuses a text that is not there, or there twice', () => {
  const mutation = { name: 'x', breaks: '', file: 'a.ts', find: 'aa', replace: 'b', expected: 'tests' };
  expect(plant(mutation, '1 aa $&')).toBe('1 b $&');
  for (const text of ['a', 'aa aa']) expect(() => plant(mutation, text)).toThrow('mutation x no longer applies');
});
