// Writes src-main/codec/vectors/containers.json. The vectors are golden: a change to them is a change of the format (src-main/codec/FORMAT.md). Needs a Node with zstd (22.15 and newer).
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '..');
const outDir = path.join(root, 'node_modules/.cache/make-vectors');
const input = path.join(root, 'src-main/testing/vector-maker.ts');
await build({ configFile: false, logLevel: 'error', root, build: { ssr: true, outDir, emptyOutDir: true, rollupOptions: { input, output: { entryFileNames: 'maker.mjs' } } } });
const { makeVectors } = await import(pathToFileURL(path.join(outDir, 'maker.mjs')).href);
const file = path.join(root, 'src-main/codec/vectors/containers.json');
fs.writeFileSync(file, `${JSON.stringify(await makeVectors(), null, 2)}\n`);
execFileSync(process.execPath, [path.join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--write', file], { cwd: root });
process.stdout.write(`${path.relative(root, file)}: ${fs.statSync(file).size} bytes\n`);
