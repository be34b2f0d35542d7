import { execFile, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, type Page, test } from '@playwright/test';
import { S3Server } from '../../src-main/testing/s3-server/s3-server.ts';
import { expectClean } from './support/axe.ts';
import { chooseFolders, fillPassphrase, toConfirm } from './support/encryption.ts';
import { filesWith } from './support/files-with.ts';
import { answerDialogs, end, type Launched, launch, newPlace, type Place, ROOT, until } from './support/launch.ts';
import { startPrivateBus } from './support/private-bus.ts';
import { beginBucket, chooseSource, signIn, testPlace } from './support/s3.ts';
import { openView } from './support/scene.ts';
import { startTrayHost, type TrayHost } from './support/tray-host.ts';

const PASSPHRASE = 'copper fern lantern oxide vivid';
const CONTENT = 'the known plaintext of a secret letter';

let place: Place;
let launched: Launched;
let host: TrayHost;

test.beforeEach(async () => {
  host = await startTrayHost();
  place = newPlace();
  launched = await launch(place);
});
test.afterEach(async () => {
  await end(launched);
  host.stop();
  place.remove();
});

async function windowHolds(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const typed = [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value);
    return JSON.stringify([document.documentElement.outerHTML, typed, await window.fileSync.request('app/state', null), { ...localStorage }]);
  });
}

const attributes = (page: Page): Promise<string> =>
  page.evaluate(() => JSON.stringify([...document.querySelectorAll('*')].map((element) => [...element.attributes].map(({ value }) => value))));

const inKeychain = (account: string): string => spawnSync('secret-tool', ['lookup', 'service', 'File Sync', 'account', account], { encoding: 'utf8' }).stdout;

const settingsFile = (at: Place): string => path.join(at.home, 'user-data/settings.json');
const settingsText = (at: Place): string => fs.readFileSync(settingsFile(at), 'utf8');

/** Adds an encrypted folder with hidden names; answers the words of its sheet. */
async function addEncrypted({ app, page }: Launched, documents: string, backup: string): Promise<readonly string[]> {
  await chooseFolders({ app, page } as Launched, documents, backup);
  await page.getByRole('switch', { name: 'Encrypt' }).check({ force: true });
  await page.getByRole('switch', { name: 'Hide names' }).check({ force: true });
  await fillPassphrase(page, PASSPHRASE);
  await page.getByRole('button', { name: 'Continue' }).click();
  const words = await page.getByRole('list', { name: 'The 24 recovery words' }).getByRole('listitem').allTextContents();
  await toConfirm(page, words);
  await page.getByRole('button', { name: 'Start syncing' }).click();
  await expect(page.getByRole('dialog')).toBeHidden({ timeout: 30_000 });
  return words;
}

