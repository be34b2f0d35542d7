import { release } from 'node:os';
import { join } from 'node:path';
import { app, clipboard, dialog, shell } from 'electron';
import { say } from '../../src-renderer/strings/say.ts';
import { SyncError } from '../core/errors.ts';
import { parseRelPath } from '../core/rel-path.ts';
import { diskPath } from '../platform/disk-path.ts';
import type { Platform } from '../platform/platform.ts';
import { writeTextBeside } from '../platform/text-file.ts';
import type { Autostart } from './autostart.ts';
import { DiagnosticsDesk } from './diagnostics-desk.ts';
import type { EngineClient } from './engine-client.ts';
import type { FaultDesk } from './fault-desk.ts';
import type { FolderTokens } from './folder-tokens.ts';
import { innerPath, typedPath, wholePath } from './inner-path.ts';
import type { Handlers } from './ipc-server.ts';
import { isOpenable } from './openable.ts';
import { pauseEnd } from './pause-length.ts';
import { writePrivateFile } from './private-file.ts';
import { previewSchedule } from './schedule-preview.ts';
import { requireSide, statOfShown } from './shown-file.ts';
import { shownError, shownPath } from './shown-path.ts';
import { StorageDesk } from './storage-desk.ts';
import type { SyncService } from './sync-service.ts';
import type { ViewingFolder } from './viewing-folder.ts';
import type { VitalSigns } from './vital-signs.ts';
import type { AppWindow } from './window.ts';

export interface HandlerPorts {
  readonly service: SyncService;
  readonly engine: EngineClient;
  readonly window: AppWindow;
  readonly tokens: FolderTokens;
  readonly autostart: Autostart;
  readonly platform: Platform;
  readonly faults: FaultDesk;
  /** For versions that are only looked at. */
  readonly viewing: ViewingFolder;
  readonly vitals: Pick<VitalSigns, 'facts'>;
  readonly onTheme: () => void;
}

