import { defineConfig } from '@playwright/test';

/** Soaks and measurements of the built app that take minutes: not part of `npm test`. */
// biome-ignore lint/style/noDefaultExport: where Playwright looks for it
export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '*.spec.ts',
  workers: 1,
  timeout: 3_600_000,
  expect: { timeout: 60_000 },
  reporter: [['list']],
  outputDir: '../../test-results',
});
