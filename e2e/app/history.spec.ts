import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { expectClean } from './support/axe.ts';
import { addPair, answerDialogs, end, type Launched, launch, newPlace, type Place, ROOT, until } from './support/launch.ts';
import { openView, setTheme } from './support/scene.ts';
import { PICTURES, shoot } from './support/shoot.ts';
import { startTrayHost, type TrayHost } from './support/tray-host.ts';

let host: TrayHost;
let place: Place;
let launched: Launched;
let documents: string;
let backup: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  host = await startTrayHost();
  place = newPlace();
  launched = await launch(place, process.env['E2E_SCREENSHOTS'] === undefined ? [] : ['--force-device-scale-factor=2']);
});
test.afterAll(async () => {
  await end(launched);
  host.stop();
  place.remove();
});

const REPORT = 'Work/Report for the board, second draft with the figures of all departments.md';
const here = (name: string): string => path.join(documents, name);
const there = (name: string): string => path.join(backup, name);
const read = (file: string): string | null => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null);
function write(file: string, content: string | Buffer): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}
const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();
const list = (page: Page, name: string) => page.getByRole('region', { name });
const draft = (figure: string): string => `# Report\n\nTravel      4,200\nEquipment   ${figure}\nTraining    2,000\n\nTo be agreed in December.\n`;

/** Steps back until the state is shown in which a name was there, or as far as it goes. */
async function backTo(page: Page, name: RegExp): Promise<void> {
  const back = page.getByRole('button', { name: 'Previous change' });
  for (let steps = 0; steps < 40; steps++) {
    await expect(list(page, 'What was in the folder')).toHaveAttribute('aria-busy', 'false');
    if (await list(page, 'What was in the folder').getByRole('button', { name }).isVisible()) return;
    await back.click();
  }
  throw new Error(`no state with ${name}`);
}

test('a folder lives: files come, change, go, and change on the other side', async () => {
  test.setTimeout(60_000);
  [documents, backup] = [place.folder('Documents'), place.folder('Backup')];
  write(here(REPORT), draft('9,800'));
  write(here('Letters/Landlord.txt'), 'Dear landlord,\n');
  write(here('Letters/Insurance.txt'), 'Dear insurance,\n');
  write(here('Icon.png'), fs.readFileSync(path.join(ROOT, 'assets/icon.png')));
  await addPair(launched, documents, backup);
  await until('all is there', () => read(there('Letters/Insurance.txt')) !== null && fs.existsSync(there('Icon.png')) && read(there(REPORT)) !== null);
  write(here(REPORT), draft('11,500'));
  write(here('Plans/Garden.txt'), 'Roses\n');
  await until('the change is there', () => read(there(REPORT)) === draft('11,500') && read(there('Plans/Garden.txt')) !== null);
  // What the other side replaces or removes goes to the trash here.
  write(there('Letters/Insurance.txt'), 'Dear insurance, once more,\n');
  await until('the other change is here', () => read(here('Letters/Insurance.txt'))?.includes('once more'), 40_000);
  fs.rmSync(here('Letters/Landlord.txt'));
  await until('the deletion is there', () => read(there('Letters/Landlord.txt')) === null);
});

