import { expect, type Page } from '@playwright/test';
import { answerDialogs, type Launched } from './launch.ts';

/** To the question how the files of a pair of folders are to lie. */
export async function chooseFolders({ app, page }: Launched, source: string, target: string): Promise<void> {
  await answerDialogs(app, [source, target]);
  await page.getByRole('navigation').getByRole('button', { name: 'Folders' }).click();
  await page.getByRole('button', { name: 'Add a folder' }).click();
  await page.getByRole('button', { name: 'In a folder' }).click();
  await page.getByRole('button', { name: 'Folder on this computer: Choose…' }).click();
  await page.getByRole('button', { name: 'Backup folder: Choose…' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

export async function fillPassphrase(page: Page, passphrase: string): Promise<void> {
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('Passphrase, once more').fill(passphrase);
}

/** From the words to the question for some of them, answered. */
export async function toConfirm(page: Page, words: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'I have them' }).click();
  const fields = page.getByRole('textbox', { name: /^Word \d+$/ });
  await expect(fields).toHaveCount(3);
  for (const field of await fields.all()) {
    const label = await field.evaluate((input) => (input as HTMLInputElement).labels?.[0]?.textContent ?? '');
    await field.fill(words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '');
  }
}
