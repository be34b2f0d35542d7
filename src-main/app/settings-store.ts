import { isDeepStrictEqual } from 'node:util';
import type { Notice } from '../../src-preload/contract/model.ts';
import { hasCode, type SyncError } from '../core/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import { fromNodeError } from '../platform/node-error.ts';
import { readText } from '../platform/text-file.ts';
import { Countdown } from './countdown.ts';
import { readSettings, type Settings } from './settings-schema.ts';

/** Where settings are kept; electron-store in the app. Writing is atomic (C61). Throws where it cannot write; nothing is lost then of what was there. */
export interface SettingsKeeper {
  write(settings: Settings): void;
}

/** What could not be written is tried again so often, beside every change. */
const AGAIN_AFTER_MS = 60_000;

/** The app's settings. What it holds was read by the schema. Once there is a keeper, a change is on disk when `change` returns, or `trouble` says why it is not: then it counts all the same, until the app ends. */
export class SettingsStore {
  readonly notices: readonly Notice[];
  readonly #listeners: ((trouble: SyncError | null) => void)[] = [];
  #keeper: SettingsKeeper | null = null;
  #again: Countdown | null = null;
  #isUnwritten = false;
  #trouble: SyncError | null = null;
  #settings: Settings;

  constructor(settings: Settings, notices: readonly Notice[] = []) {
    this.#settings = settings;
    this.notices = notices;
  }

  /** Writes what was changed so far, and everything from now on. */
  keepBy(keeper: SettingsKeeper, clock: Pick<Clock, 'sleep'>): void {
    this.#keeper = keeper;
    this.#again = new Countdown(clock, AGAIN_AFTER_MS, () => this.tryAgain());
    this.tryAgain();
  }

  get now(): Settings {
    return this.#settings;
  }

  /** Why what it holds is not on disk; null: it is, as far as was tried. */
  get trouble(): SyncError | null {
    return this.#trouble;
  }

  /** Told when it can no longer be written, once however often it is tried, and when it can be again (null). */
  onTrouble(listener: (trouble: SyncError | null) => void): void {
    this.#listeners.push(listener);
  }

  /** Never throws. What changes nothing is not written. */
  change(change: Partial<Settings>): void {
    const next = { ...this.#settings, ...change };
    if (isDeepStrictEqual(next, this.#settings)) return this.tryAgain();
    this.#settings = next;
    this.save();
  }

  /** Writes all it holds, changed or not. False: it cannot be written now. */
  save(): boolean {
    this.#isUnwritten = true;
    if (this.#keeper === null) return true;
    let trouble: SyncError | null = null;
    try {
      this.#keeper.write(this.#settings);
      this.#isUnwritten = false;
      this.#again?.callOff();
    } catch (error) {
      trouble = fromNodeError(error, 'settings.json');
      this.#again?.begin();
    }
    this.#tell(trouble);
    return trouble === null;
  }

  tryAgain(): void {
    if (this.#isUnwritten) this.save();
  }

  #tell(trouble: SyncError | null): void {
    const isNews = (trouble === null) !== (this.#trouble === null);
    this.#trouble = trouble;
    if (isNews) for (const listener of this.#listeners) listener(trouble);
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