test('the folder is shown as it was, and brought back after a preview', async () => {
  const { page } = launched;
  await openView(page, 'History');
  await expect(page.getByText('In the backup now')).toBeVisible();
  await list(page, 'What was in the folder').getByRole('button', { name: 'Open Letters' }).click();
  await expect(list(page, 'What was in the folder').getByRole('button')).toHaveCount(1);
  await backTo(page, /Landlord\.txt, deleted since/);
  await page.getByRole('navigation', { name: 'Where in the folder' }).getByRole('button', { name: 'Documents' }).click();
  await expect(list(page, 'What was in the folder').getByRole('button', { name: /Open Letters, 1 file differs/ })).toBeVisible();
  await list(page, 'What was in the folder')
    .getByRole('button', { name: /Open Letters/ })
    .click();
  const then = place.folder('Then');
  await answerDialogs(launched.app, [then]);
  await page.getByRole('button', { name: 'Save a copy…' }).click();
  const copy = page.getByRole('dialog', { name: 'Save a copy of Letters' });
  await copy.getByRole('button', { name: 'Save the copy' }).click();
  await expect(copy.getByText(/^2 files are saved in .*Then\.$/)).toBeVisible({ timeout: 20_000 });
  await copy.getByRole('button', { name: 'Close' }).last().click();
  expect(read(path.join(then, 'Letters/Landlord.txt'))).toBe('Dear landlord,\n');
  expect(fs.readdirSync(path.join(then, 'Letters'))).toHaveLength(2);
  await page.getByRole('button', { name: 'Bring back this state…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Bring back Letters' });
  await expect(dialog.getByText('1 file comes back', { exact: true })).toBeVisible({ timeout: 20_000 });
  expect(read(here('Letters/Landlord.txt'))).toBeNull();
  await dialog.getByRole('button', { name: 'Bring back' }).click();
  await expect(dialog.getByText(/ is back in Documents\.$/)).toBeVisible({ timeout: 20_000 });
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  expect(read(here('Letters/Landlord.txt'))).toBe('Dear landlord,\n');
  await until('it is there again too', () => read(there('Letters/Landlord.txt')) === 'Dear landlord,\n');
});

test('the versions of a file are shown with their content, and one is saved elsewhere and brought back', async () => {
  const { app, page } = launched;
  await page.getByRole('navigation', { name: 'Where in the folder' }).getByRole('button', { name: 'Documents' }).click();
  await page.getByRole('button', { name: 'Now', exact: true }).click({ force: true });
  await list(page, 'What was in the folder').getByRole('button', { name: 'Versions of Icon.png' }).click();
  await expect(page.getByRole('img', { name: 'Picture Icon.png' })).toBeVisible();
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Bring this one back…' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await list(page, 'What was in the folder').getByRole('button', { name: 'Open Work' }).click();
  const row = list(page, 'What was in the folder').getByRole('button', { name: /Versions of Report/ });
  await row.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: /^Versions of Report/ });
  const content = dialog.getByRole('region', { name: 'Content of this version' });
  await expect(content).toContainText('11,500');
  await dialog.getByRole('radio').nth(1).click();
  await expect(content).toContainText('9,800');
  const elsewhere = place.folder('Elsewhere');
  await answerDialogs(app, [elsewhere]);
  await dialog.getByRole('button', { name: 'Save a copy…' }).click();
  await page.getByRole('button', { name: 'Save the copy' }).click();
  await expect(page.getByText(/ is saved in .*Elsewhere\.$/)).toBeVisible({ timeout: 20_000 });
  expect(read(path.join(elsewhere, REPORT))).toBe(draft('9,800'));
  expect(read(here(REPORT))).toBe(draft('11,500'));
  await page.keyboard.press('Escape');
  await row.click();
  await dialog.getByRole('radio').nth(1).click();
  await dialog.getByRole('button', { name: 'Bring this one back…' }).click();
  await expect(page.getByText('1 file goes back to its earlier content', { exact: true })).toBeVisible({ timeout: 20_000 });
  await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
  await expect(page.getByText(/ is again as it was on /)).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press('Escape');
  await until('the old text is on both sides', () => read(here(REPORT)) === draft('9,800') && read(there(REPORT)) === draft('9,800'));
});

