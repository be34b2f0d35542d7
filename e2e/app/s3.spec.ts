import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, type Page, test } from '@playwright/test';
import { S3Server } from '../../src-main/testing/s3-server/s3-server.ts';
import { expectClean } from './support/axe.ts';
import { filesWith } from './support/files-with.ts';
import { addPair, answerDialogs, end, type Launched, launch, newPlace, type Place, startOver, startSyncing, until } from './support/launch.ts';
import { type PrivateBus, startPrivateBus } from './support/private-bus.ts';
import { addBucket, beginBucket, chooseSource, otherClient, signIn, testPlace, typeAccess, typeKeys } from './support/s3.ts';
import { openView, setTheme } from './support/scene.ts';
import { startTrayHost, type TrayHost } from './support/tray-host.ts';

const KEYS = { accessKeyId: 'AKIAEXAMPLEOFNOACCOUNT', secretAccessKey: 'e2e-secret-that-must-stay-hidden/7' };

let server: S3Server;
let place: Place;
let launched: Launched;
let host: TrayHost;

/** Each test has a store and folders of its own. */
let tests = 0;
const folder = (name: string): string => place.folder(`${tests}/${name}`);

test.beforeAll(async () => {
  host = await startTrayHost();
  place = newPlace();
  launched = await launch(place);
});
test.beforeEach(async () => {
  tests++;
  server = await S3Server.start({ buckets: ['photos', 'music'], credentials: [KEYS] });
});
test.afterEach(async () => {
  await startOver(launched.page);
  await server.close();
});
test.afterAll(async () => {
  await end(launched);
  host.stop();
  place.remove();
});

const filesIn = (bucket: string): readonly string[] =>
  server
    .bucket(bucket)
    .keys()
    .filter((key) => !key.includes('.file-sync/'));

/** All that the window has at hand: its page, what is typed in it, and all that the main process tells it. */
async function windowHolds(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const typed = [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value);
    return JSON.stringify([document.documentElement.outerHTML, typed, await window.fileSync.request('app/state', null), { ...localStorage }]);
  });
}

const inKeychain = (account: string): string => spawnSync('secret-tool', ['lookup', 'service', 'File Sync', 'account', account], { encoding: 'utf8' }).stdout;

function settingsOf(): { readonly pairs: readonly { readonly backend: { readonly credentials: { readonly kind: string; readonly account?: string } } }[] } {
  return JSON.parse(fs.readFileSync(path.join(place.home, 'user-data/settings.json'), 'utf8'));
}