/** What each request of the window does. Inputs are parsed already. */
export function requestHandlers({ service, engine, window, tokens, autostart, platform, faults, viewing, vitals, onTheme }: HandlerPorts): Handlers {
  const { clock } = platform;
  const desk = new StorageDesk(tokens, platform);
  const diagnostics = new DiagnosticsDesk({ platform, state: () => service.state, versions: appVersions(), system: () => systemFacts(platform), run: () => vitals.facts });
  const done = async (work: Promise<unknown> | undefined): Promise<null> => {
    await work;
    return null;
  };
  const folderOf = (token: string | null): string | null => (token === null ? null : tokens.path(token));
  const choose = async (options: Electron.OpenDialogOptions): Promise<string | null> => {
    const native = window.native;
    const { canceled, filePaths } = native === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(native, options);
    return canceled ? null : (filePaths[0] ?? null);
  };
  const chooseSheet = async (title: string, name: string): Promise<string | null> => {
    const options: Electron.SaveDialogOptions = { title, defaultPath: join(app.getPath('documents'), name), properties: ['showOverwriteConfirmation'] };
    const native = window.native;
    const { canceled, filePath } = native === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(native, options);
    return canceled || filePath === '' ? null : filePath;
  };
  return {
    'app/state': async () => {
      window.pageListens();
      // A page that begins has no dialog open.
      desk.forgetAll();
      return service.state;
    },
    'app/set': async (patch) => {
      if (patch.startAtLogin !== undefined) await autostart.set(patch.startAtLogin);
      service.set(Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)));
      onTheme();
      return null;
    },
    'app/dismiss': async ({ notice }) => {
      service.dismiss(notice);
      return null;
    },
    'app/fault': async ({ message }) => {
      // The first line says what; the rest where.
      faults.record('window', Object.assign(new Error(message.split('\n', 1)[0]), { stack: message }));
      return null;
    },
    'app/quit': async () => {
      app.quit();
      return null;
    },
    'app/copy': async ({ text }) => {
      clipboard.writeText(text);
      return null;
    },
    'engine/restart': async () => {
      engine.restart();
      return null;
    },
    'folder/choose': async ({ purpose }) => {
      const title = { source: say.dialog.chooseSource, target: say.dialog.chooseTarget, restore: say.dialog.chooseRestore }[purpose];
      const path = await choose({ title, buttonLabel: say.dialog.button, properties: ['openDirectory', 'createDirectory'] });
      return path === null ? null : tokens.give(path);
    },
    'file/choose-ca': async () => {
      const path = await choose({ title: say.dialog.chooseCa, buttonLabel: say.dialog.button, properties: ['openFile'] });
      return path === null ? null : tokens.give(path);
    },
    'storage/profiles': () => desk.profiles(),
    'storage/hold': async (keys) => desk.held.hold(keys),
    'storage/import': async () => {
      const path = await choose({ title: say.dialog.chooseEnv, buttonLabel: say.dialog.button, properties: ['openFile', 'showHiddenFiles'] });
      return path === null ? null : desk.importFrom(path);
    },
    'storage/forget': async () => {
      desk.forgetAll();
      return null;
    },
    'storage/buckets': (access) => service.asks.buckets(desk.plan({ ...access, bucket: '', prefix: '' })),
    'storage/create': ({ bucket, ...access }) => done(service.asks.createBucket(desk.plan({ ...access, bucket, prefix: '' }))),
    'storage/test': (place) => service.asks.testStorage(desk.plan(place)),
    'storage/stop': () => done(service.asks.stopTest()),
    'storage/clean-up': (place) => done(service.asks.addCleanUpRule(desk.plan(place))),
    'vault/look': async (target) => {
      const plan = desk.target(target);
      const look = await service.asks.lookAtVault(plan);
      const kept = look.holds === 'encrypted' ? await service.registry.openKept(plan, look.vault) : null;
      return look.holds !== 'encrypted' || kept === null ? look : { ...look, kept: desk.vaults.hold(kept) };
    },
    'vault/prepare': async (vault) => desk.vaults.prepare(vault),
    'vault/sheet': async ({ source, target, token, name }) => {
      const sheet = desk.vaults.sheet(token, name);
      const file = await chooseSheet(say.dialog.saveSheet, say.dialog.sheetFile(name.replaceAll(/[^\p{L}\p{N} _-]/gu, '')));
      if (file === null) return null;
      const plan = desk.target(target);
      await writePrivateFile(platform, file, sheet, [...service.folders, tokens.path(source), ...(plan.kind === 'local' ? [plan.folder] : [])]);
      return shownPath(file, platform.home.homeDir);
    },
    'vault/confirm': async ({ token, words }) => ({ right: desk.vaults.confirm(token, words) }),
    'vault/open': async ({ target, text }) => ({ token: desk.vaults.hold(await service.asks.openVault(desk.target(target), text)) }),
    'pair/unlock': ({ pair, text, keep }) => service.registry.unlock(pair, text, keep),
    'pair/check': async ({ source, target }) => {
      const plan = { source: tokens.path(source), target: desk.target(target) };
      await service.registry.check(plan).catch((error: unknown) => Promise.reject(shownError(error, platform.home.homeDir)));
      return { isOnOneDisk: await service.registry.isOnOneDisk(plan) };
    },
    'pair/add': async ({ source, target, vault, ...options }) => {
      const answer = await service.registry.add({ source: tokens.path(source), target: desk.target(target) }, { ...options, vault: desk.vaults.plan(vault) });
      if (answer.kind === 'added') desk.forgetAll();
      return answer;
    },
    'pair/key-id': async ({ pair }) => ({ id: await service.registry.keyId(pair) }),
    'pair/credentials': async ({ pair, signIn, ...how }) => {
      const answer = await service.registry.changeSignIn(pair, desk.signIn(signIn), how);
      if (answer.kind === 'changed') desk.forgetAll();
      return answer;
    },
    'pair/repoint': async ({ pair, side }) => {
      const title = side === 'source' ? say.dialog.chooseMovedSource : say.dialog.chooseMovedTarget;
      const folder = await choose({ title, buttonLabel: say.dialog.button, properties: ['openDirectory'] });
      if (folder !== null) await service.registry.repoint(pair, side, folder);
      return { moved: folder !== null };
    },
    'pair/remove': ({ pair }) => done(service.registry.remove(pair)),
    'pair/change': ({ pair, ...patch }) => done(service.change(pair, patch)),
    'pair/open': ({ pair, side }) => done(openSide(service, platform, pair, side)),
    'pair/open-file': ({ pair, path }) => done(openFile(service, platform, pair, path)),
    'pair/why': async ({ pair, path: typed }) => {
      const source = service.path(pair, 'source');
      const chosen =
        typed === null ? await choose({ title: say.why.field, buttonLabel: say.dialog.button, defaultPath: source, properties: ['openFile', 'showHiddenFiles'] }) : null;
      if (typed === null && chosen === null) return null;
      if (chosen !== null) return service.asks.past(pair, 'why', { path: await innerPath(platform.fs, source, chosen) });
      const text = typed ?? '';
      const whole = (folder: string): Promise<string | null> => wholePath(platform.fs, folder, text, platform.home.homeDir);
      const inside = await whole(source);
      if (inside === null)
        for (const other of service.state.pairs)
          if (other.id !== pair && (await whole(service.path(other.id, 'source'))) !== null) return { path: text.trim(), answer: { kind: 'elsewhere', folder: other.name } };
      return service.asks.past(pair, 'why', { path: inside ?? typedPath(text, platform.home.platform === 'win32') });
    },
    'ignore/preview': ({ pair, patterns, junk }) => service.previewIgnored(pair, patterns, junk),
    'schedule/preview': async (schedule) => previewSchedule(schedule, clock.now()),
    'diagnostics/preview': async ({ names }) => ({ text: await diagnostics.text(names) }),
    'diagnostics/save': async ({ names }) => {
      const text = await diagnostics.text(names);
      const file = await chooseSheet(say.diagnostics.title, `file-sync-diagnostics-${new Date(clock.now()).toISOString().slice(0, 10)}.txt`);
      if (file === null) return null;
      await writeTextBeside(platform.fs, platform.random, file, text, 0o600);
      return shownPath(file, platform.home.homeDir);
    },
    'pair/reveal': ({ pair, path }) => done(revealFile(service, platform, pair, path)),
    'sync/now': ({ pair }) => done(service.syncNow(pair)),
    'sync/pause': ({ pair, length }) => done(service.pause(pair, pauseEnd(length, clock.now()))),
    'sync/resume': ({ pair }) => done(service.resume(pair)),
    'pair/problems': ({ pair, from }) => service.asks.problems(pair, from),
    'pair/failures': ({ pair, from }) => service.asks.failures(pair, from),
    'held/paths': ({ pair, side, why }) => service.asks.heldPaths(pair, side, why),
    'held/release': ({ pair, shown }) => done(service.release(pair, shown)),
    'conflict/resolve': ({ pair, path, choice }) => done(service.resolve(pair, path, choice)),
    'conflict/resolve-all': ({ pair, choice, shown }) => done(service.resolveAll(pair, choice, shown)),
    'conflict/open': async ({ pair, path, which }) => {
      if (which !== 'remote') await openFile(service, platform, pair, path);
      if (which !== 'local') await openShown(await service.asks.conflictCopy(pair, path, await viewing.path(), say.conflict.there), platform);
      return null;
    },
    'conflict/settled': ({ pair }) => service.asks.settled(pair),
    'conflict/preview': ({ pair, path }) => service.asks.preview(pair, path),
    'activity/list': (input) => service.activity(input),
    'history/versions': ({ pair, path }) => service.asks.past(pair, 'versions', { path }),
    'history/preview': ({ pair, path, version }) => service.asks.past(pair, 'preview', { path, version }),
    'history/range': ({ pair, folder }) => service.asks.past(pair, 'range', { folder }),
    'history/folder': ({ pair, folder, at }) => service.asks.past(pair, 'folder', { folder, at }),
    'history/deleted': ({ pair, search }) => service.asks.past(pair, 'deleted', { search }),
    'history/runs': ({ pair }) => service.asks.past(pair, 'runs', null),
    'history/plan': ({ pair, what, to }) => service.asks.past(pair, 'plan', { what, folder: folderOf(to) }),
    'history/restore': ({ pair, what, to, agreed }) => service.asks.past(pair, 'restore', { what, folder: folderOf(to), agreed }),
    'history/stop': ({ pair }) => done(service.asks.stopPast(pair)),
    'restored/look': ({ pair }) => service.asks.past(pair, 'lost', null),
    'restored/accept': ({ pair }) => service.asks.past(pair, 'accept', null),
    'trash/list': ({ pair }) => service.asks.past(pair, 'trash', null),
    'trash/empty': ({ pair, shown }) => service.asks.past(pair, 'trash-empty', { shown }),
  };
}

