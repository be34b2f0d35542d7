import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type FakePower, startPower } from './support/fake-power.ts';
import { addPair, ELECTRON, end, environment, type Launched, launch, newPlace, type Place, ROOT, until } from './support/launch.ts';
import { type NotificationDaemon, startNotificationDaemon } from './support/notification-daemon.ts';
import { noteOpened } from './support/opened.ts';
import { openView } from './support/scene.ts';
import { startTrayHost, type TrayHost } from './support/tray-host.ts';

/** One app and one place for all of these: each begins where the one before it left. */
let place: Place;
let host: TrayHost;
let power: FakePower;
let daemon: NotificationDaemon;
let launched: Launched;
let documents: string;
let backup: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  place = newPlace();
  host = await startTrayHost();
  power = await startPower();
  daemon = await startNotificationDaemon();
  launched = await launch(place, [], { DBUS_SYSTEM_BUS_ADDRESS: power.address });
  [documents, backup] = [place.folder('Documents'), place.folder('Backup')];
  await addPair(launched, documents, backup, 'Ask me');
});
test.afterAll(async () => {
  await end(launched);
  for (const service of [host, power, daemon]) service.stop();
  place.remove();
});

async function pause(page: Page): Promise<void> {
  await openView(page, 'Overview');
  await page.getByRole('button', { name: 'Pause syncing' }).click();
  await page.getByRole('menuitem', { name: 'Until I resume' }).click();
  await expect(page.getByRole('button', { name: 'Resume syncing' })).toBeVisible();
}

test('on battery nothing is synced where that is wanted, and the plug lets it go on', async () => {
  const { page } = launched;
  await openView(page, 'Settings');
  await page.getByRole('switch', { name: 'Pause while on battery' }).click({ force: true });
  power.battery(true);
  await openView(page, 'Overview');
  await expect(page.getByText('Paused while on battery').first()).toBeVisible();
  fs.writeFileSync(path.join(documents, 'later.txt'), 'x');
  await page.waitForTimeout(1_500);
  expect(fs.existsSync(path.join(backup, 'later.txt'))).toBe(false);
  power.battery(false);
  await until('the file has followed', () => fs.existsSync(path.join(backup, 'later.txt')));
});

test('a mistake in the main process is logged and shown, and syncing goes on', async () => {
  const { app, page } = launched;
  await app.evaluate(() => {
    setTimeout(() => {
      throw new Error('a planted mistake with AKIAIOSFODNN7EXAMPLE in it');
    }, 0);
    void Promise.reject(new Error('nobody waits for this'));
  });
  const card = page.getByRole('article', { name: 'Something went wrong inside File Sync' });
  await expect(card).toBeVisible();
  fs.writeFileSync(path.join(documents, 'after the mistake.txt'), 'x');
  await until('syncing goes on', () => fs.existsSync(path.join(backup, 'after the mistake.txt')));
  const log = path.join(place.home, '.state/file-sync/logs/app.log');
  await until('both are in the log', () => fs.existsSync(log) && /a planted mistake/.test(fs.readFileSync(log, 'utf8')) && /nobody waits/.test(fs.readFileSync(log, 'utf8')));
  expect(fs.readFileSync(log, 'utf8')).not.toContain('AKIAIOSFODNN7EXAMPLE');
  await card.getByRole('button', { name: 'Got it' }).click();
  await expect(card).toBeHidden();
});