test('a folder is encrypted: words written down and asked back, nothing in the open on either side, opened again after a restart', async () => {
  test.setTimeout(180_000);
  const { app, page } = launched;
  const [documents, backup] = [place.folder('Documents'), place.folder('Backup')];
  fs.writeFileSync(path.join(documents, 'telltale name.txt'), CONTENT);
  await chooseFolders(launched, documents, backup);
  await page.getByRole('switch', { name: 'Encrypt' }).check({ force: true });
  await page.getByRole('switch', { name: 'Hide names' }).check({ force: true });
  await page.getByLabel('Passphrase', { exact: true }).fill('too short');
  await expect(page.getByText('Too short')).toBeVisible();
  await fillPassphrase(page, PASSPHRASE);
  await expect(page.getByText('Strong', { exact: true })).toBeVisible();
  await page.getByLabel('Passphrase, once more').fill('something else');
  await expect(page.getByText('The two are not the same yet.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Continue' })).toBeDisabled();
  await page.getByLabel('Passphrase, once more').fill(PASSPHRASE);
  expect(await attributes(page)).not.toContain(PASSPHRASE);
  await expectClean(page);
  await page.getByRole('button', { name: 'Continue' }).click();

  await expect(page.getByRole('heading', { name: 'Write down the recovery words' })).toBeFocused();
  const words = await page.getByRole('list', { name: 'The 24 recovery words' }).getByRole('listitem').allTextContents();
  expect(words).toHaveLength(24);
  expect(await page.content()).not.toContain(PASSPHRASE);
  await expectClean(page);
  const save = async (file: string): Promise<void> => {
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, file);
    await page.getByRole('button', { name: 'Save as a page to print…' }).click();
  };
  await save(path.join(backup, 'sheet.html'));
  await expect(page.getByRole('alert')).toContainText('lies in a folder that is synced');
  const sheet = path.join(place.home, 'sheet.html');
  await save(sheet);
  await expect(page.getByText(/Written to .*sheet\.html/)).toBeVisible();
  expect(fs.statSync(sheet).mode & 0o777).toBe(0o600);
  for (const word of words) expect(fs.readFileSync(sheet, 'utf8')).toContain(word);
  fs.rmSync(sheet);

  // Nothing is at the place before the words were asked back.
  await page.getByRole('button', { name: 'I have them' }).click();
  await expect(page.getByRole('heading', { name: 'Type these words from your sheet' })).toBeFocused();
  await expect(page.getByRole('button', { name: 'Start syncing' })).toBeDisabled();
  const fields = page.getByRole('textbox', { name: /^Word \d+$/ });
  for (const field of await fields.all()) await field.fill('zebra');
  await page.getByRole('button', { name: 'Start syncing' }).click();
  await expect(page.getByRole('alert')).toContainText('These are not the words');
  await expectClean(page);
  expect(fs.readdirSync(backup)).toEqual([]);
  await page.getByRole('button', { name: 'Back' }).click();
  await toConfirm(page, words);
  expect(await attributes(page)).not.toContain(`"${words[0]}"`);
  await page.getByRole('button', { name: 'Start syncing' }).click();
  await expect(page.getByRole('dialog')).toBeHidden({ timeout: 30_000 });

  const card = page.getByRole('article', { name: 'Documents' });
  await expect(card.getByText('Up to date')).toBeVisible({ timeout: 60_000 });
  await expect(card.getByText(/^Encrypted, names hidden: opens only in File Sync$/)).toBeVisible();
  const vault = (JSON.parse(settingsText(place)) as { pairs: { protection: { vault: string } }[] }).pairs[0]?.protection.vault ?? '';
  expect(inKeychain(`vault ${vault}`)).toContain(PASSPHRASE);
  expect(filesWith(backup, 'telltale')).toEqual([]);
  expect(filesWith(backup, CONTENT)).toEqual([]);
  expect(filesWith(place.home, PASSPHRASE)).toEqual([]);
  expect(filesWith(place.home, words.slice(0, 3).join(' '))).toEqual([]);
  expect(await windowHolds(page)).not.toContain(PASSPHRASE);

  await end(launched);
  // The owner keeps a copy of the backup, and later brings it back.
  const copy = path.join(place.home, 'Copy of the backup');
  fs.cpSync(backup, copy, { recursive: true, preserveTimestamps: true });
  launched = await launch(place);
  fs.writeFileSync(path.join(documents, 'later.txt'), 'later');
  const before = filesWith(backup, '').length;
  await until('the later file is in the backup', () => filesWith(backup, '').length > before, 60_000);
  await openView(launched.page, 'Folders');
  await expect(launched.page.getByRole('article', { name: 'Documents' }).getByText(/^Encrypted, names hidden/)).toBeVisible();
  await acceptRestored(documents, backup, copy);
});

