import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'electron-vite';

/** The oldest runtime the bundles must run on: Node 20.18 for the CLI, Electron 33 (Chromium 130) for the app. */
const NODE = 'node20.18';
const CHROME = 'chrome130';
const root = import.meta.dirname;

const entries = {
  main: 'src-main/main.ts',
  cli: 'src-main/cli.ts',
  index: 'src-main/index.ts',
  'engine-worker': 'src-main/app/engine-worker.ts',
  'scan-worker': 'src-main/local/scan-worker.ts',
};

const config: UserConfig = {
  main: {
    build: {
      target: NODE,
      // Bundled, for its hundred files take longer to load than all of ours: every command starts with it.
      externalizeDeps: { exclude: ['zod'] },
      outDir: 'out/main',
      rollupOptions: {
        input: Object.fromEntries(
          Object.entries(entries)
            .filter(([, file]) => existsSync(resolve(root, file)))
            .map(([name, file]) => [name, resolve(root, file)]),
        ),
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: NODE,
      // A sandboxed preload can require nothing but electron, so everything else is bundled in.
      externalizeDeps: false,
      outDir: 'out/preload',
      rollupOptions: { input: { preload: resolve(root, 'src-preload/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react()],
    build: { target: CHROME, minify: true, outDir: resolve(root, 'out/renderer'), rollupOptions: { input: { index: resolve(root, 'src-renderer/index.html') } } },
  },
};

/** A part whose entry is not there is not built. */
const starts = { main: 'src-main', preload: 'src-preload/preload.ts', renderer: 'src-renderer/index.html' };
const isThere = (part: string): boolean => existsSync(resolve(root, starts[part as keyof typeof starts]));

export default defineConfig(Object.fromEntries(Object.entries(config).filter(([part]) => isThere(part))));