test('a folder is synced with a bucket: tried out, set up, files go both ways, and the secret is nowhere', async () => {
  test.setTimeout(180_000);
  const { page } = launched;
  const documents = folder('Documents');
  fs.writeFileSync(path.join(documents, 'from here.txt'), 'here');
  await beginBucket(page);

  // A wrong secret is told as such, and never shown.
  await typeAccess(page, server, { ...KEYS, secretAccessKey: 'not-the-secret' });
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to your storage' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('does not accept the secret key');
  await expect(page.getByLabel('Secret access key')).toHaveValue('');
  await expect(page.getByLabel('Secret access key')).toBeFocused();
  await typeKeys(page, KEYS);
  await page.getByRole('button', { name: 'Continue' }).click();

  // The buckets of the account can be chosen from, and a new one made.
  await page
    .getByRole('textbox', { name: 'Bucket', exact: true })
    .or(page.getByRole('combobox', { name: 'Bucket' }))
    .click();
  await expect(page.getByRole('option')).toHaveText(['music', 'photos']);
  await testPlace(page, 'Not A Bucket');
  await expect(page.getByRole('alert')).toBeVisible();
  await page
    .getByRole('textbox', { name: 'Bucket', exact: true })
    .or(page.getByRole('combobox', { name: 'Bucket' }))
    .fill('my-documents');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Create bucket' }).click();
  await expect(page.getByText('The bucket my-documents was created.')).toBeVisible();

  // A permission that is missing is named, and nothing goes on without it.
  server.denied.add('s3:PutObject');
  await testPlace(page, 'my-documents', 'laptop');
  await expect(page.getByText(/s3:PutObject is not allowed/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('button', { name: 'Continue' })).toBeDisabled();
  server.denied.clear();
  await page.getByRole('button', { name: 'Test again' }).click();
  await expect(page.getByText('The connection works')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/keeps devices from overwriting each other/)).toBeVisible();
  expect(server.bucket('my-documents').keys()).toEqual([]);

  await chooseSource(launched, documents);
  await expect(page.getByText('Nothing is in the bucket there yet', { exact: false })).toBeVisible();
  await startSyncing(page);
  await expect(page.getByRole('dialog')).toBeHidden();
  await until('the file is in the bucket', () => filesIn('my-documents').includes('laptop/from here.txt'), 30_000);
  await expect(page.getByRole('article', { name: 'Documents' }).getByText(`Bucket my-documents, folder laptop at 127.0.0.1:${server.port}`)).toBeVisible();

  await otherClient(server, KEYS).send(new PutObjectCommand({ Bucket: 'my-documents', Key: 'laptop/from there.txt', Body: 'there' }));
  await openView(page, 'Overview');
  await page.getByRole('button', { name: 'Sync now' }).click();
  await until('the file of the other client is here', () => fs.existsSync(path.join(documents, 'from there.txt')), 60_000);
  expect(fs.readFileSync(path.join(documents, 'from there.txt'), 'utf8')).toBe('there');
  await expect(page.getByRole('heading', { name: 'Everything is up to date' })).toBeVisible({ timeout: 30_000 });

  const account = settingsOf().pairs[0]?.backend.credentials.account ?? '';
  expect(inKeychain(account)).toContain(KEYS.secretAccessKey);
  expect(filesWith(place.home, KEYS.secretAccessKey)).toEqual([]);
  expect(filesWith(place.home, 'not-the-secret')).toEqual([]);
  expect(await windowHolds(page)).not.toContain(KEYS.secretAccessKey);

  // After a restart the keychain gives the key again.
  await end(launched);
  launched = await launch(place);
  fs.writeFileSync(path.join(documents, 'later.txt'), 'later');
  await until('the later file is in the bucket', () => filesIn('my-documents').includes('laptop/later.txt'), 60_000);

  await openView(launched.page, 'Folders');
  await launched.page.getByRole('button', { name: 'Stop syncing this folder…' }).click();
  await launched.page.getByRole('button', { name: 'Stop syncing', exact: true }).click();
  await expect(launched.page.getByText('No folder is synced yet.')).toBeVisible();
  await until('the keychain has let go of the key', () => inKeychain(account) === '');
  expect(filesWith(place.home, KEYS.secretAccessKey)).toEqual([]);
});