test('a mistake in the work of one folder stops that one, which says so and is tried again; the others go on', async () => {
  const { app, page } = launched;
  const [other, otherBackup] = [place.folder('Other'), place.folder('Other backup')];
  await addPair(launched, other, otherBackup);
  await app.evaluate(plantMistakes);
  await openView(page, 'Overview');
  await page.getByRole('article', { name: 'The sync engine was started again' }).getByRole('button', { name: 'Got it' }).click();
  const card = page.getByRole('article', { name: 'Other has stopped syncing' });
  for (const how of ['throws', 'rejects']) {
    const name = `${how}.txt`;
    await expect(page.getByRole('heading', { name: 'Everything is up to date' })).toBeVisible();
    fs.writeFileSync(path.join(other, name), 'x');
    await expect(card).toContainText(`a planted mistake that ${how}`);
    fs.writeFileSync(path.join(documents, `beside what ${name}`), 'x');
    await until('the other folder goes on', () => fs.existsSync(path.join(backup, `beside what ${name}`)));
    await card.getByRole('button', { name: 'Try again' }).click();
    await expect(card).toBeHidden();
    await until('it goes on as well', () => fs.existsSync(path.join(otherBackup, name)));
  }
  const { pairs } = JSON.parse(fs.readFileSync(path.join(place.home, 'user-data/settings.json'), 'utf8')) as { pairs: { id: string; name: string }[] };
  const id = pairs.find((pair) => pair.name === 'Other')?.id ?? '';
  const log = fs.readFileSync(path.join(place.home, '.state/file-sync/logs/app.log'), 'utf8').split('\n');
  expect(log.filter((line) => line.includes(`"folder":"${id}"`) && line.includes('a planted mistake')).length).toBeGreaterThanOrEqual(2);
  await page.getByRole('article', { name: 'Something went wrong inside File Sync' }).getByRole('button', { name: 'Got it' }).click();
  await page.evaluate((pair) => window.fileSync.request('pair/remove', { pair }), id);
});

/** Runs in the main process: ends the engine thread, and has the one that takes its place make a mistake when it hears of certain files. */
async function plantMistakes({ BrowserWindow }: typeof import('electron')): Promise<void> {
  const threads = process.getBuiltinModule('node:worker_threads');
  const { syncBuiltinESMExports } = process.getBuiltinModule('node:module');
  const Real = threads.Worker;
  threads.Worker = class extends Real {
    constructor(url: URL, options: object) {
      const planted = (text: string): string => `new Error('a planted mistake that ${text}')`;
      super(
        `const fs = require('node:fs'); const { watch } = fs;
        fs.watch = (folder, options, hear) => watch(folder, options, (kind, name) => {
          const here = String(folder).endsWith('/Other');
          if (here && name === 'throws.txt') throw ${planted('throws')};
          if (here && name === 'rejects.txt') void Promise.reject(${planted('rejects')});
          hear(kind, name);
        });
        require('node:module').syncBuiltinESMExports();
        import(${JSON.stringify(String(url))});`,
        { ...options, eval: true },
      );
    }
  };
  syncBuiltinESMExports();
  const { postMessage } = Real.prototype;
  const dead = new Promise<void>((resolve) => {
    Real.prototype.postMessage = function (this: InstanceType<typeof Real>, ...args: Parameters<typeof postMessage>) {
      Real.prototype.postMessage = postMessage;
      void this.terminate().then(() => resolve());
      return postMessage.apply(this, args);
    };
  });
  await BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript("fileSync.request('sync/now', { pair: null })");
  await dead;
}

test('a page that dies is loaded again, where it was', async () => {
  const { app, page } = launched;
  await openView(page, 'Activity');
  await page.getByRole('textbox', { name: 'Search by name or folder' }).fill('mistake');
  await expect(page.getByText('after the mistake.txt')).toBeVisible();
  // The page is another process from then on; Playwright's handle ends with the old one.
  const seen = await app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined) return 'no window';
    const back = new Promise<void>((resolve) => contents.once('did-finish-load', () => resolve()));
    contents.forcefullyCrashRenderer();
    await back;
    for (let i = 0; i < 100; i++) {
      const text: string = await contents.executeJavaScript("document.querySelector('h1')?.textContent + '|' + document.querySelector('main input')?.value");
      if (text.startsWith('Activity')) return text;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return 'another view';
  });
  expect(seen).toBe('Activity|mistake');
  await end(launched);
  launched = await launch(place, [], { DBUS_SYSTEM_BUS_ADDRESS: power.address });
});

