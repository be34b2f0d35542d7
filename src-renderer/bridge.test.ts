import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** What nobody waits for: the end of something, and what shows elsewhere whether it was done. */
const UNHEARD = ['app/fault', 'app/set', 'app/state', 'history/stop', 'storage/forget', 'storage/profiles', 'storage/stop'];

it('a click whose failure would be told nowhere is none: answers are thrown away of these requests alone', () => {
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.test)\.tsx?$/.test(file));
  const unheard = sources.flatMap((file) => [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/void ask\(\s*'([^']+)'/g)].map(([, channel = '']) => channel));
  expect([...new Set(unheard)].toSorted()).toEqual(UNHEARD);
});
