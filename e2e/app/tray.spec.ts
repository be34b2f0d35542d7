import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { addPair, end, type Launched, launch, newPlace, type Place, ROOT, until } from './support/launch.ts';
import { noteOpened } from './support/opened.ts';
import { type IconImage, labels, startTrayHost, type TrayHost, type TrayItem } from './support/tray-host.ts';

let host: TrayHost;
let place: Place;
let launched: Launched;
let tray: TrayItem;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  host = await startTrayHost();
  place = newPlace();
  launched = await launch(place);
  tray = await host.item();
});
test.afterAll(async () => {
  await end(launched);
  host.stop();
  place.remove();
});

/** The opacity of each pixel: the icon's shape, whatever its colour. */
async function drawn(state: string): Promise<string> {
  // The desktop is given the sharpest of the images and scales it down.
  const file = path.join(ROOT, 'assets/tray', `${state}-light-22@2x.png`);
  const bitmap = await launched.app.evaluate(({ nativeImage }, name) => [...nativeImage.createFromPath(name).toBitmap()], file);
  return shape(bitmap.filter((_, i) => i % 4 === 3));
}
function shown({ width, height, argb }: IconImage): string {
  expect([width, height]).toEqual([44, 44]);
  return shape([...argb].filter((_, i) => i % 4 === 0));
}
function shape(alpha: readonly number[]): string {
  return alpha.map((value) => (value > 160 ? '#' : value > 80 ? '+' : ' ')).join('');
}

async function expectState(state: string, words: RegExp): Promise<void> {
  await until(`the tray says ${words}`, async () => words.test(await tray.tooltip()), 20_000);
  const expected = await drawn(state);
  await until(`the tray shows ${state}`, async () => shown(await tray.icon()) === expected);
}

const source = (): string => place.folder('Documents');
const target = (): string => path.join(place.home, 'Backup');

test('not set up', async () => {
  await expectState('not-set-up', /^File Sync: Not set up/);
  expect(labels(await tray.menu())).toEqual(['Open File Sync', 'No folder is synced yet', 'Settings…', 'Quit']);
});

test('syncing, then up to date', async () => {
  for (let i = 0; i < 400; i++) fs.writeFileSync(path.join(source(), `photo ${i}.raw`), Buffer.alloc(300_000, i));
  place.folder('Backup');
  await addPair(launched, source(), target(), 'Ask me');
  await expectState('syncing', /^File Sync: Syncing\nDocuments: /);
  await expectState('ok', /^File Sync: Up to date\nDocuments: Up to date/);
});

test('the menu names folders and recent files as they are', async () => {
  fs.writeFileSync(path.join(source(), 'R&D_plan.txt'), 'x');
  await until('the file is in the menu', async () => labels(await tray.menu()).includes('R&&D_plan.txt') || labels(await tray.menu()).includes('R&D_plan.txt'));
  const all = labels(await tray.menu());
  expect(all).toEqual(
    expect.arrayContaining([
      'Open File Sync',
      'Open folder',
      'Show in File Sync',
      'Pause syncing',
      'For 30 minutes',
      'For 1 hour',
      'Until tomorrow morning',
      'Until I resume',
      'Sync now',
      'Recent files',
      'Settings…',
      'Quit',
    ]),
  );
  expect(all.some((label) => /^Documents: Up to date/.test(label))).toBe(true);
});

test('a folder is opened in the file manager from the menu, or shown in the window', async () => {
  const { app, page } = launched;
  const opened = await noteOpened(app);
  await tray.clickMenu('Open folder');
  await expect.poll(() => opened.evaluate((paths) => [...paths])).toEqual([path.join(place.home, 'Documents')]);
  await page.getByRole('navigation').getByRole('button', { name: 'Overview' }).click();
  await tray.clickMenu('Show in File Sync');
  await expect(page.getByRole('article', { name: 'Documents', exact: true })).toBeFocused();
});

test('paused and resumed from the menu', async () => {
  await tray.clickMenu('For 1 hour');
  await expectState('paused', /^File Sync: Paused\nDocuments: Paused until (\w+ )?\d/);
  fs.writeFileSync(path.join(source(), 'while paused.txt'), 'x');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(fs.existsSync(path.join(target(), 'while paused.txt'))).toBe(false);
  await tray.clickMenu('Resume syncing');
  await expectState('ok', /Up to date/);
  await until('the file has arrived', () => fs.existsSync(path.join(target(), 'while paused.txt')));
});

test('attention: a file with two versions', async () => {
  await tray.clickMenu('Until I resume');
  await expectState('paused', /Paused/);
  fs.writeFileSync(path.join(source(), 'while paused.txt'), 'here');
  fs.writeFileSync(path.join(target(), 'while paused.txt'), 'there!');
  await tray.clickMenu('Resume syncing');
  await expectState('attention', /^File Sync: Needs your attention\nDocuments: while paused\.txt has two versions/);
  fs.writeFileSync(path.join(source(), 'while paused.txt'), 'there!');
  await tray.clickMenu('Sync now');
  await expectState('ok', /Up to date/);
});

test('C28 offline: the backup folder is away, and back', async () => {
  fs.renameSync(target(), `${target()} away`);
  await tray.clickMenu('Sync now');
  await expectState('offline', /^File Sync: Waiting for the backup\nDocuments: Waiting for the backup/);
  fs.renameSync(`${target()} away`, target());
  await tray.clickMenu('Sync now');
  await expectState('ok', /Up to date/);
});

test('C26 error: the synced folder is missing', async () => {
  fs.renameSync(source(), `${source()} moved`);
  await tray.clickMenu('Sync now');
  await expectState('error', /^File Sync: Stopped\nDocuments: Stopped/);
  fs.rmSync(path.join(place.home, 'Documents'), { recursive: true, force: true });
  fs.renameSync(`${path.join(place.home, 'Documents')} moved`, path.join(place.home, 'Documents'));
  await tray.clickMenu('Sync now');
  await expectState('ok', /Up to date/);
});

test('every state has a shape of its own', async () => {
  const shapes: string[] = [];
  for (const state of ['not-set-up', 'ok', 'syncing', 'paused', 'offline', 'attention', 'error']) shapes.push(await drawn(state));
  for (const [i, one] of shapes.entries()) {
    for (const other of shapes.slice(i + 1)) expect([...one].filter((pixel, at) => pixel !== other[at]).length).toBeGreaterThan(200);
  }
});

test('quits from the menu', async () => {
  const gone = new Promise((resolve) => launched.child.once('exit', resolve));
  await tray.clickMenu('Quit');
  expect(await gone).toBe(0);
});
