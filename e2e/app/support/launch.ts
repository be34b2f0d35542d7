import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

export const ROOT = path.resolve(import.meta.dirname, '../../..');
export const ELECTRON = path.join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? path.join(ROOT, 'node_modules/electron/dist'), 'electron');

/** A place of its own for one app: its settings and state, and the folders it syncs. */
export interface Place {
  readonly home: string;
  folder(name: string): string;
  remove(): void;
}

export function newPlace(): Place {
  const home = fs.mkdtempSync(path.join(os.homedir(), 'place-'));
  return {
    home,
    folder(name) {
      const made = path.join(home, name);
      fs.mkdirSync(made, { recursive: true });
      return made;
    },
    remove: () => fs.rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 }),
  };
}

export function environment({ home }: Place, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const given = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(given), HOME: home, XDG_CONFIG_HOME: path.join(home, '.config'), XDG_STATE_HOME: path.join(home, '.state'), ...extra };
}

export interface Launched {
  readonly app: ElectronApplication;
  /** Playwright forgets it once the app is gone. */
  readonly child: ChildProcess;
  readonly page: Page;
}

/** Starts the built app with Chromium's sandbox on. */
export async function launch(place: Place, args: readonly string[] = [], extra: Readonly<Record<string, string>> = {}): Promise<Launched> {
  const app = await _electron.launch({
    executablePath: ELECTRON,
    args: [ROOT, `--user-data-dir=${path.join(place.home, 'user-data')}`, ...args],
    chromiumSandbox: true,
    colorScheme: null,
    env: environment(place, extra),
  });
  return { app, child: app.process(), page: args.includes('--hidden') ? (undefined as never) : await app.firstWindow() };
}

/** Quits the app, by force where asking does not reach it, and waits until it is gone. */
export async function end({ app, child }: Launched): Promise<void> {
  const gone = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const asked = app.close().catch(() => undefined);
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
  await asked;
}

/** Waits for a condition outside the page. */
export async function until<T>(what: string, look: () => Promise<T | false | null | undefined> | T | false | null | undefined, ms = 15_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== false && found !== null && found !== undefined) return found;
    if (Date.now() > end) throw new Error(`timed out waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** For questions to the main process that may be asked twice: V8 lets go of the promise of an answer when it collects garbage at that moment. */
export async function askTwice<T>(ask: () => Promise<T>): Promise<T> {
  return ask().catch((error: unknown) => {
    if (!String(error).includes('garbage collected')) throw error;
    return ask();
  });
}

/** The next folders the system's dialog answers with. The window only ever gets tokens for them. */
export async function answerDialogs(app: ElectronApplication, folders: readonly string[]): Promise<void> {
  await askTwice(() =>
    app.evaluate(({ dialog }, queue) => {
      const rest = [...queue];
      dialog.showOpenDialog = async () => {
        const next = rest.shift();
        return next === undefined ? { canceled: true, filePaths: [] } : { canceled: false, filePaths: [next] };
      };
    }, folders),
  );
}

/** Adds a folder pair the way a user does. */
export async function addPair({ app, page }: Launched, source: string, target: string, policy?: string): Promise<void> {
  await answerDialogs(app, [source, target]);
  await page.getByRole('navigation').getByRole('button', { name: 'Folders' }).click();
  await page.getByRole('button', { name: 'Add a folder' }).click();
  await page.getByRole('button', { name: 'In a folder' }).click();
  await page.getByRole('button', { name: 'Folder on this computer: Choose…' }).click();
  await page.getByRole('button', { name: 'Backup folder: Choose…' }).click();
  if (policy !== undefined) {
    await page.getByRole('combobox', { name: 'When a file changed in both places' }).click();
    await page.getByRole('option', { name: policy }).click();
  }
  await startSyncing(page);
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** From both ends of a pair, past the question how its files are to lie there, to the last button. */
export async function startSyncing(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Start syncing' }).click();
}

/** As after a first start, for the next test of the same app: no folder, no dialog, the first view. Files stay. */
export async function startOver(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const answer = await window.fileSync.request('app/state', null);
    if (!answer.ok) throw new Error(answer.error.message);
    for (const { id } of answer.value.pairs) await window.fileSync.request('pair/remove', { pair: id });
    localStorage.clear();
  });
  await page.reload();
  await page.getByRole('heading', { name: 'No folder is synced yet' }).waitFor();
}
