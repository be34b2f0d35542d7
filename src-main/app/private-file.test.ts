import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Secret } from '../core/secret.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { writePrivateFile } from './private-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-sync-private-'));
  mkdirSync(join(folder, 'synced/inner'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a secret is written for this user alone, and over an old one', async () => {
  const file = join(folder, 'sheet.html');
  for (const text of ['one', 'two']) await writePrivateFile(nodePlatform(), file, new Secret(text), [join(folder, 'synced'), join(folder, 'gone')]);
  expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777, readdirSync(folder)]).toEqual(['two', 0o600, ['sheet.html', 'synced']]);
});

it('a secret is not written into what is synced, whatever the way there is called', async () => {
  symlinkSync(join(folder, 'synced'), join(folder, 'link'));
  for (const place of ['synced', 'synced/inner', 'link', 'link/inner'])
    await expect(writePrivateFile(nodePlatform(), join(folder, place, 'sheet.html'), new Secret('x'), [join(folder, 'link')])).rejects.toMatchObject({ code: 'usage' });
  expect(readdirSync(join(folder, 'synced'), { recursive: true })).toEqual(['inner']);
});
