import fs from 'node:fs';
import type { ElectronApplication } from '@playwright/test';
import { askTwice, type Launched, until } from './launch.ts';
import type { TrayItem } from './tray-host.ts';

/** What must not grow while the window is opened and closed. */
export interface AppCounts {
  readonly windows: number;
  readonly pages: number;
  /** Listeners of everything in the main process that lives as long as the app. */
  readonly listeners: number;
  /** Timers, sockets, threads and the like of the main process. */
  readonly resources: number;
}

export function countParts(app: ElectronApplication): Promise<AppCounts> {
  return askTwice(() =>
    app.evaluate((electron) => {
      const { app: self, BrowserWindow, ipcMain, nativeTheme, powerMonitor, webContents } = electron;
      const windows = BrowserWindow.getAllWindows();
      const pages = webContents.getAllWebContents();
      const emitters: NodeJS.EventEmitter[] = [
        process,
        self,
        ipcMain,
        nativeTheme,
        powerMonitor,
        ...windows,
        ...pages,
        ...pages.map((page) => page.session),
      ] as NodeJS.EventEmitter[];
      const listeners = emitters.reduce((sum, emitter) => sum + emitter.eventNames().reduce((count, name) => count + emitter.listenerCount(name), 0), 0);
      // Timers come and go by themselves.
      const resources = process.getActiveResourcesInfo().filter((name) => name !== 'Timeout' && name !== 'Immediate').length;
      return { windows: windows.length, pages: pages.length, listeners, resources };
    }),
  );
}

const isShown = (app: ElectronApplication): Promise<boolean> =>
  askTwice(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible())));

/** Closes the window and has the tray bring it back, so often. */
export async function openAndClose({ app }: Launched, tray: TrayItem, times: number, onOpen: (turn: number) => Promise<void> = async () => undefined): Promise<void> {
  for (let turn = 0; turn < times; turn++) {
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await until('the window is gone', async () => !(await isShown(app)));
    await tray.activate();
    await until('the window is back', () => isShown(app));
    await onOpen(turn);
  }
}

export interface ProcessMemory {
  readonly type: string;
  /** Resident, and how much of that is its own; files and libraries that several processes share are in the difference. */
  readonly residentMib: number;
  readonly ownMib: number;
}

/** Every process of the app. */
export async function memoryOf(app: ElectronApplication): Promise<readonly ProcessMemory[]> {
  const processes = await askTwice(() => app.evaluate(({ app: self }) => self.getAppMetrics().map(({ pid, type, name }) => ({ pid, type: name ?? type }))));
  return processes.map(({ pid, type }) => {
    const [, resident = 0, shared = 0] = fs
      .readFileSync(`/proc/${pid}/statm`, 'utf8')
      .split(' ')
      .map((pages) => (Number(pages) * 4096) / 1_048_576);
    return { type, residentMib: Math.round(resident), ownMib: Math.round(resident - shared) };
  });
}

/** Of all of them: their own, and once what the largest shares. */
export function totalMib(processes: readonly ProcessMemory[]): number {
  const shared = Math.max(...processes.map(({ residentMib, ownMib }) => residentMib - ownMib));
  return processes.reduce((sum, { ownMib }) => sum + ownMib, shared);
}