test('a link shows its folder and does nothing else; any other link only shows the window', async () => {
  const { page } = launched;
  const settings = JSON.parse(fs.readFileSync(path.join(place.home, 'user-data/settings.json'), 'utf8')) as { pairs: { id: string }[] };
  const follow = (link: string): Promise<number | null> => {
    const child = spawn(ELECTRON, [ROOT, `--user-data-dir=${path.join(place.home, 'user-data')}`, link], { env: environment(place), stdio: 'ignore' });
    return new Promise((resolve) => child.once('exit', resolve));
  };
  expect(await follow('file-sync://folder/ffffffffffffffff')).toBe(0);
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 }).or(page.getByRole('heading', { level: 1 }))).toBeVisible();
  expect(await follow(`file-sync://folder/${settings.pairs[0]?.id}`)).toBe(0);
  await expect(page.getByRole('article', { name: 'Documents' })).toBeFocused();
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('C31 pictures are compared side by side, both can be opened, and what is replaced is named', async () => {
  const { app, page } = launched;
  const picture = (color: string): Buffer => Buffer.from(color === 'red' ? RED : BLUE, 'base64');
  for (const name of ['photo.png', 'a.log', 'b.log', 'c.log']) fs.writeFileSync(path.join(documents, name), 'first');
  await until('all are on both sides', () => ['photo.png', 'a.log', 'b.log', 'c.log'].every((name) => fs.existsSync(path.join(backup, name))));
  await pause(page);
  fs.writeFileSync(path.join(documents, 'photo.png'), picture('red'));
  fs.writeFileSync(path.join(backup, 'photo.png'), picture('blue'));
  for (const name of ['a.log', 'b.log', 'c.log']) {
    fs.writeFileSync(path.join(documents, name), 'from here');
    fs.writeFileSync(path.join(backup, name), 'from there');
  }
  await page.getByRole('button', { name: 'Resume syncing' }).click();
  await openView(page, 'Conflicts');
  await page.getByRole('article', { name: 'Two versions of photo.png' }).getByRole('button', { name: 'Decide…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Two versions of photo.png' });
  for (const name of ['Picture on this computer', 'Picture in the backup']) {
    await expect.poll(() => dialog.getByRole('img', { name }).evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(2);
  }
  const opened = await noteOpened(app);
  await dialog.getByRole('button', { name: 'Open both' }).click();
  await expect.poll(() => opened.evaluate((paths) => paths.length)).toBe(2);
  const [here = '', there = ''] = await opened.evaluate((paths) => paths);
  expect([fs.readFileSync(here).equals(picture('red')), fs.readFileSync(there).equals(picture('blue')), path.basename(there)]).toEqual([true, true, 'photo (Backup).png']);
  expect(fs.statSync(there).mode & 0o077).toBe(0);
  await dialog.getByRole('radio', { name: 'Keep the backup’s version' }).click();
  await expect(dialog.getByText(/^Replaces this computer’s version \(.*trash/)).toBeVisible();
  // Survives a restart: the dialog is gone, the conflicts are not.
  await end(launched);
  launched = await launch(place, [], { DBUS_SYSTEM_BUS_ADDRESS: power.address });
  await openView(launched.page, 'Conflicts');
  await expect(launched.page.getByRole('article', { name: /^Two versions of/ })).toHaveCount(4);
});

test('C31 one choice is made for all, or for always, and no content is lost', async () => {
  const { page } = launched;
  await openView(page, 'Conflicts');
  await page.getByRole('article', { name: 'Two versions of a.log' }).getByRole('button', { name: 'Decide…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Two versions of a.log' });
  await dialog.getByRole('radio', { name: 'Keep this computer’s version' }).click();
  await dialog.getByRole('checkbox', { name: 'Always do this for *.log' }).check();
  await dialog.getByRole('button', { name: 'Keep this computer’s version' }).click();
  await expect(dialog.getByRole('status').filter({ hasText: 'Done.' })).toBeVisible({ timeout: 20_000 });
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await until(
    'the rule settles the others of its kind',
    () => ['a.log', 'b.log', 'c.log'].every((name) => fs.readFileSync(path.join(backup, name), 'utf8') === 'from here'),
    30_000,
  );
  const kept = fs.readdirSync(path.join(backup, '.file-sync'), { recursive: true, encoding: 'utf8' }).filter((name) => /[abc]\.log/.test(name));
  expect(kept.length).toBeGreaterThanOrEqual(3);
  await pause(page);
  for (const name of ['one.txt', 'two.txt']) {
    fs.writeFileSync(path.join(documents, name), 'mine');
    fs.writeFileSync(path.join(backup, name), 'theirs');
  }
  await page.getByRole('button', { name: 'Resume syncing' }).click();
  await openView(page, 'Conflicts');
  await page.getByRole('button', { name: 'Decide all 3…' }).click();
  const all = page.getByRole('dialog', { name: 'Decide 3 conflicts at once' });
  await all.getByRole('radio', { name: 'Keep both' }).click();
  await all.getByRole('button', { name: 'Keep both for all 3' }).click();
  await expect(page.getByText('No file has two versions.')).toBeVisible({ timeout: 30_000 });
  await until('both contents of both files are on both sides', () =>
    [documents, backup].every((side) => fs.readdirSync(side).filter((name) => /^(one|two)/.test(name)).length === 4),
  );
});

test('rules are previewed in the real folder, a schedule says its next runs, and the diagnostics hold no secret', async () => {
  const { app, page } = launched;
  await openView(page, 'Folders');
  await page.getByRole('button', { name: 'Folder settings…' }).click();
  for (const name of ['one.iso', 'two.iso', 'three.iso']) fs.writeFileSync(path.join(documents, name), 'x');
  await page.getByLabel('Leave out', { exact: true }).fill('*.iso');
  await expect(page.getByRole('region', { name: 'What these rules match now' })).toContainText('Left out: 3 of ');
  await page.getByRole('combobox', { name: 'When to sync' }).selectOption('cron');
  await page.getByLabel('Cron expression', { exact: true }).fill('every day');
  await expect(page.getByRole('alert')).toContainText('This is no schedule');
  await page.getByRole('combobox', { name: 'When to sync' }).selectOption('daily');
  await page.getByLabel('At', { exact: true }).fill('03:15');
  await expect(page.getByRole('region', { name: 'The next syncs' }).getByRole('listitem')).toHaveCount(5);
  await expect(page.getByRole('region', { name: 'The next syncs' })).toContainText('3:15');
  await page.getByText('As a command').click();
  await expect(page.getByRole('region', { name: 'The command' })).toHaveText('file-sync --profile Documents watch');
  // What was changed is not lost to a key.
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Go on here' }).click();
  await expect(page.getByLabel('Leave out', { exact: true })).toHaveValue('*.iso');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Close and drop it' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await openView(page, 'Settings');
  await page.getByRole('button', { name: 'See what is in it…' }).click();
  const shown = page.getByRole('textbox', { name: 'What the file will hold' });
  await expect(shown).toHaveValue(/== Folder 1[\s\S]*conflicts: 0/);
  await expect(shown).not.toHaveValue(/Documents|photo\.png/);
  const file = path.join(place.home, 'diagnostics.txt');
  await app.evaluate(({ dialog }, target) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: target });
  }, file);
  await page.getByRole('button', { name: 'Save as a file…' }).click();
  await until('it is written', () => fs.existsSync(file));
  expect(fs.readFileSync(file, 'utf8')).toContain('== Log app.log');
  expect(fs.statSync(file).mode & 0o077).toBe(0);
  await page.keyboard.press('Escape');
});

