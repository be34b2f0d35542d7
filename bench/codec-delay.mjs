// How long one turn of the event loop takes while one large content is encoded and read again, in ms of CPU of its thread (on Linux); and how often the content is read (twice with a spool, three times without).
// usage: node bench/codec-delay.mjs [MiB, default 200]     (a runtime with zstd leaves its container for one without it to read)
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const MIB = Number(process.argv[2] ?? 200);
const root = path.resolve(import.meta.dirname, '..');
const outDir = path.join(root, 'node_modules/.cache/bench-codec-delay');
const input = path.join(root, 'src-main/testing/containers.ts');
await build({ configFile: false, logLevel: 'error', root, build: { ssr: true, outDir, emptyOutDir: true, rollupOptions: { input, output: { entryFileNames: 'codec.mjs' } } } });
const kit = await import(pathToFileURL(path.join(outDir, 'codec.mjs')).href);

const text = fs.readFileSync(path.join(root, 'node_modules/react-dom/cjs/react-dom-client.development.js'));
const content = Buffer.concat(Array.from({ length: Math.ceil((MIB << 20) / text.length) }, () => text)).subarray(0, MIB << 20);
const sha256 = createHash('sha256').update(content).digest('hex');
const head = kit.headOf(Buffer.alloc(0), { size: content.length, sha256 });

/** As a file is read: chunk by chunk, each after a trip through the loop. */
async function* chunksOf(bytes) {
  for (let at = 0; at < bytes.length; at += 262_144) {
    await new Promise((resolve) => setImmediate(resolve));
    yield bytes.subarray(at, at + 262_144);
  }
}

function source() {
  let opened = 0;
  const open = () => {
    opened += 1;
    return chunksOf(content);
  };
  return { recipe: { size: content.length, open }, opened: () => opened };
}

/** CPU time of this thread, ns: what a busy machine takes from it does not count. Only Linux tells. */
const ran = () => Number(fs.readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]);

async function measured(name, work) {
  const turns = [];
  let isOver = false;
  const ticker = (async () => {
    for (let before = ran(); !isOver; ) {
      await new Promise((resolve) => setImmediate(resolve));
      const now = ran();
      turns.push((now - before) / 1e6);
      before = now;
    }
  })();
  const began = process.hrtime.bigint();
  const note = await work();
  isOver = true;
  await ticker;
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  turns.sort((x, y) => x - y);
  const at = (part) => (turns[Math.min(turns.length - 1, Math.floor(part * turns.length))] ?? 0).toFixed(1).padStart(6);
  process.stdout.write(`${name.padEnd(34)} p50 ${at(0.5)}  p99 ${at(0.99)}  p99.9 ${at(0.999)}  longest ${at(1)} ms   ${seconds.toFixed(1)} s  ${note}\n`);
  return Number(at(0.999));
}

async function drain(chunks, into = null) {
  for await (const chunk of chunks) into?.push(Buffer.from(chunk));
}

const packed = path.join(root, `node_modules/.cache/bench-codec-delay-${MIB}.zstd`);
const methods = [null, 'deflate', ...(kit.HAS_ZSTD ? ['zstd'] : [])];
let worst = 0;
for (const method of methods) {
  const label = method === null ? 'encrypted' : `${method} and encrypted`;
  let chunks = [];
  for (const spool of method === null ? [null] : [null, new kit.MemorySpool()]) {
    const from = source();
    const work = async () => {
      const encoded = await kit.encodeContainer(from.recipe, {
        vaultId: kit.VAULT,
        keys: kit.KEYS,
        contentId: Buffer.alloc(16),
        head,
        ...(spool === null ? {} : { spool }),
        ...(method === null ? {} : { compression: { method, level: 3 } }),
      });
      chunks = [];
      await drain(encoded.open(), chunks);
      await encoded.release();
      return `read ${from.opened()} times`;
    };
    worst = Math.max(worst, await measured(`${label}${spool === null ? '' : ', spool'}`, work));
  }
  const bytes = Buffer.concat(chunks);
  if (method === 'zstd') fs.writeFileSync(packed, bytes);
  await reading(label, bytes);
}
if (!kit.HAS_ZSTD && fs.existsSync(packed)) await reading('zstd and encrypted', fs.readFileSync(packed));

async function reading(label, bytes) {
  const stored = { size: bytes.length, open: (offset) => chunksOf(bytes.subarray(offset)) };
  const read = async () => {
    await drain((await kit.openContainer(stored, { vaultId: kit.VAULT, find: kit.find })).chunks());
    return '';
  };
  worst = Math.max(worst, await measured(`${label}, read`, read));
}
process.stdout.write(`worst p99.9: ${worst.toFixed(1)} ms of CPU in one turn (at most 50)\n`);
process.exitCode = worst <= 50 ? 0 : 1;
