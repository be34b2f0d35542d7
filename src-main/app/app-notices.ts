import type { Notice } from '../../src-preload/contract/model.ts';

/** The cards that the window shows until the user has read them. */
export class AppNotices {
  #all: readonly Notice[];

  constructor(first: readonly Notice[]) {
    this.#all = first;
  }

  get all(): readonly Notice[] {
    return this.#all;
  }

  /** Something went wrong inside the app; one card, with the latest. */
  fault(text: string): void {
    this.#all = [...this.#all.filter(({ id }) => id !== 'fault'), { id: 'fault', kind: 'fault', detail: text }];
  }

  /** Keys of a pair that the keychain did not let go of: nothing else can remove them. */
  keysLeft(pair: string, name: string): void {
    this.#all = [...this.#all, { id: `left-${pair}`, kind: 'keys-left', detail: name }];
  }

  /** The settings cannot be written, and why; null: they can be again. */
  settingsUnwritten(why: string | null): void {
    this.dismiss('settings-unwritten');
    if (why !== null) this.#all = [...this.#all, { id: 'settings-unwritten', kind: 'settings-unwritten', detail: why }];
  }

  dismiss(id: string): void {
    this.#all = this.#all.filter((notice) => notice.id !== id);
  }
}
