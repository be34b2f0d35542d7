import { S3Client } from '@aws-sdk/client-s3';
import { expect, type Page } from '@playwright/test';
import type { S3Server } from '../../../src-main/testing/s3-server/s3-server.ts';
import { answerDialogs, type Launched, startSyncing } from './launch.ts';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Another program that uses the same bucket. */
export function otherClient(server: S3Server, credentials: Keys): S3Client {
  return new S3Client({ endpoint: server.endpoint, region: server.region, forcePathStyle: true, credentials });
}

/** To the first step of a pair with a bucket. */
export async function beginBucket(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Folders' }).click();
  await page.getByRole('button', { name: 'Add a folder' }).click();
  await page.getByRole('button', { name: 'In an S3 bucket' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to your storage' })).toBeFocused();
}

export async function chooseProvider(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Provider' }).click();
  await page.getByRole('option', { name, exact: true }).click();
}

export async function typeKeys(page: Page, { accessKeyId, secretAccessKey }: Keys): Promise<void> {
  await page.getByRole('textbox', { name: 'Access key ID' }).fill(accessKeyId);
  await page.getByLabel('Secret access key').fill(secretAccessKey);
}

/** Fills in the first step for a store of one's own. */
export async function typeAccess(page: Page, server: S3Server, keys: Keys): Promise<void> {
  await chooseProvider(page, 'Other (S3-compatible)');
  await page.getByRole('textbox', { name: 'Address (endpoint)' }).fill(server.endpoint);
  await typeKeys(page, keys);
}

/** Signs in to a store of one's own. Ends at the step for the bucket. */
export async function signIn(page: Page, server: S3Server, keys: Keys): Promise<void> {
  await typeAccess(page, server, keys);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'Which bucket?' })).toBeFocused();
}

export async function testPlace(page: Page, bucket: string, folder = ''): Promise<void> {
  await page
    .getByRole('combobox', { name: 'Bucket' })
    .or(page.getByRole('textbox', { name: 'Bucket', exact: true }))
    .fill(bucket);
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'Folder in the bucket' }).fill(folder);
  await page.getByRole('button', { name: /^Test/ }).click();
}

/** From a store that was tried out to the last step, with the folder chosen. */
export async function chooseSource({ app, page }: Launched, source: string): Promise<void> {
  await page.getByRole('button', { name: 'Continue' }).click();
  await answerDialogs(app, [source]);
  await page.getByRole('button', { name: 'Folder on this computer: Choose…' }).click();
  await expect(page.getByText('This folder can be synced with the bucket.')).toBeVisible();
}

export async function addBucket(launched: Launched, server: S3Server, keys: Keys, bucket: string, source: string): Promise<void> {
  const { page } = launched;
  await beginBucket(page);
  await signIn(page, server, keys);
  await testPlace(page, bucket);
  await expect(page.getByText('The connection works')).toBeVisible({ timeout: 30_000 });
  await chooseSource(launched, source);
  await startSyncing(page);
}
