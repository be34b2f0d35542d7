import { LANGUAGES, type Language, type LanguageChoice } from '../../src-preload/contract/desktop.ts';

/** The language to speak: the chosen one, or of the user's own, in their order (BCP 47), the first there are words in. */
export function spokenLanguage(choice: LanguageChoice, preferred: readonly string[]): Language {
  if (choice !== 'system') return choice;
  for (const tag of preferred) {
    const found = LANGUAGES.find((known) => known === tag.toLowerCase().split(/[-_]/)[0]);
    if (found !== undefined) return found;
  }
  return 'en';
}
