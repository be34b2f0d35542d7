import fs from 'node:fs';
import path from 'node:path';
import { expect, type Locator, test } from '@playwright/test';
import { S3Server } from '../../src-main/testing/s3-server/s3-server.ts';
import { expectClean } from './support/axe.ts';
import { answerDialogs, end, type Launched, launch, newPlace, type Place, until } from './support/launch.ts';
import { type NotificationDaemon, startNotificationDaemon } from './support/notification-daemon.ts';
import { openView } from './support/scene.ts';
import { PICTURES, shoot } from './support/shoot.ts';
import { startTrayHost, type TrayHost } from './support/tray-host.ts';

const KEYS = { accessKeyId: 'AKIAEXAMPLEOFNOACCOUNT', secretAccessKey: 'of-no-account/11' };
/** A first run takes no more of either. */
const MOST_CLICKS = 10;
const LONGEST_MS = 120_000;

/** One app for all of these: each begins where the one before it left. */
let server: S3Server;
let place: Place;
let host: TrayHost;
let daemon: NotificationDaemon;
let launched: Launched;
let documents: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  server = await S3Server.start({ buckets: ['photos'], credentials: [KEYS] });
  host = await startTrayHost();
  daemon = await startNotificationDaemon();
  place = newPlace();
  launched = await launch(place, process.env['E2E_SCREENSHOTS'] === undefined ? [] : ['--force-device-scale-factor=2']);
  documents = place.folder('Documents');
});
test.afterAll(async () => {
  await end(launched);
  host.stop();
  daemon.stop();
  place.remove();
  await server.close();
});

const inBucket = (name: string): boolean => server.bucket('photos').keys().includes(name);
const settings = (): Record<string, unknown> => JSON.parse(fs.readFileSync(path.join(place.home, 'user-data/settings.json'), 'utf8'));
const told = (title: string): boolean => daemon.shown.some((shown) => shown.title === title);
async function picture(name: string): Promise<void> {
  if (process.env['E2E_SCREENSHOTS'] === undefined) return;
  fs.mkdirSync(PICTURES, { recursive: true });
  await shoot(launched.page, name);
}

/** A hand on the mouse, whose every click counts; what is typed does not. */
class Hand {
  clicks = 0;

  async click(button: Locator): Promise<void> {
    this.clicks++;
    await button.click();
  }

  /** The folder is found in the system's dialog and agreed to there. */
  async clickThrough(button: Locator): Promise<void> {
    this.clicks++;
    await this.click(button);
  }
}

test('from the first start a bucket is syncing in ten clicks and two minutes', async () => {
  test.setTimeout(LONGEST_MS);
  const { app, page } = launched;
  const hand = new Hand();
  fs.writeFileSync(path.join(documents, 'first.txt'), 'first');
  await answerDialogs(app, [documents]);
  await hand.click(page.getByRole('button', { name: 'In an S3 bucket' }));
  await hand.click(page.getByRole('combobox', { name: 'Provider' }));
  await hand.click(page.getByRole('option', { name: 'Other (S3-compatible)', exact: true }));
  await page.getByRole('textbox', { name: 'Address (endpoint)' }).fill(server.endpoint);
  await page.getByRole('textbox', { name: 'Access key ID' }).fill(KEYS.accessKeyId);
  await page.getByLabel('Secret access key').fill(KEYS.secretAccessKey);
  await hand.click(page.getByRole('button', { name: 'Continue' }));
  await page
    .getByRole('combobox', { name: 'Bucket' })
    .or(page.getByRole('textbox', { name: 'Bucket', exact: true }))
    .fill('photos');
  await page.keyboard.press('Escape');
  await hand.click(page.getByRole('button', { name: 'Test connection' }));
  await expect(page.getByText('The connection works')).toBeVisible({ timeout: 30_000 });
  await hand.click(page.getByRole('button', { name: 'Continue' }));
  await hand.clickThrough(page.getByRole('button', { name: 'Folder on this computer: Choose…' }));
  await hand.click(page.getByRole('button', { name: 'Continue' }));
  await hand.click(page.getByRole('button', { name: 'Start syncing' }));
  await until('the file is in the bucket', () => inBucket('first.txt'), 60_000);
  await expect(page.getByRole('heading', { name: 'Everything is up to date' })).toBeVisible({ timeout: 30_000 });
  expect(hand.clicks).toBeLessThanOrEqual(MOST_CLICKS);
  // A box that is ticked already: what is a backup today is one after a restart.
  await until('the app starts at login', () => fs.existsSync(path.join(place.home, '.config/autostart/file-sync.desktop')));
});