/** An older state of the backup is put in the place of the one of now: the window tells, and on the owner's word the backup is brought up to date. */
async function acceptRestored(documents: string, backup: string, copy: string): Promise<void> {
  const { page } = launched;
  fs.writeFileSync(path.join(documents, 'telltale name.txt'), `${CONTENT}, second edition`);
  await openView(page, 'Overview');
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(page.getByRole('region', { name: 'Recent activity' }).getByText('telltale name.txt').nth(1)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'Everything is up to date' })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Pause syncing' }).click();
  await page.getByRole('menuitem', { name: 'Until I resume' }).click();
  await expect(page.getByRole('heading', { name: 'Syncing is paused' })).toBeVisible();
  fs.rmSync(backup, { recursive: true });
  fs.cpSync(copy, backup, { recursive: true, preserveTimestamps: true });
  await page.getByRole('button', { name: 'Resume syncing' }).click();
  const held = page.getByRole('article', { name: '1 deletion held back in Documents' });
  await expect(held).toContainText('went back to an older state', { timeout: 30_000 });
  await held.getByRole('button', { name: 'I restored the backup…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Did you restore the backup of Documents?' });
  await expect(dialog.getByText('1 file older there: sent again, and the older version is kept')).toBeVisible({ timeout: 30_000 });
  await dialog.getByText('1 item gone there: sent again').click();
  await expect(dialog.getByText('later.txt')).toBeVisible();
  await expectClean(page);
  await page.screenshot({ path: test.info().outputPath('restored.png') });
  await dialog.getByRole('button', { name: 'Yes, I did: bring it up to date' }).click();
  await expect(dialog.getByText(/^Done: \d changes carried over\.$/)).toBeVisible({ timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByRole('heading', { name: 'Everything is up to date' })).toBeVisible({ timeout: 30_000 });
  expect(fs.readFileSync(path.join(documents, 'telltale name.txt'), 'utf8')).toBe(`${CONTENT}, second edition`);
  expect(fs.readFileSync(path.join(documents, 'later.txt'), 'utf8')).toBe('later');
}

test('C69 a second device joins: a wrong passphrase is refused before anything is written, the recovery words and the passphrase open', async () => {
  test.setTimeout(240_000);
  const [documents, backup] = [place.folder('Documents'), place.folder('Backup')];
  fs.writeFileSync(path.join(documents, 'letter.txt'), CONTENT);
  const words = await addEncrypted(launched, documents, backup);
  await expect(launched.page.getByRole('article', { name: 'Documents' }).getByText('Up to date')).toBeVisible({ timeout: 60_000 });
  await end(launched);

  // The other computer has a keychain of its own.
  const { vault } = (JSON.parse(settingsText(place)) as { pairs: { protection: { vault: string } }[] }).pairs[0]?.protection ?? { vault: '' };
  spawnSync('secret-tool', ['clear', 'service', 'File Sync', 'account', `vault ${vault}`]);
  const second = newPlace();
  try {
    launched = await launch(second);
    const { page } = launched;
    const copy = second.folder('Copy');
    await chooseFolders(launched, copy, backup);
    await expect(page.getByRole('heading', { name: 'Open the encrypted backup' })).toBeVisible();
    await expect(page.getByText('They open with the passphrase or recovery words of this backup.', { exact: false })).toBeVisible();
    const before = filesWith(backup, '').toSorted();
    const field = page.getByLabel('Passphrase, key or recovery words');
    await field.fill('not the passphrase');
    await page.getByRole('button', { name: 'Start syncing' }).click();
    await expect(page.getByRole('alert')).toContainText('Wrong passphrase', { timeout: 30_000 });
    await expectClean(page);
    await field.fill(words.with(4, 'zebrra').join(' '));
    await page.getByRole('button', { name: 'Start syncing' }).click();
    await expect(page.getByRole('alert')).toContainText('word 5 is not one of the list', { timeout: 30_000 });
    expect(filesWith(backup, '').toSorted()).toEqual(before);
    expect(fs.readdirSync(copy)).toEqual([]);
    // Nothing was set there so far, so there may be no file either.
    expect(fs.existsSync(settingsFile(second)) ? (JSON.parse(settingsText(second)).pairs ?? []) : []).toEqual([]);
    await field.fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Start syncing' }).click();
    await expect(page.getByRole('dialog')).toBeHidden({ timeout: 30_000 });
    await until('the letter is here', () => fs.existsSync(path.join(copy, 'letter.txt')), 60_000);
    expect(fs.readFileSync(path.join(copy, 'letter.txt'), 'utf8')).toBe(CONTENT);
    // Stopped and added again, it is opened with what the keychain has kept.
    await openView(page, 'Folders');
    await page.getByRole('button', { name: 'Stop syncing this folder…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop syncing' }).click();
    await expect(page.getByRole('dialog')).toBeHidden({ timeout: 30_000 });
    await chooseFolders(launched, copy, backup);
    await expect(page.getByText('there is nothing to type', { exact: false })).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Start syncing' }).click();
    await expect(page.getByRole('article', { name: 'Copy' }).getByText('Up to date')).toBeVisible({ timeout: 60_000 });
  } finally {
    await end(launched);
    second.remove();
  }
});

