import { join } from 'node:path';
import { app, dialog, shell } from 'electron';
import { en } from '../../src-renderer/strings/en.ts';
import { SyncError } from '../core/errors.ts';
import { parseRelPath } from '../core/rel-path.ts';
import type { Clock } from '../platform/clock.ts';
import type { Autostart } from './autostart.ts';
import type { EngineClient } from './engine-client.ts';
import type { FolderTokens } from './folder-tokens.ts';
import type { Handlers } from './ipc-server.ts';
import { pauseEnd } from './pause-length.ts';
import type { SyncService } from './sync-service.ts';
import type { AppWindow } from './window.ts';

export interface HandlerPorts {
  readonly service: SyncService;
  readonly engine: EngineClient;
  readonly window: AppWindow;
  readonly tokens: FolderTokens;
  readonly autostart: Autostart;
  readonly clock: Clock;
  readonly onTheme: () => void;
}

/** What each request of the window does. Inputs are parsed already. */
export function requestHandlers({ service, engine, window, tokens, autostart, clock, onTheme }: HandlerPorts): Handlers {
  const done = async (work: Promise<unknown> | undefined): Promise<null> => {
    await work;
    return null;
  };
  const folders = ({ source, target }: { readonly source: string; readonly target: string }) => ({ source: tokens.path(source), target: tokens.path(target) });
  return {
    'app/state': async () => {
      window.pageListens();
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
    'app/quit': async () => {
      app.quit();
      return null;
    },
    'engine/restart': async () => {
      engine.restart();
      return null;
    },
    'folder/choose': async ({ purpose }) => {
      const title = purpose === 'source' ? en.dialog.chooseSource : en.dialog.chooseTarget;
      const options: Electron.OpenDialogOptions = { title, buttonLabel: en.dialog.button, properties: ['openDirectory', 'createDirectory'] };
      const native = window.native;
      const { canceled, filePaths } = native === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(native, options);
      const [path] = filePaths;
      return canceled || path === undefined ? null : tokens.give(path);
    },
    'pair/check': (input) => done(service.check(folders(input))),
    'pair/add': async (input) => {
      const added = await service.add(folders(input), input);
      tokens.forgetAll();
      return added;
    },
    'pair/remove': ({ pair }) => done(service.remove(pair)),
    'pair/change': ({ pair, ...patch }) => done(service.change(pair, patch)),
    'pair/open': ({ pair, side }) => done(openFolder(service.paths(pair)[side])),
    'pair/reveal': async ({ pair, path }) => {
      revealFile(service, pair, path);
      return null;
    },
    'sync/now': ({ pair }) => done(service.syncNow(pair)),
    'sync/pause': ({ pair, length }) => done(service.pause(pair, pauseEnd(length, clock.now()))),
    'sync/resume': ({ pair }) => done(service.resume(pair)),
    'held/release': ({ pair, shown }) => done(service.release(pair, shown)),
    'conflict/resolve': ({ pair, path, choice }) => done(service.resolve(pair, path, choice)),
    'conflict/preview': ({ pair, path }) => service.preview(pair, path),
    'activity/list': (input) => service.activity(input),
  };
}

async function openFolder(path: string): Promise<void> {
  const problem = await shell.openPath(path);
  if (problem !== '') throw new SyncError('io', `${path} could not be opened: ${problem}`);
}

export function revealFile(service: SyncService, pair: string, text: string): void {
  const parsed = parseRelPath(text);
  if ('fault' in parsed) throw new SyncError('usage', 'that is not a path inside the folder');
  shell.showItemInFolder(join(service.paths(pair).source, ...parsed.path.split('/')));
}
