import type { Language } from '../../src-preload/contract/desktop.ts';
import type { Catalogue } from './catalogue.ts';
import { english } from './english.ts';
import { setFormats } from './format.ts';
import { german } from './german.ts';

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en: english, de: german };

/** Every word the app shows, in the language that is set: English until another one is. Looked up where a word is shown and never kept, so that a change reaches everything. */
export let say: Catalogue = english;

export function isEnglish(): boolean {
  return say === english;
}

/** Of this process: main process and window each set theirs. */
export function setLanguage(language: Language): void {
  say = CATALOGUES[language];
  setFormats(language);
}