test('C28 a bucket that cannot be reached is told in tray, window and notification, and once it can, syncing goes on', async () => {
  test.setTimeout(120_000);
  const { page } = launched;
  await openView(page, 'Settings');
  await page.getByRole('radiogroup', { name: 'Notify me' }).getByText('Everything', { exact: true }).click();
  await openView(page, 'Overview');
  server.setReachable(false);
  fs.writeFileSync(path.join(documents, 'while offline.txt'), 'x');
  await page.getByRole('button', { name: 'Sync now' }).click();
  const card = page.getByRole('article', { name: 'Documents is waiting for its backup' });
  await expect(card).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'Waiting for the backup' })).toBeVisible();
  await expect(card.getByRole('button', { name: 'Change sign-in…' })).toBeHidden();
  const tray = await host.item();
  await until('the tray says so', async () => /^File Sync: Waiting for the backup\nDocuments: Waiting for the backup/.test(await tray.tooltip()));
  await until('it is told', () => told('Documents is waiting for its backup'), 25_000);
  await expectClean(page);
  await picture('offline-light');
  server.setReachable(true);
  await card.getByRole('button', { name: 'Try again' }).click();
  await until('what waited has followed', () => inBucket('while offline.txt'), 60_000);
  await expect(card).toBeHidden({ timeout: 15_000 });
  await until('the tray says so too', async () => /^File Sync: Up to date/.test(await tray.tooltip()));
});

test('C55 with less room than is to stay free nothing is synced; tray, window and notification say it, and room lets it go on', async () => {
  test.setTimeout(120_000);
  const { page } = launched;
  const tray = await host.item();
  const keepFree = async (megabytes: string): Promise<void> => {
    await openView(page, 'Settings');
    await page.getByRole('textbox', { name: 'Stop when less than this is free' }).fill(megabytes);
    await openView(page, 'Overview');
  };
  await keepFree('900000000');
  const card = page.getByRole('article', { name: 'Documents waits for room on this disk' });
  await expect(card).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('heading', { name: 'Something needs your attention' })).toBeVisible();
  await until('the tray says so', async () => /^File Sync: .*attention\nDocuments: Stopped: this disk is almost full/i.test(await tray.tooltip()));
  await until('it is told', () => told('This disk is almost full'), 25_000);
  fs.writeFileSync(path.join(documents, 'while full.txt'), 'x');
  await expectClean(page);
  await picture('disk-full-light');
  expect(inBucket('while full.txt')).toBe(false);
  await keepFree('1');
  await until('what waited has followed', () => inBucket('while full.txt'), 60_000);
  await expect(card).toBeHidden();
  await until('the tray says so too', async () => /^File Sync: Up to date/.test(await tray.tooltip()));
});

test('C71 limits for certain times are filled in, said in words and kept; what is not filled in is named and not kept', async () => {
  const { page } = launched;
  await openView(page, 'Settings');
  const times = page.getByRole('region', { name: 'At certain times' });
  await times.getByRole('button', { name: 'Add a time' }).click();
  const row = times.getByRole('group', { name: 'Time 1' });
  for (const day of ['Sun', 'Sat']) await row.getByText(day, { exact: true }).click();
  await row.getByLabel('From', { exact: true }).fill('00:00');
  await row.getByLabel('To', { exact: true }).fill('00:00');
  await row.getByRole('textbox', { name: 'Upload at most' }).fill('750');
  await row.getByRole('textbox', { name: 'Download at most' }).fill('750');
  await expect(times.getByRole('status')).toHaveText('Now: at most 750 KB/s each way.');
  const kept = [{ days: [1, 2, 3, 4, 5, 0, 6], from: '00:00', to: '00:00', up: 750_000, down: 750_000 }];
  await expect.poll(() => settings()['bandwidthTimetable']).toEqual(kept);
  await expectClean(page);
  await times.scrollIntoViewIfNeeded();
  await picture('settings-bandwidth-light');
  await row.getByLabel('From', { exact: true }).fill('');
  await expect(row.getByText('Say when it begins and ends.', { exact: false })).toBeVisible();
  await openView(page, 'Overview');
  expect(settings()['bandwidthTimetable']).toEqual(kept);
  await openView(page, 'Settings');
  await times.getByRole('button', { name: 'Remove time 1' }).click();
  await expect.poll(() => settings()['bandwidthTimetable']).toEqual([]);
});

test('when scrambled files wait is set for every folder, and otherwise for one', async () => {
  const { page } = launched;
  await openView(page, 'Settings');
  await page.getByRole('button', { name: 'Change… Scrambled files (ransomware)' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Wait for me from more than' }).fill('0');
  await expect(dialog.getByText('Such changes then go into the backup like any others.', { exact: false })).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Wait for me from more than' }).fill('7');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(dialog).toBeHidden();
  await openView(page, 'Folders');
  await page.getByRole('button', { name: 'Folder settings…' }).click();
  await page.getByText('Scrambled files (ransomware)').click();
  await expect(dialog.getByText('As for every folder: held back from more than 7 files', { exact: false })).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Wait for me from more than' }).fill('0');
  await page.getByText('As a command').click();
  await expect(page.getByRole('region', { name: 'The command' })).toHaveText('file-sync --profile Documents watch');
  await expectClean(page);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(dialog).toBeHidden();
  expect(settings()).toMatchObject({ tuning: { holdRewrites: 7 }, pairs: [{ tuning: { holdRewrites: 0 } }] });
});
