import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { expectClean } from './support/axe.ts';
import { addPair, answerDialogs, end, type Launched, launch, newPlace, type Place, startOver, until } from './support/launch.ts';
import { startTrayHost, type TrayHost } from './support/tray-host.ts';

let host: TrayHost;
let place: Place;
let launched: Launched;
/** Each test has folders of its own. */
let tests = 0;
let documents: string;
let backup: string;

test.beforeAll(async () => {
  host = await startTrayHost();
  place = newPlace();
  launched = await launch(place);
});
test.beforeEach(() => {
  tests++;
  documents = place.folder(`${tests}/Documents`);
  backup = place.folder(`${tests}/Backup`);
});
test.afterEach(() => startOver(launched.page));
test.afterAll(async () => {
  await end(launched);
  host.stop();
  place.remove();
});

const go = (view: string) => launched.page.getByRole('navigation').getByRole('button', { name: view }).click();
const tree = (folder: string): readonly string[] =>
  fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('.file-sync'))
    .toSorted();

test('a folder is added, and files go both ways', async () => {
  const { page } = launched;
  fs.mkdirSync(path.join(documents, 'notes'));
  fs.writeFileSync(path.join(documents, 'notes', 'déjà vu & more.txt'), 'here');
  fs.writeFileSync(path.join(backup, 'there.txt'), 'there');
  await expect(page.getByRole('heading', { name: 'No folder is synced yet' })).toBeVisible();
  await addPair(launched, documents, backup);
  await until('both sides hold both files', () => tree(documents).join() === tree(backup).join() && tree(documents).length === 3);
  expect(fs.readFileSync(path.join(backup, 'notes/déjà vu & more.txt'), 'utf8')).toBe('here');
  expect(fs.readFileSync(path.join(documents, 'there.txt'), 'utf8')).toBe('there');
  await go('Overview');
  await expect(page.getByRole('heading', { name: 'Everything is up to date' })).toBeVisible();
  await expect(page.getByText('déjà vu & more.txt').first()).toBeVisible();
  // A change is noticed while the app runs.
  fs.writeFileSync(path.join(documents, 'new.txt'), 'new');
  await until('the new file has arrived', () => fs.existsSync(path.join(backup, 'new.txt')));
  await expect(page.getByRole('region', { name: 'Recent activity' }).getByText('new.txt')).toBeVisible();
});

test('C29 two folders that cannot be paired are refused with the reason, and nothing is written', async () => {
  const { app, page } = launched;
  const inside = place.folder(`${tests}/Documents/inside`);
  await go('Folders');
  await answerDialogs(app, [documents, inside, documents, path.join(place.home, 'missing')]);
  await page.getByRole('button', { name: 'Add a folder' }).click();
  await page.getByRole('button', { name: 'In a folder' }).click();
  await page.getByRole('button', { name: 'Folder on this computer: Choose…' }).click();
  await page.getByRole('button', { name: 'Backup folder: Choose…' }).click();
  await expect(page.getByRole('alert')).toContainText('lies inside');
  await expect(page.getByRole('button', { name: 'Continue' })).toBeDisabled();
  await page.getByRole('button', { name: 'Backup folder: Change…' }).click();
  await expect(page.getByRole('alert')).toContainText('one and the same');
  await page.getByRole('button', { name: 'Backup folder: Change…' }).click();
  await expect(page.getByRole('alert')).toContainText('there is no folder');
  // A cancelled dialog changes nothing.
  await page.getByRole('button', { name: 'Backup folder: Change…' }).click();
  await expect(page.getByRole('alert')).toContainText('there is no folder');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  expect(fs.readdirSync(documents)).toEqual(['inside']);
  expect(fs.readdirSync(inside)).toEqual([]);
});

