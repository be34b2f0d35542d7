// Compares the codec with its primitives alone, side by side in one run: plain bytes for each second of CPU (of all threads) and of time, and ratios. Throughput is what counts, and is judged by time, on a machine that does nothing else; ratios of
// CPU say what it costs, on a busy machine too. Every figure is the best of rounds in which all take turns.
// usage: node bench/codec.mjs [MiB, default 48] [rounds, default 5]     (run it with a newer Node too: that one has zstd)
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import zlib from 'node:zlib';
import { build } from 'vite';

const MIB = Number(process.argv[2] ?? 48);
const ROUNDS = Number(process.argv[3] ?? 5);
const LEVEL = 3;
const root = path.resolve(import.meta.dirname, '..');

async function codec() {
  const outDir = path.join(root, 'node_modules/.cache/bench-codec');
  const input = path.join(root, 'src-main/testing/containers.ts');
  await build({ configFile: false, logLevel: 'error', root, build: { ssr: true, outDir, emptyOutDir: true, rollupOptions: { input, output: { entryFileNames: 'codec.mjs' } } } });
  return import(pathToFileURL(path.join(outDir, 'codec.mjs')).href);
}

/** Program text, as it lies about in a project. */
function text(bytes) {
  const parts = [];
  let size = 0;
  const walk = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      if (size >= bytes) return;
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) walk(full);
      else if (/\.(?:[cm]?[jt]s|md|json)$/.test(entry.name)) {
        const content = fs.readFileSync(full);
        parts.push(content);
        size += content.length;
      }
    }
  };
  walk(path.join(root, 'node_modules'));
  return Buffer.concat(parts).subarray(0, bytes);
}

const kit = await codec();
const contents = { text: text(MIB << 20), noise: randomBytes(MIB << 20) };
const pieces = (content, size) => Array.from({ length: Math.ceil(content.length / size) }, (_, at) => content.subarray(at * size, (at + 1) * size));

function gcm(content) {
  const key = Buffer.alloc(32, 1);
  pieces(content, 65_504).forEach((piece, at) => {
    const nonce = Buffer.alloc(12);
    nonce.writeUInt32BE(at);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.update(piece);
    cipher.final();
    cipher.getAuthTag();
  });
}

const each = (content, work) => {
  for (const piece of pieces(content, 1_048_576)) work(piece);
};
const packers = {
  deflate: (content) => each(content, (piece) => zlib.deflateRawSync(piece, { level: LEVEL })),
  ...(kit.HAS_ZSTD ? { zstd: (content) => each(content, (piece) => zlib.zstdCompressSync(piece, { params: { [zlib.constants.ZSTD_c_compressionLevel]: 3 } })) } : {}),
};

async function drain(chunks) {
  let size = 0;
  for await (const chunk of chunks) size += chunk.length;
  return size;
}

async function encode(content, compression) {
  const head = kit.headOf(Buffer.alloc(0), { size: content.length, sha256: hashes.get(content) });
  const encoded = await kit.encodeContainer(kit.recipe(content, 262_144), {
    vaultId: kit.VAULT,
    keys: kit.KEYS,
    contentId: Buffer.alloc(16),
    head,
    spool: new kit.MemorySpool(),
    ...(compression === null ? {} : { compression: { method: compression, level: LEVEL } }),
  });
  const size = await drain(encoded.open());
  await encoded.release();
  return size;
}

const hashes = new Map(Object.values(contents).map((content) => [content, createHash('sha256').update(content).digest('hex')]));
const jobs = [];
for (const [name, content] of Object.entries(contents)) {
  jobs.push({ name: `${name}: AES-256-GCM alone`, run: () => gcm(content) });
  jobs.push({ name: `${name}: SHA-256 alone`, run: () => createHash('sha256').update(content).digest() });
  for (const [method, packer] of Object.entries(packers)) jobs.push({ name: `${name}: ${method} alone`, run: () => packer(content) });
  for (const method of [null, ...Object.keys(packers)]) {
    const label = method === null ? 'encrypted' : `${method} and encrypted`;
    jobs.push({ name: `${name}: ${label}`, size: true, run: () => encode(content, method) });
    const head = kit.headOf(Buffer.alloc(0), { size: content.length, sha256: hashes.get(content) });
    const encoded = await kit.encodeContainer(kit.recipe(content), {
      vaultId: kit.VAULT,
      keys: kit.KEYS,
      contentId: Buffer.alloc(16),
      head,
      ...(method === null ? {} : { compression: { method, level: LEVEL } }),
    });
    const bytes = await kit.gather(encoded.open());
    jobs.push({ name: `${name}: ${label}, read`, run: async () => drain((await kit.openContainer(kit.stored(bytes, 262_144), { vaultId: kit.VAULT, find: kit.find })).chunks()) });
  }
}

const seconds = new Map(jobs.map(({ name }) => [name, []]));
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const job of jobs) {
    const start = process.hrtime.bigint();
    const before = process.cpuUsage();
    job.out = await job.run();
    const used = process.cpuUsage(before);
    // The first round is for the compiler.
    if (round > 0) seconds.get(job.name).push({ cpu: (used.user + used.system) / 1e6, time: Number(process.hrtime.bigint() - start) / 1e9 });
  }
}

const speed = (name, by = 'cpu') => MIB / Math.min(...seconds.get(name).map((round) => round[by]));
process.stdout.write(`${'plain MiB for each second of'.padEnd(40)}   CPU  time\n`);
for (const job of jobs) {
  const shrunk = job.size ? `  ${((100 * job.out) / (MIB << 20)).toFixed(1)} % of the size` : '';
  process.stdout.write(`${job.name.padEnd(40)}${speed(job.name).toFixed(0).padStart(6)}${speed(job.name, 'time').toFixed(0).padStart(6)}${shrunk}\n`);
}
let good = true;
process.stdout.write('\nthroughput of the codec, of the slower primitive alone (at least 70 %)   of time  of CPU\n');
for (const name of Object.keys(contents)) {
  for (const method of Object.keys(packers)) {
    const ratio = (by) => speed(`${name}: ${method} and encrypted`, by) / Math.min(speed(`${name}: ${method} alone`, by), speed(`${name}: AES-256-GCM alone`, by));
    good &&= ratio('time') >= 0.7;
    const percent = (by) => `${(100 * ratio(by)).toFixed(0)} %`.padStart(8);
    process.stdout.write(`${`${name}: ${method} and encrypted, of ${method} and AES alone`.padEnd(72)}${percent('time')}${percent('cpu')}\n`);
  }
  const both = (by) => speed(`${name}: encrypted`, by) * (1 / speed(`${name}: AES-256-GCM alone`, by) + 1 / speed(`${name}: SHA-256 alone`, by));
  process.stdout.write(
    `${`${name}: encrypted, of AES and SHA-256 one after the other`.padEnd(72)}${`${(100 * both('time')).toFixed(0)} %`.padStart(8)}${`${(100 * both('cpu')).toFixed(0)} %`.padStart(8)}\n`,
  );
}
process.exitCode = good ? 0 : 1;