/** Opens a folder of a pair in the file manager. */
export async function openSide(service: SyncService, platform: Platform, pair: string, side: 'source' | 'target'): Promise<void> {
  const folder = service.path(pair, side);
  await requireSide(platform, folder, side);
  await openFolder(folder);
}

async function openFolder(path: string): Promise<void> {
  const problem = await shell.openPath(path);
  if (problem !== '') throw new SyncError('io', `${path} could not be opened: ${problem}`);
}

async function openFile(service: SyncService, platform: Platform, pair: string, text: string): Promise<void> {
  await openShown(fileIn(service, platform, pair, text), platform);
}

/** A file that a system would run is only shown where it lies: it may come from anybody who can write to the backup. */
async function openShown(file: string, platform: Platform): Promise<void> {
  const stat = await statOfShown(platform, file);
  if (stat.kind === 'file' && isOpenable(file, stat.mode, platform.home.platform)) await openFolder(file);
  else shell.showItemInFolder(file);
}

function appVersions(): Readonly<Record<string, string>> {
  const { electron = '', chrome = '', node = '' } = process.versions;
  return { app: app.getVersion(), electron, chrome, node, packaged: String(app.isPackaged) };
}

function systemFacts({ home }: Platform): Readonly<Record<string, string>> {
  const { XDG_CURRENT_DESKTOP: desktop = '', XDG_SESSION_TYPE: display = '' } = home.env;
  return { platform: home.platform, release: release(), architecture: process.arch, desktop, display, locale: app.getLocale() };
}

/** Shows it where it lies. A system does nothing, and says nothing, where there is nothing. */
export async function revealFile(service: SyncService, platform: Platform, pair: string, text: string): Promise<void> {
  const file = fileIn(service, platform, pair, text);
  await statOfShown(platform, file);
  shell.showItemInFolder(file);
}

function fileIn(service: SyncService, platform: Platform, pair: string, text: string): string {
  const parsed = parseRelPath(text);
  if ('fault' in parsed) throw new SyncError('usage', 'that is not a path inside the folder');
  return diskPath(service.path(pair, 'source'), parsed.path, platform.home.platform);
}
