import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { expectClean } from './support/axe.ts';
import { end, type Launched, launch, newPlace, type Place } from './support/launch.ts';
import { fillPlace, openView, setTheme, showConflictDialog } from './support/scene.ts';
import { startTrayHost, type TrayHost } from './support/tray-host.ts';

let host: TrayHost;
let place: Place;
let launched: Launched;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  host = await startTrayHost();
  place = newPlace();
  launched = await launch(place);
});
test.afterAll(async () => {
  await end(launched);
  host.stop();
  place.remove();
});

test('the first start', async () => {
  await expect(launched.page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectClean(launched.page);
});

test('a scene with everything in it is set up', async () => {
  test.setTimeout(120_000);
  await fillPlace(launched, place);
  expect(fs.existsSync(path.join(place.home, 'Documents'))).toBe(true);
});

for (const theme of ['Light', 'Dark'] as const) {
  test(`every view, ${theme.toLowerCase()}`, async () => {
    const { page } = launched;
    await setTheme(page, theme);
    for (const view of ['Overview', 'Folders', 'Conflicts', 'History', 'Activity', 'Settings']) {
      await openView(page, view);
      await expectClean(page);
    }
  });

  test(`every dialog, ${theme.toLowerCase()}`, async () => {
    const { page } = launched;
    await setTheme(page, theme);
    await showConflictDialog(page);
    await expectClean(page);
    await page.keyboard.press('Escape');
    await openView(page, 'Folders');
    for (const button of ['Add a folder', 'Folder settings…', 'Stop syncing this folder…']) {
      await page.getByRole('button', { name: button }).first().click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectClean(page);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    }
    await page.getByRole('button', { name: 'Folder settings…' }).first().click();
    for (const group of ['Transfers and direction', 'History and trash', 'Checks of the backup']) await page.getByText(group, { exact: true }).click();
    await page.getByRole('textbox', { name: 'Old versions of a file, at most' }).fill('0');
    await expectClean(page);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await openView(page, 'Overview');
    await page.getByRole('button', { name: 'Pause syncing' }).click();
    await expectClean(page);
    await page.keyboard.press('Escape');
  });
}

test('with high contrast, in both themes, and in the diagnostics', async () => {
  const { page } = launched;
  for (const theme of ['Light', 'Dark'] as const) {
    await setTheme(page, theme);
    await page.getByText('High', { exact: true }).click();
    await expect(page.locator('html')).toHaveAttribute('data-contrast', 'high');
    for (const view of ['Overview', 'Conflicts', 'Settings']) {
      await openView(page, view);
      await expectClean(page);
    }
  }
  await page.getByRole('button', { name: 'See what is in it…' }).click();
  await expect(page.getByRole('textbox', { name: 'What the file will hold' })).toHaveValue(/Folder 2/);
  await expectClean(page);
  await page.keyboard.press('Escape');
});

test('motion is left out for those who ask for it', async () => {
  await launched.page.emulateMedia({ reducedMotion: 'reduce' });
  const name = await launched.page.evaluate(() => {
    const element = Object.assign(document.createElement('span'), { className: 'turning' });
    document.body.append(element);
    return getComputedStyle(element).animationName;
  });
  expect(name).toBe('none');
});