test('C74 without a keychain an encrypted folder waits, says so, and opens with what is typed for the session', async () => {
  test.setTimeout(240_000);
  const [documents, backup] = [place.folder('Documents'), place.folder('Backup')];
  fs.writeFileSync(path.join(documents, 'one.txt'), CONTENT);
  await addEncrypted(launched, documents, backup);
  await expect(launched.page.getByRole('article', { name: 'Documents' }).getByText('Up to date')).toBeVisible({ timeout: 60_000 });
  await end(launched);
  const bus = await startPrivateBus();
  try {
    fs.writeFileSync(path.join(documents, 'two.txt'), `${CONTENT}, part two`);
    launched = await launch(place, [], { DBUS_SESSION_BUS_ADDRESS: bus.address });
    const { page } = launched;
    const card = page.getByRole('article', { name: 'Documents has stopped syncing' });
    await expect(card).toContainText("The files are encrypted, and the system's keychain", { timeout: 30_000 });
    await expectClean(page);
    expect(filesWith(backup, CONTENT)).toEqual([]);
    await card.getByRole('button', { name: 'Enter passphrase or key…' }).click();
    await page.getByLabel('Passphrase, key or recovery words').fill('not the passphrase');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Wrong passphrase', { timeout: 30_000 });
    await page.getByLabel('Passphrase, key or recovery words').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('button', { name: 'For this session only' }).click({ timeout: 30_000 });
    await expect(page.getByRole('dialog')).toBeHidden({ timeout: 30_000 });
    const before = filesWith(backup, '').length;
    fs.writeFileSync(path.join(documents, 'three.txt'), 'three');
    await until('the third file is in the backup', () => filesWith(backup, '').length > before, 60_000);
    expect(filesWith(place.home, PASSPHRASE)).toEqual([]);
  } finally {
    bus.stop();
  }
});

test('skipping the words takes an explicit choice, and a place with files of others stays as it is', async () => {
  test.setTimeout(120_000);
  const { app, page } = launched;
  const [documents, backup, taken] = [place.folder('Documents'), place.folder('Backup'), place.folder('Taken')];
  fs.writeFileSync(path.join(taken, 'of others.txt'), 'here first');
  await chooseFolders(launched, documents, taken);
  await expect(page.getByText('There are files at this place already', { exact: false })).toBeVisible();
  await expect(page.getByRole('switch', { name: 'Encrypt' })).toBeHidden();
  await page.getByRole('button', { name: 'Back' }).click();
  await answerDialogs(app, [backup]);
  await page.getByRole('button', { name: 'Backup folder: Change…' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('switch', { name: 'Compress' }).check({ force: true });
  await page.getByRole('switch', { name: 'Encrypt' }).check({ force: true });
  await page.getByText('A key of your own').click();
  await page.getByLabel('Key', { exact: true }).fill('no key at all');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('alert')).toContainText('The key is 13 bytes long');
  await page.getByLabel('Key', { exact: true }).fill('0123456789abcdef'.repeat(4));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'I have them' }).click();
  await expect(page.getByRole('button', { name: 'Start syncing' })).toBeDisabled();
  await page.getByRole('checkbox', { name: 'I accept that nobody can help me' }).check();
  await page.getByRole('button', { name: 'Start syncing' }).click();
  await expect(page.getByRole('dialog')).toBeHidden({ timeout: 30_000 });
  await expect(page.getByText(/^Encrypted, compressed: opens only in File Sync$/)).toBeVisible({ timeout: 30_000 });
});

