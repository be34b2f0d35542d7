import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { countParts, openAndClose } from './support/app-counts.ts';
import { type FakeLogind, startLogind } from './support/fake-logind.ts';
import { addPair, answerDialogs, askTwice, ELECTRON, end, environment, type Launched, launch, newPlace, type Place, ROOT, startSyncing, until } from './support/launch.ts';
import { type NotificationDaemon, startNotificationDaemon } from './support/notification-daemon.ts';
import { startTrayHost, type TrayHost } from './support/tray-host.ts';

let place: Place;
let host: TrayHost | null = null;
let logind: FakeLogind | null = null;
let daemon: NotificationDaemon | null = null;
let launched: Launched | null = null;

test.beforeEach(() => {
  place = newPlace();
});
test.afterEach(async () => {
  if (launched !== null) await end(launched);
  launched = null;
  for (const service of [host, logind, daemon]) service?.stop();
  host = null;
  logind = null;
  daemon = null;
  place.remove();
});

async function start(args: readonly string[] = [], extra: Readonly<Record<string, string>> = {}): Promise<Launched> {
  launched = await launch(place, args, extra);
  return launched;
}
const isVisible = ({ app }: Launched): Promise<boolean> =>
  askTwice(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible() && !window.isMinimized())));
const isMinimised = ({ app }: Launched): Promise<boolean> =>
  askTwice(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isMinimized())));

/** Closes the window the way the window manager does. */
function closeByWindowManager(): void {
  const [id] = execFileSync('xdotool', ['search', '--onlyvisible', '--name', '^File Sync$'], { encoding: 'utf8' }).trim().split('\n');
  execFileSync('xdotool', ['windowactivate', '--sync', id ?? '']);
  execFileSync('xdotool', ['key', '--clearmodifiers', 'alt+F4']);
}

/** A second start of the app by the user. */
function startAgain(args: readonly string[] = []): Promise<number | null> {
  const child = spawn(ELECTRON, [ROOT, `--user-data-dir=${path.join(place.home, 'user-data')}`, ...args], { env: environment(place), stdio: 'ignore' });
  return new Promise((resolve) => child.once('exit', resolve));
}

test('closing the window keeps syncing; the tray brings it back', async () => {
  host = await startTrayHost();
  const app = await start();
  const [documents, backup] = [place.folder('Documents'), place.folder('Backup')];
  await addPair(app, documents, backup);
  closeByWindowManager();
  await until('the window is gone', async () => !(await isVisible(app)));
  fs.writeFileSync(path.join(documents, 'in the tray.txt'), 'x');
  await until('syncing goes on', () => fs.existsSync(path.join(backup, 'in the tray.txt')));
  const tray = await host.item();
  await tray.activate();
  await until('the window is back', () => isVisible(app));
  const before = await countParts(app.app);
  await openAndClose(app, tray, 20);
  expect(await countParts(app.app)).toEqual(before);
});

test('a hidden page goes after a while, unless something is being filled in; the tray brings back a new one at the same place', async () => {
  host = await startTrayHost();
  const app = await start();
  const tray = await host.item();
  const windows = (): Promise<number> => askTwice(() => app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length));
  const close = (): Promise<void> => app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const folders = app.page.getByRole('navigation').getByRole('button', { name: 'Folders' });
  await folders.click();
  await app.page.getByRole('button', { name: 'Add a folder' }).click();
  await app.page.getByRole('button', { name: 'In a folder' }).click();
  closeByWindowManager();
  await until('the window is hidden', async () => !(await isVisible(app)));
  // As happens by itself once it was hidden for long enough.
  await close();
  await tray.activate();
  await until('the window is back', () => isVisible(app));
  expect(await windows()).toBe(1);
  await expect(app.page.getByRole('dialog')).toBeVisible();
  await app.page.keyboard.press('Escape');
  await app.page.getByRole('dialog').waitFor({ state: 'hidden' });
  closeByWindowManager();
  await until('the window is hidden', async () => !(await isVisible(app)));
  await close();
  await until('its page is gone', async () => (await windows()) === 0);
  const page = app.app.waitForEvent('window');
  await tray.activate();
  await until('a window is there', () => isVisible(app));
  await expect((await page).getByRole('heading', { name: 'Folders', level: 1 })).toBeVisible();
  expect(await windows()).toBe(1);
  closeByWindowManager();
  await until('the window is hidden', async () => !(await isVisible(app)));
  // Asked for in the very moment its page goes.
  const next = app.app.waitForEvent('window');
  await app.app.evaluate(({ app: self, BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.close();
    self.emit('activate');
  });
  const fresh = await next;
  await until('a window is there', () => isVisible(app));
  await expect(fresh.getByRole('heading', { name: 'Folders', level: 1 })).toBeVisible();
  expect(await windows()).toBe(1);
  // Quitting does not wait for what is being filled in.
  await fresh.getByRole('button', { name: 'Add a folder' }).click();
  await fresh.getByRole('dialog').waitFor();
  closeByWindowManager();
  await until('the window is hidden', async () => !(await isVisible(app)));
  app.child.kill('SIGTERM');
  await until('the app is gone', () => app.child.exitCode !== null);
});

