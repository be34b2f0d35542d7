import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Version } from '../core/entry.ts';
import { IgnoreRules } from '../core/ignore.ts';
import { nodeClock } from '../platform/node-clock.ts';
import { nodeFs } from '../platform/node-fs.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeRandom } from '../platform/node-random.ts';
import type { LocalTree, ScanRequest } from './local-tree.ts';
import { openLocalTree } from './open-local-tree.ts';
import type { Scanner } from './scan-job.ts';
import { workerScanner } from './worker-scanner.ts';

const FILES = 3_000;
let dir = '';
let root = '';
let worker: URL;

beforeAll(async () => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'worker-scanner-')));
  root = join(dir, 'root');
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr: join(import.meta.dirname, 'scan-worker.ts'), outDir: dir, emptyOutDir: false, rollupOptions: { output: { format: 'es', entryFileNames: 'scan-worker.mjs' } } },
    ssr: { noExternal: true },
  });
  worker = pathToFileURL(join(dir, 'scan-worker.mjs'));
  for (let n = 0; n < FILES; n++) {
    const folder = join(root, `d${n % 30}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${n}`), `text ${n}`);
  }
  writeFileSync(join(root, 'big'), Buffer.alloc(40_000_000, 7));
  symlinkSync('big', join(root, 'link'));
  writeFileSync(join(root, '.syncignore'), 'd0/\n');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const request = (extra: Partial<ScanRequest> = {}): ScanRequest => ({ base: new Map(), ignore: IgnoreRules.of([], { junk: true }), rehash: false, ...extra });
const openTree = (scanner?: Scanner): Promise<LocalTree> =>
  openLocalTree({ fs: nodeFs(), clock: nodeClock, random: nodeRandom, newHasher: nodeHasher, root, trashDays: 30, ...(scanner === undefined ? {} : { scanner }) });

describe('workerScanner', () => {
  it('sees what a scan on this thread sees, and reads nothing that base knows', async () => {
    await nodeClock.sleep(25);
    const [here, there] = [await openTree(), await openTree(workerScanner({ worker }))];
    const expected = await here.scan(request());
    const told: { files: number; bytesHashed: number }[] = [];
    const seen = await there.scan(request({ onProgress: (progress) => told.push(progress) }));
    expect([...seen.entries].sort()).toEqual([...expected.entries].sort());
    expect(seen.entries.size).toBe(FILES - FILES / 30 + 29 + 3);
    expect(seen.problems).toEqual([]);
    expect(seen.ignore.sources).toEqual(expected.ignore.sources);
    expect(told.at(-1)).toMatchObject({ bytesHashed: expect.toSatisfy((bytes: number) => bytes > 40_000_000) });
    const base = new Map([...seen.entries].map(([path, { entry, stamp }]) => [path, { entry, stamp, version: 'v' as Version }]));
    const again: number[] = [];
    await there.scan(request({ base, onProgress: (progress) => again.push(progress.bytesHashed) }));
    expect(Math.max(...again)).toBe(0);
    await here.close();
    await there.close();
  });

  it('is stopped at once, and works again', async () => {
    const tree = await openTree(workerScanner({ worker }));
    const stop = new AbortController();
    const scan = tree.scan(request({ signal: stop.signal, onProgress: () => stop.abort() }));
    await expect(scan).rejects.toMatchObject({ code: 'aborted' });
    expect((await tree.scan(request())).entries.size).toBeGreaterThan(2_000);
    await tree.close();
  });

  it('carries errors over, and runs one scan at a time', async () => {
    const tree = await openTree(workerScanner({ worker }));
    const [a, b] = await Promise.all([tree.scan(request()), tree.scan(request())]);
    expect(a.entries.size).toBe(b.entries.size);
    await tree.close();
    const broken = await openTree(workerScanner({ worker: new URL('none.mjs', worker) }));
    await expect(broken.scan(request())).rejects.toMatchObject({ code: 'internal' });
    await broken.close();
    const lost = await openTree(workerScanner({ worker }));
    rmSync(root, { recursive: true });
    await expect(lost.scan(request())).rejects.toMatchObject({ code: 'root-missing', name: 'SyncError' });
    await lost.close();
  });
});
