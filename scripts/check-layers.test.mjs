import { expect, it } from 'vitest';
import { violations } from './check-layers.mjs';

it.each([
  ['src-main/core/plan.ts', "import fs from 'node:fs';", 'pure'],
  ['src-main/core/plan.ts', "import { x } from '../engine/cycle.ts';", 'core may not import engine/cycle.ts'],
  ['src-main/engine/cycle.ts', "import { y } from '../local/scan.ts';", 'engine may not import local/scan.ts'],
  ['src-main/engine/cycle.ts', "import {\n  y,\n} from '../local/scan.ts';", 'cycle.ts:3: engine may not import local/scan.ts'],
  ['src-main/engine/cycle.ts', 'const t = Date.now();', 'Date.now by argument'],
  ['src-main/engine/cycle.ts', 'const clock = Date.now;', 'Date.now by argument'],
  ['src-main/engine/cycle.ts', 'const t = new Date();', 'new Date() by argument'],
  ['src-main/remote/keys.ts', 'const r = Math.random();', 'Math.random by argument'],
  ['src-main/engine/wake.ts', 'setTimeout(go, 5);', 'a timer by argument'],
  ['src-main/engine/cycle.ts', 'const id = crypto.randomUUID();', 'chance by argument'],
  ['src-main/codec/keyring.ts', 'const salt = randomBytes(16);', 'chance by argument'],
  ['src-main/codec/keyring.ts', "import { readFileSync } from 'node:fs';", 'node:fs by argument'],
  ['src-main/local/scan.ts', "import { readFileSync } from 'node:fs';", 'node:fs by argument'],
  ['src-main/local/scan.ts', "const fs = await import('node:fs');", 'node:fs by argument'],
  ['src-main/cli/sync.ts', "import { app } from 'electron';", 'only app/ and main.ts'],
  ['src-main/compose.ts', "import { FakeFs } from './testing/fake-fs.ts';", 'never shipped'],
  ['src-main/remote/keys.ts', "export { z } from '../backends/local/local-backend.ts';", 'remote may not import'],
  ['src-main/app/tray.ts', "import { runCli } from '../cli/program.ts';", 'app may not import cli/program.ts'],
  ['src-main/cli/sync.ts', "import { PairSlot } from '../app/pair-slot.ts';", 'cli may not import app/pair-slot.ts'],
  ['src-main/cli/config/config-set.ts', "import { PairSlot } from '../../app/pair-slot.ts';", 'cli may not import app/pair-slot.ts'],
  ['src-main/compose/desk.ts', "import { runCli } from '../cli/program.ts';", 'compose may not import cli/program.ts'],
  ['src-main/extras/a.ts', "import { x } from '../core/plan.ts';", 'no place in the layers'],
  ['src-renderer/views/a.tsx', "import { plan } from '../../src-main/core/plan.ts';", 'src-renderer may not import src-main/core/plan.ts'],
  ['src-renderer/bridge.ts', "import { ipcRenderer } from 'electron';", 'src-renderer may not import electron'],
  ['src-renderer/bridge.ts', "import fs from 'node:fs';", 'src-renderer may not import node:fs'],
  ['src-preload/preload.ts', "import fs from 'node:fs';", 'src-preload may not import node:fs'],
  ['src-preload/contract/model.ts', "import { ipcRenderer } from 'electron';", 'src-preload/contract may not import electron'],
])('%s: %s is refused', (file, source, why) => {
  expect(violations(file, source)).toContainEqual(expect.stringContaining(why));
});

it.each([
  ['src-main/core/ignore.ts', "import createMatcher from 'ignore';"],
  ['src-main/core/events.ts', '// Date.now() is not for this file.'],
  ['src-main/engine/cycle.ts', "import type { LocalTree } from '../local/local-tree.ts';"],
  ['src-main/engine/cycle.ts', 'const d = new Date(at); clock.setTimeout(go, 5);'],
  ['src-main/codec/derive.ts', "import { hkdfSync } from 'node:crypto';"],
  ['src-main/app/tray.ts', "import { Tray } from 'electron';"],
  ['src-main/app/tray.ts', "import { composePair } from '../compose.ts';"],
  ['src-main/cli/app-folder.ts', "import { readSettings } from '../app/settings-schema.ts';"],
  ['src-main/cli/config/config-set.ts', "import { isShared } from '../../app/folder-setting.ts';"],
  ['src-main/engine/cycle.test.ts', "import { FakeFs } from '../testing/fake-fs.ts';"],
  ['src-main/backends/conformance/kit.ts', "import { createHash } from 'node:crypto';"],
  ['src-main/platform/node-clock.ts', 'const t = Date.now();'],
  ['src-renderer/views/a.tsx', "import { Button } from '@mantine/core';"],
  ['src-renderer/views/a.tsx', "import type { Status } from '../../src-preload/contract/model.ts';"],
  ['src-preload/preload.ts', "import { contextBridge } from 'electron';"],
])('%s: %s is fine', (file, source) => {
  expect(violations(file, source)).toEqual([]);
});