test('a second start shows the window of the first and ends; a hidden one does not', async () => {
  host = await startTrayHost();
  const app = await start(['--hidden']);
  await host.item();
  expect(await isVisible(app)).toBe(false);
  expect(await startAgain(['--hidden'])).toBe(0);
  expect(await isVisible(app)).toBe(false);
  expect(await startAgain()).toBe(0);
  await until('the window is shown', () => isVisible(app));
});

test('the tray menu opens the settings', async () => {
  host = await startTrayHost();
  const app = await start(['--hidden']);
  await (await host.item()).clickMenu('Settings…');
  const page = await app.app.firstWindow();
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
});

test('without a tray host the app says so, and closing minimises', async () => {
  const app = await start();
  await expect(app.page.getByText('This desktop shows no tray icons')).toBeVisible();
  closeByWindowManager();
  await until('the window is minimised', () => isMinimised(app));
  await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.restore());
  // A host that comes late gets the icon, and the note goes.
  host = await startTrayHost();
  await expect(app.page.getByText('This desktop shows no tray icons')).toBeHidden();
  expect(await (await host.item()).tooltip()).toContain('Not set up');
});

test('starting at login is written for the session, and follows what the session says', async () => {
  host = await startTrayHost();
  let app = await start();
  const entry = path.join(place.home, '.config/autostart/file-sync.desktop');
  await app.page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
  await app.page.getByRole('switch', { name: 'Start when I log in' }).click({ force: true });
  await until('the entry is there', () => fs.existsSync(entry));
  expect(fs.readFileSync(entry, 'utf8')).toMatch(/^Exec=.*electron.* --hidden$/m);
  await app.app.close();
  fs.appendFileSync(entry, 'Hidden=true\n');
  app = await start();
  await app.page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
  await expect(app.page.getByRole('switch', { name: 'Start when I log in' })).not.toBeChecked();
});

test('the window opens where it was, maximised if it was, and never out of sight', async () => {
  host = await startTrayHost();
  const bounds = ({ app }: Launched) => askTwice(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds() ?? null));
  const isMaximised = ({ app }: Launched) => askTwice(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMaximized() ?? false));
  const file = path.join(place.home, 'user-data/settings.json');
  const kept = () => JSON.parse(fs.readFileSync(file, 'utf8')) as { window: { x: number; y: number; width: number; height: number; isMaximized: boolean } };
  const near = (one: number | undefined, other: number): boolean => one !== undefined && Math.abs(one - other) <= 60;
  let app = await start();
  await until('the window is shown', () => isVisible(app));
  await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setBounds({ x: 420, y: 310, width: 900, height: 700 }));
  await until('the window is there', async () => near((await bounds(app))?.x, 420));
  // Hidden in the tray when the app ends.
  closeByWindowManager();
  await until('the window is hidden', async () => !(await isVisible(app)));
  await app.app.close();
  expect(kept().window).toMatchObject({ width: 900, height: 700, isMaximized: false });
  const asked = kept().window;
  expect([near(asked.x, 420), near(asked.y, 310)]).toEqual([true, true]);
  for (let again = 0; again < 2; again++) {
    app = await start();
    await until('the window is shown', () => isVisible(app));
    await app.page.waitForTimeout(1_500);
    const now = await bounds(app);
    expect(now).toMatchObject({ width: 900, height: 700 });
    expect([near(now?.x, asked.x), near(now?.y, asked.y)]).toEqual([true, true]);
    await app.app.close();
    // It does not wander by its frame.
    expect(kept().window).toEqual(asked);
  }
  app = await start();
  await until('the window is shown', () => isVisible(app));
  await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.maximize());
  await until('the window is maximised', () => isMaximised(app));
  await app.app.close();
  expect(kept().window).toMatchObject({ width: 900, height: 700, isMaximized: true });
  app = await start();
  await until('the window is maximised', () => isMaximised(app));
  await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.unmaximize());
  await until('the window is as it was', async () => !(await isMaximised(app)) && (await bounds(app))?.width === 900);
  await app.app.close();
  expect(kept().window.isMaximized).toBe(false);
  fs.writeFileSync(file, JSON.stringify({ ...kept(), window: { ...kept().window, x: 90_000, y: 90_000 } }));
  app = await start();
  await until('the window is shown', () => isVisible(app));
  const shown = await bounds(app);
  expect(shown?.width).toBe(900);
  expect([(shown?.x ?? 90_000) < 2_240, (shown?.y ?? 90_000) < 1_600]).toEqual([true, true]);
});