test('a run is undone, a deleted file found by name, and the trash brought back and emptied', async () => {
  const { page } = launched;
  await tab(page, 'Undo');
  const undo = list(page, 'Runs, the latest first')
    .getByRole('button', { name: /^Undo the run/ })
    .first();
  await expect(list(page, 'Runs, the latest first')).toContainText('Report for the board');
  // The first one brought the user's own files to the backup.
  await list(page, 'Runs, the latest first')
    .getByRole('button', { name: /^Undo the run/ })
    .last()
    .click();
  await expect(page.getByText('Files that you added yourself then go too', { exact: false })).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press('Escape');
  await undo.click();
  await expect(page.getByText('1 file goes back to its earlier content', { exact: true })).toBeVisible({ timeout: 20_000 });
  await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText(/^Report for the board.* has its earlier content again\.$/)).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press('Escape');
  await until('the run is undone on both sides', () => read(here(REPORT)) === draft('11,500') && read(there(REPORT)) === draft('11,500'));
  await expect(
    list(page, 'Runs, the latest first')
      .getByText(/^Taken back /)
      .first(),
  ).toBeVisible({ timeout: 20_000 });

  fs.rmSync(here('Plans/Garden.txt'));
  await until('the deletion is there', () => read(there('Plans/Garden.txt')) === null);
  await tab(page, 'Deleted files');
  await page.getByRole('textbox', { name: 'Search deleted files by name or folder' }).fill('GARD');
  await list(page, 'Deleted files, the latest first').getByRole('button', { name: 'Bring back Plans/Garden.txt' }).click();
  await expect(page.getByText('1 file comes back', { exact: true })).toBeVisible({ timeout: 20_000 });
  await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
  await expect(page.getByText('Garden.txt is back in Documents.')).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press('Escape');
  expect(read(here('Plans/Garden.txt'))).toBe('Roses\n');
  await expect(list(page, 'Deleted files, the latest first').getByText('Garden.txt')).toBeHidden({ timeout: 10_000 });

  await tab(page, 'Trash');
  await list(page, 'Trash, the latest first').getByRole('button', { name: 'Bring back Letters/Insurance.txt' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
  await expect(page.getByText('Insurance.txt has its earlier content again.')).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press('Escape');
  await until('it is on both sides', () => read(here('Letters/Insurance.txt')) === 'Dear insurance,\n' && read(there('Letters/Insurance.txt')) === 'Dear insurance,\n');
});

test('I8 files that are scrambled all at once, or deleted, are held back with the reason, told in the tray, and brought back', async () => {
  test.setTimeout(90_000);
  const { page } = launched;
  const tray = await host.item();
  const client = (n: number): string => `Clients/Client ${n}.docx`;
  // Chance alone now and then begins as a sound file does, which is none.
  const noise = (): Buffer => Buffer.concat([Buffer.of(0x99), randomBytes(2_999)]);
  const letter = (n: number): string => `Dear client ${n}, `.repeat(100);
  const pause = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Pause syncing' }).click();
    await page.getByRole('menuitem', { name: 'Until I resume' }).click();
    await expect(page.getByRole('button', { name: 'Resume syncing' })).toBeVisible();
  };
  const bringBack = async (heading: RegExp, what: string): Promise<void> => {
    const card = page.getByRole('article', { name: heading });
    await expect(card).toBeVisible({ timeout: 20_000 });
    await card.getByRole('button', { name: 'Bring them back…' }).click();
    await expect(page.getByText(what, { exact: true })).toBeVisible({ timeout: 20_000 });
    await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
    await expect(page.getByText(/^60 files are back in Documents\./)).toBeVisible({ timeout: 20_000 });
    await page.keyboard.press('Escape');
    await expect(card).toBeHidden({ timeout: 20_000 });
    for (let n = 0; n < 60; n++) expect([read(here(client(n))), read(there(client(n)))]).toEqual([letter(n), letter(n)]);
  };
  for (let n = 0; n < 60; n++) write(here(client(n)), letter(n));
  await until('all of them are there', () => read(there(client(59))) === letter(59), 30_000);
  await openView(page, 'Overview');
  await pause();
  for (let n = 0; n < 40; n++) write(here(client(n)), noise());
  for (let n = 40; n < 60; n++) {
    write(here(`${client(n)}.locked`), noise());
    fs.rmSync(here(client(n)));
  }
  write(here('Plans/Garden.txt'), 'Roses and lilies\n');
  await page.getByRole('button', { name: 'Resume syncing' }).click();
  await expect(page.getByRole('article', { name: '60 suspicious changes held back in Documents' })).toContainText('ransomware', { timeout: 20_000 });
  await until('the rest goes on', () => read(there('Plans/Garden.txt')) === 'Roses and lilies\n');
  await until('the tray says so', async () => /Needs your attention\nDocuments: 60 suspicious changes held back/.test(await tray.tooltip()));
  if (process.env['E2E_SCREENSHOTS'] !== undefined)
    for (const theme of ['Light', 'Dark'] as const) {
      await setTheme(page, theme);
      await openView(page, 'Overview');
      await shoot(page, `held-${theme.toLowerCase()}`);
    }
  await page.getByRole('button', { name: 'I made these changes: sync them…' }).click();
  await expect(page.getByRole('dialog')).toContainText('old version');
  await expectClean(page);
  await page.getByRole('button', { name: 'Not now' }).click();
  await bringBack(/^60 suspicious changes/, '40 files go back to their earlier content');
  expect(fs.readdirSync(here('Clients')).filter((name) => name.endsWith('.locked'))).toEqual([]);

  // Noticed one by one, the first of many deletions are few.
  await pause();
  fs.rmSync(here('Clients'), { recursive: true });
  await page.getByRole('button', { name: 'Resume syncing' }).click();
  await bringBack(/deletions held back in Documents/, '60 files come back');
  await expect(page.getByRole('heading', { name: 'Everything is up to date' })).toBeVisible();
});

