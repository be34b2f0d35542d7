import { dirname, join } from 'node:path';
import type { AppState } from '../../src-preload/contract/model.ts';
import type { Platform } from '../platform/platform.ts';
import { appLogFile } from './app-log.ts';
import { diagnosticsText } from './diagnostics.ts';
import { readTail } from './read-tail.ts';

export interface DiagnosticsPorts {
  readonly platform: Platform;
  readonly state: () => AppState;
  readonly versions: Readonly<Record<string, string>>;
  readonly system: () => Readonly<Record<string, string>>;
  readonly run: () => Readonly<Record<string, unknown>>;
}

const LINES = 300;

/** Gathers what goes into a diagnostics file: what is previewed and what is saved are made alike. */
export class DiagnosticsDesk {
  readonly #ports: DiagnosticsPorts;

  constructor(ports: DiagnosticsPorts) {
    this.#ports = ports;
  }

  async text(names: boolean): Promise<string> {
    const { platform, state, versions, system, run } = this.#ports;
    const app = appLogFile(platform.home);
    const files = [app, join(dirname(app), 'file-sync.log')];
    const logs = await Promise.all(files.map(async (file) => ({ name: file.slice(dirname(file).length + 1), lines: await readTail(platform.fs, file, LINES) })));
    return diagnosticsText({ state: state(), at: new Date(platform.clock.now()).toISOString(), versions, system: system(), run: run(), logs, names });
  }
}