test('C48 kill -9 loses nothing: the next start goes on', async () => {
  host = await startTrayHost();
  const [documents, backup] = [place.folder('Documents'), place.folder('Backup')];
  for (let i = 0; i < 300; i++) fs.writeFileSync(path.join(documents, `${i}.bin`), Buffer.alloc(300_000, i));
  let app = await start();
  await addPair(app, documents, backup);
  await until('some files have arrived', () => fs.readdirSync(backup).length > 20);
  const gone = new Promise((resolve) => app.child.once('exit', resolve));
  app.child.kill('SIGKILL');
  await gone;
  expect(fs.readdirSync(backup).length).toBeLessThan(301);
  app = await start();
  await until('all files have arrived', () => fs.readdirSync(backup).filter((name) => name.endsWith('.bin')).length === 300, 30_000);
  await expect(app.page.getByRole('heading', { name: 'Everything is up to date' })).toBeVisible({ timeout: 20_000 });
  for (let i = 0; i < 300; i++) expect(fs.readFileSync(path.join(backup, `${i}.bin`)).equals(Buffer.alloc(300_000, i))).toBe(true);
  expect(fs.readdirSync(documents).filter((name) => !name.startsWith('.')).length).toBe(300);
});

test('C61 settings that were damaged are set aside and said so', async () => {
  host = await startTrayHost();
  const folder = path.join(place.home, 'user-data');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'settings.json'), '{"version":1,"pairs":[{"id"');
  const app = await start();
  await expect(app.page.getByText('Your settings could not be read')).toBeVisible();
  const aside = fs.readdirSync(folder).find((name) => name.startsWith('settings.json.unreadable-'));
  expect(fs.readFileSync(path.join(folder, aside ?? ''), 'utf8')).toBe('{"version":1,"pairs":[{"id"');
  await app.page.getByRole('button', { name: 'Got it' }).click();
  await expect(app.page.getByText('Your settings could not be read')).toBeHidden();
});

