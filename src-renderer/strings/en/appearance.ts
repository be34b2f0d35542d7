import type { Contrast, LanguageChoice, Motion } from '../../../src-preload/contract/desktop.ts';

export const appearance = {
  language: 'Language',
  languages: { system: 'Like the system', en: 'English', de: 'Deutsch' } satisfies Record<LanguageChoice, string>,
  languageHint: 'Messages of the sync engine itself are in English.',
  contrast: 'Contrast',
  contrasts: { system: 'Like the system', high: 'High' } satisfies Record<Contrast, string>,
  motion: 'Motion',
  motions: { system: 'Like the system', reduced: 'As little as possible' } satisfies Record<Motion, string>,
} as const;