test('progress is shown while it happens', async () => {
  const { page } = launched;
  for (let i = 0; i < 600; i++) fs.writeFileSync(path.join(documents, `film ${i}.mkv`), Buffer.alloc(400_000, i));
  await addPair(launched, documents, backup);
  await go('Overview');
  await expect(page.getByRole('progressbar', { name: 'Progress of Documents' })).toBeVisible();
  await expect(page.getByText(/\d+ of 600 items · .* of 240\sMB/)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Everything is up to date' })).toBeVisible({ timeout: 40_000 });
  expect(tree(backup).length).toBe(600);
});

test('pause and resume', async () => {
  const { page } = launched;
  await addPair(launched, documents, backup);
  await go('Overview');
  await page.getByRole('button', { name: 'Pause syncing' }).click();
  await page.getByRole('menuitem', { name: 'For 1 hour' }).click();
  await expect(page.getByRole('heading', { name: 'Syncing is paused' })).toBeVisible();
  await expect(page.getByText(/^Paused until (\w+ )?\d/).first()).toBeVisible();
  fs.writeFileSync(path.join(documents, 'later.txt'), 'x');
  await page.waitForTimeout(2_000);
  expect(tree(backup)).toEqual([]);
  await page.getByRole('button', { name: 'Resume syncing' }).click();
  await until('the file has arrived', () => tree(backup).includes('later.txt'));
  await expect(page.getByRole('heading', { name: 'Everything is up to date' })).toBeVisible();
});

/** Both sides change while the pair is paused. */
async function makeConflict(documents: string, backup: string, name: string): Promise<void> {
  const { page } = launched;
  fs.writeFileSync(path.join(documents, name), 'first\nsecond\nthird\n');
  await until('the file is on both sides', () => fs.existsSync(path.join(backup, name)));
  await go('Overview');
  await page.getByRole('button', { name: 'Pause syncing' }).click();
  await page.getByRole('menuitem', { name: 'Until I resume' }).click();
  await expect(page.getByRole('heading', { name: 'Syncing is paused' })).toBeVisible();
  fs.writeFileSync(path.join(documents, name), 'first\nsecond from here\nthird\n');
  fs.writeFileSync(path.join(backup, name), 'first\nsecond from there\nthird\nfourth\n');
  await page.getByRole('button', { name: 'Resume syncing' }).click();
  await expect(page.getByRole('heading', { name: 'Something needs your attention' })).toBeVisible();
}

for (const { choice, here, there, copies, done } of [
  { choice: 'Keep this computer’s version', here: 'second from here', there: 'second from here', copies: 0, done: 'is kept as an old version' },
  { choice: 'Keep the backup’s version', here: 'second from there', there: 'second from there', copies: 0, done: 'is in the trash' },
  { choice: 'Keep both', here: 'second from there', there: 'second from there', copies: 1, done: 'Both are there' },
]) {
  test(`C31 manual: two versions are decided by clicking "${choice}"`, async () => {
    const { page } = launched;
    await addPair(launched, documents, backup, 'Ask me');
    await makeConflict(documents, backup, 'report.docx');
    // Until then nothing happens to either version.
    expect(fs.readFileSync(path.join(documents, 'report.docx'), 'utf8')).toContain('from here');
    expect(fs.readFileSync(path.join(backup, 'report.docx'), 'utf8')).toContain('from there');
    await page.getByRole('button', { name: 'Decide' }).click();
    await page.getByRole('article', { name: 'Two versions of report.docx' }).getByRole('button', { name: 'Decide…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Two versions of report.docx' });
    await expect(dialog.getByText('second from here')).toBeVisible();
    await expect(dialog.getByText('second from there')).toBeVisible();
    await expect(dialog.getByRole('group', { name: 'Backup' }).getByText('larger')).toBeVisible();
    await dialog.getByRole('radio', { name: choice }).click();
    await dialog.getByRole('button', { name: choice }).click();
    await expect(page.getByText('No file has two versions.')).toBeVisible();
    await until('both sides are equal', () => tree(documents).join() === tree(backup).join() && tree(documents).length === 1 + copies);
    await until(
      'the decision is done on both sides',
      () => fs.readFileSync(path.join(documents, 'report.docx'), 'utf8').includes(here) && fs.readFileSync(path.join(backup, 'report.docx'), 'utf8').includes(there),
    );
    const copy = tree(documents).find((name) => name !== 'report.docx');
    if (copies > 0) expect(fs.readFileSync(path.join(backup, copy ?? ''), 'utf8')).toContain('second from here');
    await expect(dialog.getByRole('status').filter({ hasText: done })).toBeVisible({ timeout: 10_000 });
    if (copies > 0) {
      await page.keyboard.press('Escape');
      await expect(page.getByRole('region', { name: 'Settled lately' })).toContainText(`Both versions are kept, the second one as ${copy}`);
      await expectClean(page);
    }
    if (choice !== 'Keep the backup’s version') return;
    // What gave way comes back beside what was kept.
    await dialog.getByRole('button', { name: 'Undo…' }).click();
    await expect(page.getByText('1 file comes back', { exact: true })).toBeVisible({ timeout: 20_000 });
    await page.getByRole('dialog').getByRole('button', { name: 'Undo', exact: true }).click();
    await expect(page.getByText(/^The other version is back, as /)).toBeVisible({ timeout: 20_000 });
    await until('both are on both sides', () =>
      [documents, backup].every((side) =>
        tree(side)
          .map((name) => /second from \w+/.exec(fs.readFileSync(path.join(side, name), 'utf8'))?.[0])
          .sort()
          .every((text, i) => text === ['second from here', 'second from there'][i]),
      ),
    );
    expect(tree(backup)).toHaveLength(2);
  });
}

test('I8 mass deletion waits for the user, is listed, and happens only after a second yes', async () => {
  const { page } = launched;
  for (let i = 0; i < 120; i++) fs.writeFileSync(path.join(documents, `file ${String(i).padStart(3, '0')}.txt`), `${i}`);
  await addPair(launched, documents, backup);
  await until('all files are on both sides', () => tree(backup).length === 120);
  for (let i = 0; i < 110; i++) fs.rmSync(path.join(documents, `file ${String(i).padStart(3, '0')}.txt`));
  await go('Overview');
  const card = page.getByRole('article', { name: '110 deletions held back in Documents' });
  await expect(card).toBeVisible({ timeout: 20_000 });
  expect(tree(backup).length).toBe(120);
  await card.getByRole('button', { name: 'The 110 items' }).click();
  const list = card.getByRole('region', { name: 'The 110 items' });
  await expect(list.getByText('file 000.txt')).toBeVisible();
  // All of them, though a picture of the state names the first hundred.
  await list.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await expect(list.getByText('file 109.txt')).toBeVisible();
  await card.getByRole('button', { name: 'Delete all 110 in the backup…' }).click();
  await page.getByRole('button', { name: 'Not now' }).click();
  expect(tree(backup).length).toBe(120);
  await card.getByRole('button', { name: 'Delete all 110 in the backup…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await until('the deletions have happened', () => tree(backup).length === 10, 30_000);
  await expect(page.getByRole('heading', { name: 'Everything is up to date' })).toBeVisible();
});

test('S62 removing a pair deletes nothing', async () => {
  const { page } = launched;
  fs.writeFileSync(path.join(documents, 'kept.txt'), 'kept');
  await addPair(launched, documents, backup);
  await until('the file is on both sides', () => fs.existsSync(path.join(backup, 'kept.txt')));
  await page.getByRole('button', { name: 'Stop syncing this folder…' }).click();
  await expect(page.getByRole('dialog')).toContainText('Nothing is deleted');
  await page.getByRole('button', { name: 'Stop syncing', exact: true }).click();
  await expect(page.getByText('No folder is synced yet.')).toBeVisible();
  expect(fs.readFileSync(path.join(documents, 'kept.txt'), 'utf8')).toBe('kept');
  expect(fs.readFileSync(path.join(backup, 'kept.txt'), 'utf8')).toBe('kept');
  fs.writeFileSync(path.join(documents, 'after.txt'), 'x');
  await page.waitForTimeout(1_500);
  expect(fs.existsSync(path.join(backup, 'after.txt'))).toBe(false);
  // The same two folders can be paired again, and go on where they were.
  await addPair(launched, documents, backup);
  await until('the file of the meantime has followed', () => fs.existsSync(path.join(backup, 'after.txt')));
});

test('C67 ignore rules, the conflict policy, what is kept and the direction are set for a folder and for every one', async () => {
  test.setTimeout(120_000);
  const { page } = launched;
  await addPair(launched, documents, backup);
  await page.getByRole('button', { name: 'Folder settings…' }).click();
  await page.getByLabel('Leave out', { exact: true }).fill('*.iso\nnode_modules/');
  await page.getByRole('combobox', { name: 'When a file changed in both places' }).click();
  await page.getByRole('option', { name: 'Ask me' }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  fs.writeFileSync(path.join(documents, 'big.iso'), 'x');
  fs.writeFileSync(path.join(documents, 'small.txt'), 'x');
  await until('the other file has arrived', () => fs.existsSync(path.join(backup, 'small.txt')));
  expect(fs.existsSync(path.join(backup, 'big.iso'))).toBe(false);
  await go('Settings');
  await expect(page.getByText(/ask me · Leave out: \*\.iso, node_modules\//)).toBeVisible();
  await historyIsSet(documents, backup);
  await directionIsSet(documents, backup);
});

/** What every folder goes by, another value for one of them, and the way back: each is obeyed. */
async function historyIsSet(documents: string, backup: string): Promise<void> {
  const { page } = launched;
  const overwrite = async (name: string): Promise<void> => {
    for (const text of ['one', 'two']) {
      fs.writeFileSync(path.join(documents, name), text);
      await until(`${text} has arrived`, () => fs.existsSync(path.join(backup, name)) && fs.readFileSync(path.join(backup, name), 'utf8') === text);
    }
  };
  const kept = (name: string) => fs.readdirSync(path.join(backup, '.file-sync'), { recursive: true, encoding: 'utf8' }).filter((file) => file.includes(name)).length;
  const save = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
  };
  await page.getByRole('button', { name: 'Change… History and trash' }).click();
  const keep = page.getByRole('textbox', { name: 'Old versions of a file, at most' });
  await keep.fill('100001');
  await expect(page.getByRole('button', { name: 'Save changes' })).toBeDisabled();
  await keep.fill('0');
  await expect(page.getByText('cannot be brought back')).toBeVisible();
  await save();
  await expect(page.getByText('Nothing is kept, trash for 30 days.')).toBeVisible();
  await page.getByRole('button', { name: 'Settings of this folder: Documents' }).click();
  await page.getByText('As for every folder: nothing is kept').click();
  await keep.fill('5');
  await save();
  await expect(page.getByText('Other in: Documents.')).toBeVisible();
  await overwrite('kept.txt');
  await until('what was there is kept', () => kept('kept.txt') > 0);
  await page.getByRole('button', { name: 'Settings of this folder: Documents' }).click();
  await page.getByText('Only for this folder: 5 versions for 30 days').click();
  await page.getByRole('button', { name: 'Old versions of a file, at most: back to 0 versions' }).click();
  await expect(keep).toBeFocused();
  await expect(page.getByText('old versions that are not kept any more are removed for good')).toBeVisible();
  await save();
  await expect(page.getByText('Other in: Documents.')).toBeHidden();
  await overwrite('gone.txt');
  expect(kept('gone.txt')).toBe(0);
}

/** Synced one way, a folder says so, and what is new in the backup stays there. */
async function directionIsSet(documents: string, backup: string): Promise<void> {
  const { page } = launched;
  await page.getByRole('button', { name: 'Settings of this folder: Documents' }).click();
  await page.getByRole('dialog').getByText('Transfers and direction', { exact: true }).click();
  await page.getByRole('combobox', { name: 'Which way files go' }).selectOption('Only to the backup');
  await page.getByText('As a command').click();
  await expect(page.getByRole('region', { name: 'The command' })).toHaveText('file-sync --profile Documents watch');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  fs.writeFileSync(path.join(backup, 'theirs.txt'), 'x');
  await go('Folders');
  await expect(page.getByText('Only to the backup')).toBeVisible();
  fs.writeFileSync(path.join(documents, 'ours.txt'), 'x');
  await until('ours has arrived', () => fs.existsSync(path.join(backup, 'ours.txt')));
  await go('Overview');
  await expect(page.getByRole('img', { name: 'Only to the backup' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Everything is up to date' })).toBeVisible();
  expect(fs.existsSync(path.join(documents, 'theirs.txt'))).toBe(false);
}

test('activity is searched and filtered, survives a restart, and scrolls through 100,000 rows', async () => {
  for (let i = 0; i < 300; i++) fs.writeFileSync(path.join(documents, `note ${i}.txt`), `${i}`);
  await addPair(launched, documents, backup);
  await until('all files have arrived', () => tree(backup).length === 300);
  await end(launched);
  fillActivity(place, 100_000);
  launched = await launch(place);
  const { page } = launched;
  await go('Activity');
  const list = page.getByRole('region', { name: 'Activity, newest first' });
  await expect(list.getByText('note ').first()).toBeVisible();
  // Only what can be seen is in the page.
  expect(await list.getByText(/^note /).count()).toBeLessThan(60);
  const pageWork = await workOf(page);
  const steps = 200;
  const scrolled = await list.evaluate(scrollThrough, steps);
  const perFrame = (await pageWork()) / steps;
  console.log(
    `scrolled from the first of ${scrolled.rows} rows to the last in ${steps} frames: ${perFrame.toFixed(1)} ms of work in each, ${scrolled.mostInPage} rows in the page at most`,
  );
  expect(scrolled.rows).toBeGreaterThan(90_000);
  expect(scrolled.mostInPage).toBeLessThan(60);
  // In each of these frames every row is another one; a wheel or a finger brings one or two.
  expect(perFrame).toBeLessThan(50);
  await expect(list.getByText(/^item \d\d?\.dat$/).first()).toBeVisible();
  await list.press('Home');
  await expect(list.getByText('note ').first()).toBeVisible();
  const search = page.getByRole('textbox', { name: 'Search by name or folder' });
  await search.fill('NOTE 29');
  await expect(list.getByText(/^note /)).toHaveCount(11);
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await expect(search).toBeFocused();
  await expect(search).toHaveValue('');
  await search.fill('no such file');
  await expect(page.getByText('Nothing matches.')).toBeVisible();
  await search.press('Escape');
  await expect(search).toHaveValue('');
  await page.getByText('Failed', { exact: true }).click();
  await expect(page.getByText('Nothing matches.')).toBeVisible();
});

/** What the state of the latest folder remembers after 100,000 actions, all older than those that were really done. */
function fillActivity({ home }: Place, rows: number): void {
  interface Sqlite {
    exec(sql: string): void;
    close(): void;
  }
  const Database = createRequire(import.meta.url)('libsql') as new (file: string) => Sqlite;
  const folder = path.join(home, '.state/file-sync');
  const age = (name: string): number => fs.statSync(path.join(folder, name)).mtimeMs;
  const [file = ''] = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.db'))
    .toSorted((a, b) => age(b) - age(a));
  const db = new Database(path.join(folder, file));
  db.exec(`BEGIN;
    UPDATE activity SET id = id + (SELECT ${rows} - count(*) FROM activity);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT min(id) - 1 FROM activity))
    INSERT INTO activity (id, at, cycle, path, what, outcome, reason, bytes)
      SELECT i, (SELECT min(at) FROM activity) - 1000000 + i, 'c', 'old/folder ' || (i / 100) || '/item ' || i || '.dat', 'download', 'done', 'new there', i FROM n;
    COMMIT`);
  db.close();
}

/** Counts how long the page's own thread is at work from here on, ms: what other processes of the machine take is not in it. */
async function workOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const work = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  const before = await work();
  return async () => (await work()) - before;
}

/** Runs in the page: from the first row to the last, one step in a frame. */
async function scrollThrough(box: Element, steps: number): Promise<{ rows: number; mostInPage: number }> {
  let mostInPage = 0;
  for (let step = 1; step <= steps; step++) {
    box.scrollTop = ((box.scrollHeight - box.clientHeight) * step) / steps;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    mostInPage = Math.max(mostInPage, box.querySelectorAll('.row').length);
  }
  return { rows: Math.round(box.scrollHeight / (box.querySelector('.row')?.parentElement?.offsetHeight ?? 1)), mostInPage };
}

test('everything is reached by keyboard', async () => {
  const { page } = launched;
  await expect(page.getByRole('heading', { name: 'No folder is synced yet' })).toBeVisible();
  const named: string[] = [];
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    named.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''));
  }
  expect(named).toEqual(
    expect.arrayContaining([
      'Overview',
      'Folders',
      'Conflicts',
      'History',
      'Activity',
      'Settings',
      expect.stringMatching(/^In a folder/),
      expect.stringMatching(/^In an S3 bucket/),
    ]),
  );
  await page.getByRole('navigation').getByRole('button', { name: 'Folders' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Folders', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Add a folder' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Add a folder' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Add a folder' })).toBeFocused();
});

test('C13 a file that may not be read is named with the reason, and the rest goes on', async () => {
  const { page } = launched;
  fs.writeFileSync(path.join(documents, 'closed.txt'), 'x', { mode: 0o000 });
  fs.writeFileSync(path.join(documents, 'open.txt'), 'x');
  await addPair(launched, documents, backup);
  await until('the other file has arrived', () => fs.existsSync(path.join(backup, 'open.txt')));
  await go('Overview');
  const card = page.getByRole('article', { name: '1 item cannot be synced in Documents' });
  await expect(card.getByText('closed.txt')).toBeVisible();
  await expect(card.getByText(/no permission to read it/)).toBeVisible();
  // Asked about one file, the window says why it is not there.
  fs.writeFileSync(path.join(documents, 'left.tmp'), 'x');
  await page.getByRole('button', { name: 'More for Documents' }).click();
  await page.getByRole('menuitem', { name: 'Why is a file not synced?' }).click();
  const dialog = page.getByRole('dialog', { name: 'Why is a file of Documents not synced?' });
  for (const [file, words] of [
    ['closed.txt', /no permission to read it/],
    ['left.tmp', /The rule \*\.tmp leaves it out/],
    ['open.txt', /both sides have the same/],
  ] as const) {
    await dialog.getByRole('textbox', { name: 'File or folder' }).fill(file);
    await dialog.getByRole('button', { name: 'Find out' }).click();
    await expect(dialog.getByRole('region', { name: file })).toContainText(words, { timeout: 20_000 });
  }
  // A whole path, as it is pasted, means the same.
  await dialog.getByRole('textbox', { name: 'File or folder' }).fill(path.join(documents, 'open.txt'));
  await dialog.getByRole('button', { name: 'Find out' }).click();
  await expect(dialog.getByRole('region', { name: 'open.txt' })).toContainText('both sides have the same', { timeout: 20_000 });
  await answerDialogs(launched.app, [path.join(documents, 'left.tmp'), backup]);
  await dialog.getByRole('button', { name: 'File or folder: Choose…' }).click();
  await expect(dialog.getByRole('region', { name: 'left.tmp' })).toBeVisible({ timeout: 20_000 });
  await dialog.getByRole('button', { name: 'File or folder: Choose…' }).click();
  await expect(dialog.getByRole('alert')).toContainText('not in this folder');
  await expectClean(page);
  await page.screenshot({ path: test.info().outputPath('why.png') });
  await page.keyboard.press('Escape');
  fs.chmodSync(path.join(documents, 'closed.txt'), 0o600);
  await page.getByRole('button', { name: 'Sync now' }).click();
  await until('the file has arrived', () => fs.existsSync(path.join(backup, 'closed.txt')));
  await expect(card).toBeHidden();
  await moveBackup(documents, backup);
});

/** A backup folder that was renamed is said to be away, and is chosen again; only the very one will do. */
async function moveBackup(documents: string, backup: string): Promise<void> {
  const { page } = launched;
  const [moved, other] = [`${backup} moved`, place.folder('Other')];
  fs.renameSync(backup, moved);
  await page.getByRole('button', { name: 'Sync now' }).click();
  const away = page.getByRole('article', { name: 'Documents is waiting for its backup' });
  await expect(away).toContainText('the folder was moved, renamed or deleted', { timeout: 20_000 });
  await expect(page.getByRole('status').filter({ hasText: /^Waiting for the backupDocuments · Last fully synced \d/ })).toBeVisible();
  await answerDialogs(launched.app, [other, moved]);
  await away.getByRole('button', { name: 'Choose the folder again…' }).click();
  await expect(away.getByRole('alert')).toContainText('is not the backup folder that was moved');
  await expectClean(page);
  await page.screenshot({ path: test.info().outputPath('moved.png') });
  await away.getByRole('button', { name: 'Choose the folder again…' }).click();
  await expect(away).toBeHidden({ timeout: 20_000 });
  fs.writeFileSync(path.join(documents, 'after.txt'), 'after');
  await until('it goes on there', () => fs.existsSync(path.join(moved, 'after.txt')), 30_000);
  expect(fs.existsSync(backup)).toBe(false);
}

test('C28 what a click cannot do is said beside it: a backup that is away, a file that is gone', async () => {
  const { page } = launched;
  fs.writeFileSync(path.join(documents, 'closed.txt'), 'x', { mode: 0o000 });
  await addPair(launched, documents, backup);
  await go('Overview');
  const problems = page.getByRole('article', { name: '1 item cannot be synced in Documents' });
  await expect(problems).toBeVisible({ timeout: 20_000 });
  // So that nothing but the clicks finds out.
  await page.getByRole('button', { name: 'Pause syncing' }).click();
  await page.getByRole('menuitem', { name: 'Until I resume' }).click();
  await expect(page.getByRole('button', { name: 'Resume syncing' })).toBeVisible();
  fs.renameSync(backup, `${backup} away`);
  fs.rmSync(path.join(documents, 'closed.txt'), { force: true });
  const folder = page.getByRole('article', { name: 'Documents', exact: true });
  await page.getByRole('button', { name: 'More for Documents' }).click();
  await page.getByRole('menuitem', { name: 'Open backup folder' }).click();
  await expect(folder.getByRole('alert')).toContainText(/The backup folder \S*Backup is not there\. Connect the drive/);
  await problems.getByRole('button', { name: 'Show in folder: closed.txt' }).click();
  await expect(problems.getByRole('alert')).toContainText('closed.txt is not there any more');
  await expectClean(page);
  await go('Folders');
  await expect(folder.getByRole('alert')).toHaveCount(0);
  await folder.getByRole('button', { name: 'Open backup folder' }).click();
  await expect(folder.getByRole('alert')).toContainText('The backup cannot be reached');
  await expectClean(page);
  fs.renameSync(`${backup} away`, backup);
});