test('settings that cannot be saved count all the same; it is said once, and over when they are', async () => {
  host = await startTrayHost();
  const app = await start();
  const { page } = app;
  const tray = await host.item();
  const [documents, backup] = [place.folder('Documents'), place.folder('Backup')];
  await addPair(app, documents, backup);
  const file = path.join(place.home, 'user-data/settings.json');
  const card = page.getByRole('article', { name: 'Your settings cannot be saved' });
  fs.rmSync(file);
  fs.mkdirSync(path.join(file, 'in the way'), { recursive: true });
  await page.getByRole('navigation').getByRole('button', { name: 'Overview' }).click();
  await page.getByRole('button', { name: 'Pause syncing' }).click();
  await page.getByRole('menuitem', { name: 'Until I resume' }).click();
  await expect(page.getByRole('heading', { name: 'Syncing is paused' })).toBeVisible();
  await expect(card).toHaveCount(1);
  fs.writeFileSync(path.join(documents, 'later.txt'), 'x');
  await page.waitForTimeout(1_500);
  expect(fs.existsSync(path.join(backup, 'later.txt'))).toBe(false);
  // Closing hides the window, as ever.
  closeByWindowManager();
  await until('the window is hidden', async () => !(await isVisible(app)));
  await tray.activate();
  await until('the window is back', () => isVisible(app));
  await page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
  await expect(card).toHaveCount(1);
  // A folder that would be forgotten is not begun.
  await answerDialogs(app.app, [place.folder('Music'), place.folder('Music backup')]);
  await page.getByRole('navigation').getByRole('button', { name: 'Folders' }).click();
  await page.getByRole('button', { name: 'Add a folder' }).click();
  await page.getByRole('button', { name: 'In a folder' }).click();
  await page.getByRole('button', { name: 'Folder on this computer: Choose…' }).click();
  await page.getByRole('button', { name: 'Backup folder: Choose…' }).click();
  await startSyncing(page);
  await expect(page.getByRole('dialog').getByText('would be forgotten')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Close and drop it' }).click();
  fs.rmSync(file, { recursive: true });
  await page.getByRole('navigation').getByRole('button', { name: 'Overview' }).click();
  await page.getByRole('button', { name: 'Resume syncing' }).click();
  await expect(card).toHaveCount(0);
  expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toMatchObject({ pairs: [{ pauseOfAll: null }] });
  await until('the file has followed', () => fs.existsSync(path.join(backup, 'later.txt')));
});

test('C59 S21 nothing is done while the machine sleeps; on waking everything is looked at', async () => {
  host = await startTrayHost();
  logind = await startLogind();
  const app = await start([], { DBUS_SYSTEM_BUS_ADDRESS: logind.address });
  const [documents, backup] = [place.folder('Documents'), place.folder('Backup')];
  await addPair(app, documents, backup);
  // Chromium drops its debugging connections on suspend, so the page is out of Playwright's reach from here on; the tray is not.
  const tray = await host.item();
  logind.suspend();
  await until('the tray says that nothing is done', async () => (await tray.tooltip()).includes('Paused'));
  fs.writeFileSync(path.join(documents, 'asleep.txt'), 'x');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(fs.existsSync(path.join(backup, 'asleep.txt'))).toBe(false);
  logind.resume();
  await until('the file has followed', () => fs.existsSync(path.join(backup, 'asleep.txt')));
  await until('the tray says so', async () => (await tray.tooltip()).includes('Up to date'));
});

test('the session’s end quits the app in time', async () => {
  host = await startTrayHost();
  const app = await start();
  await addPair(app, place.folder('Documents'), place.folder('Backup'));
  const gone = new Promise((resolve) => app.child.once('exit', (code) => resolve(code)));
  const began = Date.now();
  app.child.kill('SIGTERM');
  expect(await gone).toBe(0);
  expect(Date.now() - began).toBeLessThan(5_000);
});

test('an engine thread that dies is started again, and that is said', async () => {
  host = await startTrayHost();
  const app = await start();
  const [documents, backup] = [place.folder('Documents'), place.folder('Backup')];
  await addPair(app, documents, backup);
  // Memory that runs out ends a thread from within; here the thread of that name is made to.
  await app.app.evaluate(async ({ BrowserWindow }) => {
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const seen = Worker.prototype.postMessage;
    const dead = new Promise<void>((resolve) => {
      Worker.prototype.postMessage = function (this: InstanceType<typeof Worker>, ...args: Parameters<typeof seen>) {
        Worker.prototype.postMessage = seen;
        void this.terminate().then(() => resolve());
        return seen.apply(this, args);
      };
    });
    await BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript("fileSync.request('sync/now', { pair: null })");
    await dead;
  });
  await app.page.getByRole('navigation').getByRole('button', { name: 'Overview' }).click();
  await expect(app.page.getByRole('article', { name: 'The sync engine was started again' })).toBeVisible();
  fs.writeFileSync(path.join(documents, 'after.txt'), 'x');
  await until('syncing goes on', () => fs.existsSync(path.join(backup, 'after.txt')));
  await app.page.getByRole('button', { name: 'Got it' }).click();
  await expect(app.page.getByRole('article', { name: 'The sync engine was started again' })).toBeHidden();
});

test('what needs a person is notified once; a click opens the window', async () => {
  host = await startTrayHost();
  daemon = await startNotificationDaemon({ clicksAtOnce: true });
  const app = await start();
  const [documents, backup] = [place.folder('R&D'), place.folder('Backup')];
  await addPair(app, documents, backup);
  closeByWindowManager();
  fs.renameSync(documents, `${documents} moved`);
  await (await host.item()).clickMenu('Sync now');
  const shown = daemon.shown;
  await until('it is told', () => shown.length > 0, 20_000);
  expect(shown.map(({ title }) => title)).toEqual(['R&D has stopped syncing']);
  await until('the window is shown', () => isVisible(app));
});