test('every part of it is clean for those who cannot see it, in both themes', async () => {
  test.setTimeout(90_000);
  const { page } = launched;
  const picture = async (name: string): Promise<void> => {
    await expectClean(page);
    if (process.env['E2E_SCREENSHOTS'] !== undefined) await shoot(page, name);
  };
  fs.mkdirSync(PICTURES, { recursive: true });
  fs.rmSync(here('Letters/Landlord.txt'));
  await until('the deletion is there', () => read(there('Letters/Landlord.txt')) === null);
  for (const theme of ['Light', 'Dark'] as const) {
    const suffix = theme.toLowerCase();
    await setTheme(page, theme);
    await openView(page, 'History');
    await tab(page, 'Back in time');
    await page.getByRole('button', { name: 'Previous change' }).click();
    await page.getByRole('button', { name: 'Previous change' }).click();
    await expect(list(page, 'What was in the folder')).toHaveAttribute('aria-busy', 'false');
    await picture(`history-time-${suffix}`);
    await page.getByRole('button', { name: 'Bring back this state…' }).click();
    await expect(page.getByRole('region', { name: 'What would change' })).toBeVisible({ timeout: 20_000 });
    await picture(`history-restore-${suffix}`);
    await page.keyboard.press('Escape');
    await list(page, 'What was in the folder')
      .getByRole('button', { name: /Open Work/ })
      .click();
    await list(page, 'What was in the folder')
      .getByRole('button', { name: /Versions of Report/ })
      .click();
    await expect(page.getByRole('dialog').getByRole('radio').first()).toBeVisible();
    await picture(`history-versions-${suffix}`);
    await page.keyboard.press('Escape');
    for (const [name, region] of [
      ['Deleted files', 'Deleted files, the latest first'],
      ['Undo', 'Runs, the latest first'],
      ['Trash', 'Trash, the latest first'],
    ] as const) {
      await tab(page, name);
      await expect(list(page, region).getByRole('button').first()).toBeVisible();
      await picture(`history-${(name.split(' ')[0] ?? '').toLowerCase()}-${suffix}`);
    }
  }
  await page.getByRole('button', { name: 'Empty the trash…' }).click();
  await expectClean(page);
  await page.getByRole('button', { name: 'Remove for good' }).click();
  await expect(page.getByText('The trash is empty.')).toBeVisible();
  expect(fs.readdirSync(here('.file-sync/trash'))).toEqual([]);
});