test('C60 C72 a command goes to the app that owns the folder: done there, with settings that count at once and are seen', async () => {
  const { page } = launched;
  // The command line looks for the app's settings in their usual place; these tests keep them elsewhere.
  const usual = path.join(place.home, '.config/File Sync');
  fs.rmSync(usual, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(usual), { recursive: true });
  fs.symlinkSync(path.join(place.home, 'user-data'), usual);
  const command = (...args: readonly string[]): Promise<Record<string, unknown>> =>
    new Promise((resolve) => {
      const line = [path.join(ROOT, 'out/main/cli.js'), '--profile', 'Documents', '--json', ...args];
      execFile(process.execPath, line, { env: environment(place) }, (_error, out, err) => resolve(out === '' ? { err } : (JSON.parse(out) as Record<string, unknown>)));
    });
  await openView(page, 'Folders');
  const card = page.getByRole('article', { name: 'Documents' });
  expect(await command('config', 'set', 'SYNC_SCHEDULE', '0 0 1 1 *')).toMatchObject({ exitCode: 0, changed: true });
  await expect(card.getByText(/^Next sync/)).toBeVisible();
  // Nothing is synced by itself from here on.
  fs.writeFileSync(path.join(documents, 'by command.txt'), 'x');
  await expect(card.getByText(/^1 change waits until Friday, /)).toBeVisible({ timeout: 20_000 });
  await until('the tray says it', async () => (await (await host.item()).tooltip()).startsWith('File Sync: 1 change waits until Friday, '));
  expect(await command('sync', '--path', 'by command.txt')).toMatchObject({ exitCode: 0, counts: { uploaded: 1 } });
  expect(fs.existsSync(path.join(backup, 'by command.txt'))).toBe(true);
  await expect(card.getByText('Up to date')).toBeVisible({ timeout: 20_000 });
  expect(await command('status')).toMatchObject({ exitCode: 0, holder: { kind: 'app' }, schedule: { cron: '0 0 1 1 *' } });
  expect(await command('undo')).toMatchObject({ exitCode: 0, done: 1, planned: [{ kind: 'remove', path: 'by command.txt' }] });
  expect(fs.existsSync(path.join(backup, 'by command.txt'))).toBe(false);
  await openView(page, 'Activity');
  await page.getByRole('textbox', { name: 'Search by name or folder' }).fill('by command');
  await expect(page.getByRole('main').getByText('by command.txt')).toHaveCount(2);
  expect(await command('config', 'unset', 'SYNC_SCHEDULE')).toMatchObject({ exitCode: 0, changed: true });
  await openView(page, 'Folders');
  await expect(card.getByText(/^Next sync/)).toBeHidden();
});

