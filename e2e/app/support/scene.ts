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
  await expect(page.getByText('Budget 2027.md in Documents has two versions')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('article', { name: /deletions held back/ })).toBeVisible();
}

/** A picture in two versions, and another file so. */
export async function makePictures({ page }: Launched, place: Place): Promise<void> {
  const [documents, backup] = [place.folder('Documents'), place.folder('Drive/Documents')];
  const [one, other] = await page.evaluate(() =>
    ['#7fb4d8', '#e3a86b'].map((sky) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 420 });
      const paint = canvas.getContext('2d');
      if (paint === null) return '';
      paint.fillStyle = sky;
      paint.fillRect(0, 0, 640, 420);
      paint.fillStyle = '#39566b';
      for (const [x, height] of [
        [0, 190],
        [150, 260],
        [330, 170],
        [470, 240],
      ] as const) {
        paint.beginPath();
        paint.moveTo(x - 60, 330);
        paint.lineTo(x + 90, 330 - height);
        paint.lineTo(x + 250, 330);
        paint.fill();
      }
      paint.fillStyle = '#24404f';
      paint.fillRect(0, 330, 640, 90);
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    }),
  );
  const names = ['Pictures/fjord.png', 'Work/Plan.txt'];
  fs.mkdirSync(path.join(documents, 'Pictures'), { recursive: true });
  for (const name of names) fs.writeFileSync(path.join(documents, name), 'first');
  await until('both are in the backup', () => names.every((name) => fs.existsSync(path.join(backup, name))), 30_000);
  await openView(page, 'Overview');
  await page.getByRole('button', { name: 'Pause syncing' }).click();
  await page.getByRole('menuitem', { name: 'Until I resume' }).click();
  await expect(page.getByRole('button', { name: 'Resume syncing' })).toBeVisible();
  for (const [folder, picture] of [
    [documents, one],
    [backup, other],
  ] as const) {
    fs.writeFileSync(path.join(folder, 'Pictures/fjord.png'), Buffer.from(picture ?? '', 'base64'));
    fs.writeFileSync(path.join(folder, 'Work/Plan.txt'), `by ${folder}`);
  }
  await page.getByRole('button', { name: 'Resume syncing' }).click();
  await openView(page, 'Conflicts');
  await expect(page.getByRole('article', { name: /fjord\.png/ })).toBeVisible({ timeout: 20_000 });
}

/** Files below a folder, ours left out. */
function count(folder: string): number {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !`${entry.parentPath}/`.includes('/.file-sync/')).length;
}

/** Leaves a dialog in which something was entered. */
export async function leaveDialog(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Close and drop it' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
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
