import type { ErrorView } from '../../src-preload/contract/model.ts';
import { en, isEnglish } from './en.ts';
import { sentence } from './format.ts';

/** What went wrong, by itself: other languages name its kind, before what the engine says in English. */
export function errorWords({ code, message }: Pick<ErrorView, 'code' | 'message'>): string {
  return isEnglish() ? sentence(message) : `${sentence(en.errors.kinds[code])} (${message})`;
}
