// How long the event loop is held up while one large content is encoded and read again, as p50, p99 and the longest delay in ms; and how often it is read for its packed form (once with a spool, twice without).
// usage: node bench/codec-delay.mjs [MiB, default 200]     (a runtime with zstd leaves its container for one without it to read)
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
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

async function measured(name, work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const began = process.hrtime.bigint();
  delay.enable();
  const note = await work();
  delay.disable();
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const ms = (value) => (value / 1e6).toFixed(1).padStart(7);
  process.stdout.write(`${name.padEnd(34)} p50 ${ms(delay.percentile(50))}  p99 ${ms(delay.percentile(99))}  longest ${ms(delay.max)} ms   ${seconds.toFixed(1)} s  ${note}\n`);
  return delay.percentile(99) / 1e6;
}

async function drain(chunks, into = null) {
  for await (const chunk of chunks) into?.push(Buffer.from(chunk));
}

const packed = path.join(root, `node_modules/.cache/bench-codec-delay-${MIB}.zstd`);
const methods = [null, 'deflate', ...(kit.HAS_ZSTD ? ['zstd'] : [])];
let worst = 0;
// What the machine does to a loop that does nothing: a busy one holds it up too.
const idle = await measured('nothing', async () => {
  for (const end = Date.now() + 3000; Date.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 1));
  return '';
});
for (const method of methods) {
  const label = method === null ? 'encrypted' : `${method} and encrypted`;
  let bytes = Buffer.alloc(0);
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
      const chunks = [];
      await drain(encoded.open(), chunks);
      await encoded.release();
      bytes = Buffer.concat(chunks);
      return `read ${from.opened()} times`;
    };
    worst = Math.max(worst, await measured(`${label}${spool === null ? '' : ', spool'}`, work));
  }
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
process.stdout.write(`worst p99: ${worst.toFixed(1)} ms (at most 50, on a machine that does nothing else; of nothing at all ${idle.toFixed(1)} ms)\n`);
process.exitCode = worst <= 50 + idle ? 0 : 1;