test('a bucket is encrypted: nothing lies in it in the open, a second device syncs it by the command line, and it is unlocked after a restart without its secret', async () => {
  test.setTimeout(180_000);
  const keys = { accessKeyId: 'AKIAEXAMPLEOFNOACCOUNT', secretAccessKey: 'of-no-account/9' };
  const server = await S3Server.start({ buckets: ['letters'], credentials: [keys] });
  const second = newPlace();
  try {
    const documents = place.folder('Documents');
    fs.writeFileSync(path.join(documents, 'telltale name.txt'), CONTENT);
    await beginBucket(launched.page);
    await signIn(launched.page, server, keys);
    await testPlace(launched.page, 'letters', 'laptop');
    await expect(launched.page.getByText('The connection works')).toBeVisible({ timeout: 30_000 });
    await chooseSource(launched, documents);
    await launched.page.getByRole('button', { name: 'Continue' }).click();
    await launched.page.getByRole('switch', { name: 'Encrypt' }).check({ force: true });
    await launched.page.getByRole('switch', { name: 'Hide names' }).check({ force: true });
    await fillPassphrase(launched.page, PASSPHRASE);
    await launched.page.getByRole('button', { name: 'Continue' }).click();
    const words = await launched.page.getByRole('list', { name: 'The 24 recovery words' }).getByRole('listitem').allTextContents();
    await toConfirm(launched.page, words);
    await launched.page.getByRole('button', { name: 'Start syncing' }).click();
    await expect(launched.page.getByRole('dialog')).toBeHidden({ timeout: 30_000 });
    const card = launched.page.getByRole('article', { name: 'Documents' });
    await expect(card.getByText('Up to date')).toBeVisible({ timeout: 60_000 });
    await expect(card.getByText(/^Encrypted, names hidden: opens only in File Sync$/)).toBeVisible();
    const names = server.bucket('letters').keys();
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => name.includes('telltale'))).toEqual([]);

    // The second device knows the bucket and the passphrase, and nothing else.
    const copy = second.folder('Copy');
    const sync = async (): Promise<void> => {
      const env = {
        ...{ PATH: process.env['PATH'], HOME: second.home, WATCH_DIR: copy, STATE_DIR: second.folder('State'), BACKEND_TYPE: 's3', S3_BUCKET: 'letters', S3_PREFIX: 'laptop' },
        ...{
          S3_ENDPOINT: server.endpoint,
          S3_FORCE_PATH_STYLE: 'true',
          AWS_REGION: server.region,
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        },
        ENCRYPTION_KEY: `passphrase:${PASSPHRASE}`,
      };
      await promisify(execFile)(process.execPath, [path.join(ROOT, 'out/main/cli.js'), 'sync'], { cwd: second.home, env });
    };
    await sync();
    expect(fs.readFileSync(path.join(copy, 'telltale name.txt'), 'utf8')).toBe(CONTENT);
    fs.writeFileSync(path.join(copy, 'answer.txt'), 'an answer');
    await sync();

    const vault = (JSON.parse(settingsText(place)) as { pairs: { protection: { vault: string } }[] }).pairs[0]?.protection.vault ?? '';
    await end(launched);
    spawnSync('secret-tool', ['clear', 'service', 'File Sync', 'account', `vault ${vault}`]);
    launched = await launch(place);
    const { page } = launched;
    const stopped = page.getByRole('article', { name: 'Documents has stopped syncing' });
    await stopped.getByRole('button', { name: 'Enter passphrase or key…' }).click({ timeout: 30_000 });
    await page.getByLabel('Passphrase, key or recovery words').fill(words.join(' '));
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(page.getByRole('dialog')).toBeHidden({ timeout: 30_000 });
    await until('the answer is here', () => fs.existsSync(path.join(documents, 'answer.txt')), 60_000);
    expect(inKeychain(`vault ${vault}`)).not.toBe('');
    expect(filesWith(place.home, PASSPHRASE)).toEqual([]);
  } finally {
    second.remove();
    await end(launched);
    await server.close();
    launched = await launch(place);
  }
});
