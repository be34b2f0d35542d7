import path from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from './launch.ts';

/** Where pictures for README and docs go. */
export const PICTURES = process.env['E2E_SCREENSHOTS'] ?? path.join(ROOT, 'e2e/screenshots');

export async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.mouse.move(1, 1);
  await page.waitForTimeout(400);
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`), scale: 'device' });
}