test('another language reaches window and tray at once, and stays', async () => {
  const { page } = launched;
  await openView(page, 'Settings');
  await page.getByText('Deutsch', { exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Einstellungen', level: 1 })).toBeVisible();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  const item = await host.item();
  await until('the tray says it', async () => (await item.tooltip()).includes('Auf dem neuesten Stand'));
  for (const view of ['Übersicht', 'Ordner', 'Konflikte', 'Verlauf', 'Aktivität', 'Einstellungen']) {
    await openView(page, view);
    await expect(
      page
        .getByRole('button', { name: view, exact: true })
        .or(page.getByRole('button', { name: new RegExp(`^${view}`) }))
        .first(),
    ).toHaveAttribute('aria-current', 'page');
  }
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Einstellungen', level: 1 })).toBeVisible();
  await page.getByText('English', { exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
});

test('a notification’s button does what it says', async () => {
  const { page } = launched;
  fs.renameSync(documents, `${documents} away`);
  await openView(page, 'Overview');
  await page.getByRole('button', { name: 'Sync now' }).click();
  const told = (): number => daemon.shown.findIndex(({ title }) => title === 'Documents has stopped syncing');
  await until('it is told', () => told() >= 0, 25_000);
  expect(daemon.shown[told()]?.buttons).toEqual(['Try again']);
  fs.renameSync(`${documents} away`, documents);
  daemon.press(daemon.shown[told()]?.id ?? 0, 'button');
  await expect(page.getByRole('heading', { name: 'Everything is up to date' })).toBeVisible({ timeout: 20_000 });
});

/** The last one: from here on the main process refuses every pause. */
test('a pause that is refused is said so, of all folders and of one', async () => {
  const { app, page } = launched;
  await app.evaluate(({ ipcMain }) => {
    ipcMain.removeHandler('file-sync:sync/pause');
    ipcMain.handle('file-sync:sync/pause', () => ({ ok: false, error: { code: 'busy', message: 'the engine is being started again', hint: null } }));
  });
  await openView(page, 'Overview');
  await page.getByRole('button', { name: 'Pause syncing' }).click();
  await page.getByRole('menuitem', { name: 'For 1 hour' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('The engine is being started again.');
  await openView(page, 'Folders');
  await expect(page.getByRole('alert')).toHaveCount(0);
  const card = page.getByRole('article', { name: 'Documents', exact: true });
  await card.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('menuitem', { name: 'For 1 hour' }).click();
  await expect(card.getByRole('alert')).toContainText('The engine is being started again.');
});

/** Two pixels each. */
const RED = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGO4IycHRAAJKwIxrJsylAAAAABJRU5ErkJggg==';
const BLUE = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGOQs7kDRAAHBQJtRBCwWAAAAABJRU5ErkJggg==';
