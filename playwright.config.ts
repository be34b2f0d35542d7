import { defineConfig } from '@playwright/test';

/** The built app in a real Electron; scripts/test-app.mjs gives it a desktop. One at a time: there is one tray. */
export default defineConfig({
  testDir: 'e2e/app',
  testMatch: '*.spec.ts',
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  outputDir: process.env['E2E_OUTPUT'] ?? 'test-results',
});