test('C54 keys that the store no longer takes are replaced in the window, and syncing goes on', async () => {
  test.setTimeout(120_000);
  const { page } = launched;
  const documents = folder('Documents');
  await addBucket(launched, server, KEYS, 'photos', documents);
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByText('Up to date')).toBeVisible({ timeout: 30_000 });
  const before = settingsOf().pairs[0]?.backend.credentials.account ?? '';
  const fresh = { ...KEYS, secretAccessKey: 'the-next-secret-of-this-test' };
  server.credentials.splice(0, 1, fresh);
  fs.writeFileSync(path.join(documents, 'new.txt'), 'new');
  await openView(page, 'Overview');
  const card = page.getByRole('article', { name: 'Documents has stopped syncing' });
  await expect(card).toContainText('does not accept the secret key', { timeout: 30_000 });
  await card.getByRole('button', { name: 'Change sign-in…' }).click();
  await expectClean(page);
  // One that is wrong again is not taken.
  await typeKeys(page, { ...KEYS, secretAccessKey: 'no-secret-of-this-test' });
  await page.getByRole('button', { name: 'Use this sign-in' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('The storage did not take this sign-in');
  await expectClean(page);
  expect(settingsOf().pairs[0]?.backend.credentials.account).toBe(before);
  await typeKeys(page, fresh);
  await page.getByRole('button', { name: 'Use this sign-in' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await until('the new file is in the bucket', () => filesIn('photos').includes('new.txt'), 30_000);
  await expect(card).toBeHidden();
  expect(inKeychain(before)).toBe('');
  expect(inKeychain(settingsOf().pairs[0]?.backend.credentials.account ?? '')).toContain(fresh.secretAccessKey);
});

test('S86 C29 the place of another pair is refused', async () => {
  const { page } = launched;
  await addBucket(launched, server, KEYS, 'photos', folder('Documents'));
  await expect(page.getByRole('dialog')).toBeHidden();
  await beginBucket(page);
  await signIn(page, server, KEYS);
  await testPlace(page, 'photos', 'inside');
  await expect(page.getByText('The connection works')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Continue' }).click();
  await answerDialogs(launched.app, [folder('Other')]);
  await page.getByRole('button', { name: 'Folder on this computer: Choose…' }).click();
  await expect(page.getByRole('alert')).toContainText('overlaps the one of another pair');
  await expect(page.getByRole('button', { name: 'Continue' })).toBeDisabled();
});

test('settings are imported from a .env file, and an AWS profile is found by its name', async () => {
  const { app, page } = launched;
  const file = path.join(folder('Imported'), 'old.env');
  fs.writeFileSync(
    file,
    `S3_BUCKET=photos\nS3_PREFIX=laptop\nS3_ENDPOINT=${server.endpoint}\nAWS_ACCESS_KEY_ID=${KEYS.accessKeyId}\nAWS_SECRET_ACCESS_KEY='${KEYS.secretAccessKey}'\n`,
  );
  fs.mkdirSync(path.join(place.home, '.aws'));
  fs.writeFileSync(path.join(place.home, '.aws/credentials'), `[work]\naws_access_key_id = ${KEYS.accessKeyId}\naws_secret_access_key = ${KEYS.secretAccessKey}\n`);
  await beginBucket(page);
  await answerDialogs(app, [file]);
  await page.getByRole('button', { name: 'Import from a .env file…' }).click();
  await expect(page.getByText(`The key that ends in ${KEYS.accessKeyId.slice(-4)} is at hand.`)).toBeVisible();
  expect(await page.content()).not.toContain(KEYS.secretAccessKey);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('textbox', { name: 'Folder in the bucket' })).toHaveValue('laptop/');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText('The connection works')).toBeVisible({ timeout: 30_000 });

  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByText('AWS profile', { exact: true }).click();
  await page.getByRole('combobox', { name: 'Profile' }).click();
  await page.getByRole('option', { name: 'work' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText('The connection works')).toBeVisible({ timeout: 30_000 });
  // Later tests look for the secret everywhere.
  fs.rmSync(file);
  fs.rmSync(path.join(place.home, '.aws'), { recursive: true });
});

test('the bucket step shows the permissions, stops a test, tells of versions, and adds the rule for unfinished uploads', async () => {
  test.setTimeout(120_000);
  const { app, page } = launched;
  await beginBucket(page);
  await signIn(page, server, KEYS);

  await page.getByText('Permissions this needs').click();
  await expect(page.getByText('Name the bucket first.')).toBeVisible();
  // The store falls silent in the middle of a test: it is stopped by hand.
  server.faults.use(({ operation }) => (operation === 'CreateMultipartUpload' ? { kind: 'hang', when: 'before-effect' } : null));
  await testPlace(page, 'photos', 'laptop');
  const policy = page.getByRole('textbox', { name: 'Policy for the key' });
  await expect(policy).toHaveValue(/arn:aws:s3:::photos\/laptop\/\*/);
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(page.getByText('Copied to the clipboard.')).toBeVisible();
  expect(JSON.parse(await app.evaluate(({ clipboard }) => clipboard.readText()))).toEqual(JSON.parse(await policy.inputValue()));
  await expectClean(page);
  await page.getByRole('button', { name: 'Stop the test' }).click();
  await expect(page.getByText('Stopped.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Test connection' })).toBeFocused();
  await expect(page.getByRole('alert')).toBeHidden();
  server.faults.clear();

  server.bucket('photos').versioning = 'Enabled';
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText('The connection works')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('The bucket keeps old versions', { exact: false })).toBeVisible();
  server.denied.add('s3:PutLifecycleConfiguration');
  const offer = page.getByRole('button', { name: 'Clean up unfinished uploads after 7 days' });
  await offer.click();
  await expect(page.getByText(/s3:PutLifecycleConfiguration.*Syncing works without it/)).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole('button', { name: 'Continue' })).toBeEnabled();
  await expectClean(page);
  server.denied.clear();
  await offer.click();
  await expect(page.getByText('The bucket now gives up unfinished uploads after 7 days.')).toBeVisible({ timeout: 15_000 });
  expect(server.bucket('photos').configurations.get('lifecycle')).toContain('<Prefix>laptop/</Prefix>');
  await page.getByRole('button', { name: 'Test again' }).click();
  await expect(page.getByText('The connection works')).toBeVisible({ timeout: 30_000 });
  await expect(offer).toBeHidden();
});

