import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { writeCopy } from './conflict-copy.ts';

async function* text(): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode('x');
}

it.each([
  ['linux', 'd/report.v2.odt', 'report.v2 (backup).odt'],
  ['linux', 'd/.profile', '.profile (backup)'],
  ['win32', 'd/report:2.odt', 'report%3A2 (backup).odt'],
  ['win32', 'd\\..\\..\\x.bat', 'd%5C..%5C..%5Cx (backup).bat'],
])('on %s the version of %j is written as %j, into its folder alone, and again over the last', async (platform, path, name) => {
  const folder = mkdtempSync(join(tmpdir(), 'copy-'));
  const { fs, home } = nodePlatform();
  for (let n = 0; n < 2; n++) expect(await writeCopy({ fs, home: { ...home, platform } }, folder, relPath(path), text(), 'backup')).toBe(join(folder, name));
  expect([readdirSync(folder), readFileSync(join(folder, name), 'utf8')]).toEqual([[name], 'x']);
  rmSync(folder, { recursive: true });
});
