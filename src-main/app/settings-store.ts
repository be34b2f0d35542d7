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

/** The app's settings. What it holds was read by the schema; once there is a keeper, a change is on disk when `change` returns. */
export class SettingsStore {
  readonly notices: readonly Notice[];
  #keeper: SettingsKeeper | null = null;
  #isUnwritten = false;
  #settings: Settings;

  constructor(settings: Settings, notices: readonly Notice[] = []) {
    this.#settings = settings;
    this.notices = notices;
  }

  /** Writes what was changed so far, and everything from now on. */
  keepBy(keeper: SettingsKeeper): void {
    if (this.#isUnwritten) keeper.write(this.#settings);
    this.#isUnwritten = false;
    this.#keeper = keeper;
  }

  get now(): Settings {
    return this.#settings;
  }

  change(change: Partial<Settings>): void {
    const next = { ...this.#settings, ...change };
    this.#keeper?.write(next);
    this.#isUnwritten = this.#keeper === null;
    this.#settings = next;
  }
}

export interface OpenPorts {
  readonly fs: Fs;
  readonly clock: Clock;
}

/** Reads the settings. A file that cannot be read, or that a later version wrote, is set aside under another name and said so: nothing in it is lost, and no pair is guessed. */
export async function openSettings(file: string, { fs, clock }: OpenPorts): Promise<SettingsStore> {
  const read = await readFile(fs, file);
  if (read.kind === 'ok') return new SettingsStore(read.settings);
  const aside = `${file}.${read.kind}-${new Date(clock.now()).toISOString().replaceAll(':', '-')}`;
  await fs.rename(file, aside);
  const notice: Notice = { id: read.kind, kind: read.kind === 'newer' ? 'settings-newer' : 'settings-set-aside', detail: aside };
  const fresh = readSettings({});
  if (fresh.kind !== 'ok') throw new RangeError('the defaults do not fit the schema');
  return new SettingsStore(fresh.settings, [notice]);
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