test('how a month’s costs come about is reached by keyboard and read out', async () => {
  const { app, page } = launched;
  await addPair(launched, folder('Documents'), folder('Backup'));
  await openView(page, 'Folders');
  await expect(page.getByText('Up to date')).toBeVisible({ timeout: 30_000 });
  const cost = { provider: 'Amazon S3', requests: 0.43, egress: 0, storage: 0.23, total: 0.66, note: null, source: 'https://example.org', asOf: '2025-10' };
  const usage = { month: '2026-11', requests: { list: 86_400 }, bytesUp: 0, bytesDown: 0, cost };
  const answer = await page.evaluate(() => window.fileSync.request('app/state', null));
  if (!answer.ok) throw new Error(answer.error.message);
  const state = { ...answer.value, pairs: answer.value.pairs.map((pair) => ({ ...pair, usage })) };
  // A store whose prices are known is none that a test may ask: the main process says it had been.
  await app.evaluate(({ BrowserWindow }, said) => BrowserWindow.getAllWindows()[0]?.webContents.send('file-sync:state', said), state);
  const line = page.locator('summary', { hasText: '86,400 requests this month, about $0.66' });
  const detail = page.getByText('An estimate by the list prices of Amazon S3', { exact: false });
  await expect(line).toBeVisible();
  await expect(detail).toBeHidden();
  await line.focus();
  await page.keyboard.press('Enter');
  await expect(detail).toBeVisible();
  await expectClean(page);
  await page.screenshot({ path: test.info().outputPath('costs.png') });
});

for (const theme of ['Light', 'Dark'] as const) {
  test(`every step is accessible, ${theme.toLowerCase()}`, async () => {
    test.setTimeout(120_000);
    const { page } = launched;
    await setTheme(page, theme);
    await page.getByRole('navigation').getByRole('button', { name: 'Folders' }).click();
    await page.getByRole('button', { name: 'Add a folder' }).click();
    await expectClean(page);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await beginBucket(page);
    await page.getByText('Advanced').click();
    await expectClean(page);
    await signIn(page, server, KEYS);
    server.denied.add('s3:PutObject');
    await testPlace(page, 'photos');
    await expect(page.getByText('This cannot be used yet')).toBeVisible({ timeout: 30_000 });
    await expectClean(page);
    server.denied.clear();
    await page.getByRole('button', { name: 'Test again' }).click();
    await expect(page.getByText('The connection works')).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: /checks? passed/ }).click();
    await expectClean(page);
    await chooseSource(launched, folder('Documents'));
    await expectClean(page);
  });
}

