import type { Notice } from '../../src-preload/contract/model.ts';
import { hasCode } from '../core/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import { readText } from '../platform/text-file.ts';
import { readSettings, type Settings } from './settings-schema.ts';

/** Where settings are kept; electron-store in the app. Writing is atomic (C61). */
export interface SettingsKeeper {
  write(settings: Settings): void;
}

/** The app's settings. What it holds was read by the schema; a change is on disk when `change` returns. */
export class SettingsStore {
  readonly #keeper: SettingsKeeper;
  readonly notices: readonly Notice[];
  #settings: Settings;

  constructor(settings: Settings, keeper: SettingsKeeper, notices: readonly Notice[] = []) {
    this.#settings = settings;
    this.#keeper = keeper;
    this.notices = notices;
  }

  get now(): Settings {
    return this.#settings;
  }

  change(change: Partial<Settings>): void {
    const next = { ...this.#settings, ...change };
    this.#keeper.write(next);
    this.#settings = next;
  }
}

export interface OpenPorts {
  readonly fs: Fs;
  readonly clock: Clock;
  /** Called once the file is known to be readable or gone. */
  readonly keeper: () => SettingsKeeper;
}

/** Opens the settings. A file that cannot be read, or that a later version wrote, is set aside under another name and said so: nothing in it is lost, and no pair is guessed. */
export async function openSettings(file: string, { fs, clock, keeper }: OpenPorts): Promise<SettingsStore> {
  const read = await readFile(fs, file);
  if (read.kind === 'ok') return new SettingsStore(read.settings, keeper());
  const aside = `${file}.${read.kind}-${new Date(clock.now()).toISOString().replaceAll(':', '-')}`;
  await fs.rename(file, aside);
  const notice: Notice = { id: read.kind, kind: read.kind === 'newer' ? 'settings-newer' : 'settings-set-aside', detail: aside };
  const fresh = readSettings({});
  if (fresh.kind !== 'ok') throw new RangeError('the defaults do not fit the schema');
  return new SettingsStore(fresh.settings, keeper(), [notice]);
}

async function readFile(fs: Fs, file: string): Promise<ReturnType<typeof readSettings>> {
  let text: string;
  try {
    text = await readText(fs, file);
  } catch (error) {
    if (hasCode(error, 'not-found')) return readSettings({});
    throw error;
  }
  try {
    return readSettings(JSON.parse(text));
  } catch {
    return { kind: 'unreadable' };
  }
}
