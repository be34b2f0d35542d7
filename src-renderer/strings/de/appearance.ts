import type { Contrast, LanguageChoice, Motion } from '../../../src-preload/contract/desktop.ts';

export const appearance = {
  language: 'Sprache',
  languages: { system: 'Wie das System', en: 'English', de: 'Deutsch' } satisfies Record<LanguageChoice, string>,
  languageHint: 'Meldungen des Abgleichs selbst sind auf Englisch.',
  contrast: 'Kontrast',
  contrasts: { system: 'Wie das System', high: 'Hoch' } satisfies Record<Contrast, string>,
  motion: 'Bewegung',
  motions: { system: 'Wie das System', reduced: 'So wenig wie möglich' } satisfies Record<Motion, string>,
} as const;