test('a pair with a bucket is set up by keyboard alone', async () => {
  test.setTimeout(120_000);
  const { app, page } = launched;
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** Tab by tab, as a user would. */
  const tabTo = async (name: string): Promise<void> => {
    for (let i = 0; i < 20; i++) {
      await press('Tab');
      const label = await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement | null;
        return element?.labels?.[0]?.textContent ?? element?.getAttribute('aria-label') ?? element?.textContent ?? '';
      });
      if (label.startsWith(name)) return;
    }
    throw new Error(`${name} is not reached`);
  };
  await page.getByRole('navigation').getByRole('button', { name: 'Folders' }).focus();
  await press('Enter');
  await page.getByRole('button', { name: 'Add a folder' }).focus();
  await press('Enter');
  await expect(page.getByRole('dialog', { name: 'Add a folder' })).toBeVisible();
  await tabTo('In an S3 bucket');
  await press('Enter');
  await expect(
    page
      .getByRole('combobox', { name: 'Provider' })
      .or(page.getByRole('textbox', { name: 'Provider' }))
      .first(),
  ).toBeVisible();
  await tabTo('Provider');
  await press('Enter');
  await expect(page.getByRole('option').first()).toBeVisible();
  await press('ArrowUp', 'Enter');
  await expect(page.getByRole('textbox', { name: 'Address' })).toBeVisible();
  await tabTo('Address');
  await page.keyboard.type(server.endpoint);
  await tabTo('Access key ID');
  await page.keyboard.type(KEYS.accessKeyId);
  await tabTo('Secret access key');
  await page.keyboard.type(KEYS.secretAccessKey);
  await press('Enter');
  await expect(page.getByRole('heading', { name: 'Which bucket?' })).toBeFocused();
  await tabTo('Bucket');
  await page.keyboard.type('photos');
  await press('Escape');
  await tabTo('Test connection');
  await press('Enter');
  await expect(page.getByText('The connection works')).toBeVisible({ timeout: 30_000 });
  await tabTo('Continue');
  await press('Enter');
  await answerDialogs(app, [folder('Documents')]);
  await tabTo('Folder on this computer');
  await press('Enter');
  await expect(page.getByText('This folder can be synced with the bucket.')).toBeVisible();
  await tabTo('Continue');
  await press('Enter');
  await expect(page.getByRole('switch', { name: 'Encrypt' })).toBeVisible();
  await tabTo('Start syncing');
  await press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test.describe('without a keychain', () => {
  let bus: PrivateBus;
  const relaunch = async (): Promise<void> => {
    await end(launched);
    launched = await launch(place, [], { DBUS_SESSION_BUS_ADDRESS: bus.address });
  };
  test.beforeEach(async () => {
    bus = await startPrivateBus();
    await relaunch();
  });
  test.afterEach(async () => {
    await end(launched);
    bus.stop();
    launched = await launch(place);
  });

  test('C74 the window says so and offers this session only; the next start asks for the key again', async () => {
    test.setTimeout(120_000);
    const documents = folder('Documents');
    fs.writeFileSync(path.join(documents, 'one.txt'), 'one');
    await addBucket(launched, server, KEYS, 'photos', documents);
    await expect(launched.page.getByRole('alert')).toContainText('The keychain cannot take the key');
    await expectClean(launched.page);
    expect(settingsOf().pairs ?? []).toEqual([]);
    await launched.page.getByRole('button', { name: 'For this session only' }).click();
    await expect(launched.page.getByRole('dialog')).toBeHidden();
    await until('the file is in the bucket', () => filesIn('photos').includes('one.txt'), 30_000);
    expect(filesWith(place.home, KEYS.secretAccessKey)).toEqual([]);

    await relaunch();
    fs.writeFileSync(path.join(documents, 'two.txt'), 'two');
    const card = launched.page.getByRole('article', { name: 'Documents has stopped syncing' });
    await expect(card).toContainText('kept for one session only');
    await card.getByRole('button', { name: 'Change sign-in…' }).click();
    await typeKeys(launched.page, KEYS);
    await launched.page.getByRole('button', { name: 'Use this sign-in' }).click();
    await launched.page.getByRole('button', { name: 'For this session only' }).click();
    await expect(launched.page.getByRole('dialog')).toBeHidden();
    await until('the second file is in the bucket', () => filesIn('photos').includes('two.txt'), 30_000);
    expect(filesWith(place.home, KEYS.secretAccessKey)).toEqual([]);
  });
});
