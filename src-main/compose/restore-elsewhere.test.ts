import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import type { PastTree } from '../engine/restore.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import type { Past } from '../remote/history/past.ts';
import { restoreElsewhere } from './restore-elsewhere.ts';

const TREE: PastTree = { entries: new Map([[relPath('d'), { kind: 'folder' }]]), bytes: new Map(), lost: [], unsure: new Set() };
/** Not asked: the tree holds no bytes. */
const PAST = {} as Past;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'restore-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a restore into another folder', () => {
  const restore = async (): Promise<string[]> => {
    const report = await restoreElsewhere(PAST, nodePlatform(), { tree: TREE, folder, dryRun: false, signal: new AbortController().signal });
    expect(report).toMatchObject({ done: [{ kind: 'make-folder', path: 'd' }], left: [], cut: null });
    return (readdirSync(folder, { recursive: true }) as string[]).sort();
  };
  const write = (path: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'x');
  };

  it('leaves nothing of its own behind, nor what a try before it left', async () => {
    write('.file-sync/tmp/0123456789abcdef.part');
    expect(await restore()).toEqual(['d']);
  });

  it.each(['.file-sync/trash/2026-11-01T00-00-00Z/thesis.doc', '.file-sync/tmp/0123456789abcdef.held'])('keeps what a folder that was synced once has in %s', async (path) => {
    write(path);
    expect(await restore()).toEqual(expect.arrayContaining(['d', path]));
  });
});
