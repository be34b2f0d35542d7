import fs from 'node:fs';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { addPair, type Launched, type Place, until } from './launch.ts';

/** A day in the life: two folders, a file with two versions, deletions that are held. Made by the real engine. */
export async function fillPlace(launched: Launched, place: Place): Promise<void> {
  const { page } = launched;
  const [documents, photos, drive] = [place.folder('Documents'), place.folder('Pictures'), place.folder('Drive')];
  const write = (folder: string, name: string, content: string | Buffer): void => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  };
  const report = (line: string): string => `# Budget 2027\n\nTravel      4,200\nEquipment   ${line}\nTraining    2,000\n\nTo be agreed in December.\n`;
  write(documents, 'Work/Budget 2027.md', report('9,800'));
  for (const name of ['Work/Meeting notes.md', 'Work/Offer Müller & Sons.pdf', 'Letters/Landlord.odt', 'Letters/Insurance.odt', 'Recipes/Bread.txt'])
    write(documents, name, Buffer.alloc(48_000, name));
  for (let i = 1; i <= 90; i++) write(documents, `Archive/scan ${String(i).padStart(3, '0')}.pdf`, Buffer.alloc(12_000, i));
  for (let i = 1; i <= 24; i++) write(photos, `2026/Norway/IMG_${4_200 + i}.jpg`, Buffer.alloc(900_000, i));
  const [backup, photoBackup] = [place.folder('Drive/Documents'), place.folder('Drive/Pictures')];
  await addPair(launched, documents, backup, 'Ask me');
  await addPair(launched, photos, photoBackup);
  await until('everything is on the drive', () => count(drive) === 6 + 90 + 24, 60_000);
  await expect(page.getByText('Up to date').nth(1)).toBeVisible({ timeout: 20_000 });

  await page.getByRole('button', { name: 'Pause syncing' }).click();
  await page.getByRole('menuitem', { name: 'Until I resume' }).click();
  await expect(page.getByRole('button', { name: 'Resume syncing' })).toBeVisible();
  write(documents, 'Work/Budget 2027.md', report('11,500'));
  write(backup, 'Work/Budget 2027.md', report('8,900').replace('December', 'January'));
  fs.rmSync(path.join(documents, 'Archive'), { recursive: true });
  await page.getByRole('button', { name: 'Resume syncing' }).click();
  await openView(page, 'Overview');
  await expect(page.getByText('One file has two versions')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('article', { name: /deletions held back/ })).toBeVisible();
}

/** Files below a folder, ours left out. */
function count(folder: string): number {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !`${entry.parentPath}/`.includes('/.file-sync/')).length;
}

export async function openView(page: Page, view: string): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: view }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

export async function setTheme(page: Page, theme: 'Light' | 'Dark'): Promise<void> {
  await openView(page, 'Settings');
  await page.getByText(theme, { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme.toLowerCase());
}

export async function showConflictDialog(page: Page): Promise<void> {
  await openView(page, 'Conflicts');
  await page.getByRole('button', { name: 'Decide…' }).click();
  await expect(page.getByRole('dialog').getByText('11,500')).toBeVisible();
}
