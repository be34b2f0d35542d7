import { expect, it } from 'vitest';
import { violations } from './check-layers.mjs';

it.each([
  ['core/plan.ts', "import fs from 'node:fs';", 'pure'],
  ['core/plan.ts', "import { x } from '../engine/cycle.ts';", 'core may not import engine/cycle.ts'],
  ['engine/cycle.ts', "import { y } from '../local/scan.ts';", 'engine may not import local/scan.ts'],
  ['engine/cycle.ts', 'const t = Date.now();', 'Date.now by argument'],
  ['local/scan.ts', "import { readFileSync } from 'node:fs';", 'by argument'],
  ['cli/sync.ts', "import { app } from 'electron';", 'only app/ and main.ts'],
  ['compose.ts', "import { FakeFs } from './testing/fake-fs.ts';", 'never shipped'],
  ['remote/keys.ts', "export { z } from '../backends/local/local-backend.ts';", 'remote may not import'],
])('%s: %s is refused', (file, source, why) => {
  expect(violations(file, source)).toContainEqual(expect.stringContaining(why));
});

it.each([
  ['core/ignore.ts', "import createMatcher from 'ignore';"],
  ['engine/cycle.ts', "import type { LocalTree } from '../local/local-tree.ts';"],
  ['app/tray.ts', "import { Tray } from 'electron';"],
  ['engine/cycle.test.ts', "import { FakeFs } from '../testing/fake-fs.ts';"],
  ['platform/node-clock.ts', 'const t = Date.now();'],
])('%s: %s is fine', (file, source) => {
  expect(violations(file, source)).toEqual([]);
});
