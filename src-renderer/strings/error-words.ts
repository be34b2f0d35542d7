import type { ErrorView } from '../../src-preload/contract/model.ts';
import { deniedAction, deniedWords } from './denied-words.ts';
import { sentence } from './format.ts';
import { isEnglish, say } from './say.ts';

type Wrong = Pick<ErrorView, 'code' | 'message'>;

/** What went wrong, by itself: other languages name its kind, and what the engine or the store says in English is a quotation after it. */
export function errorWords(error: Wrong): string {
  const denied = deniedAction(error);
  if (denied !== null) return deniedWords(denied);
  return isEnglish() ? sentence(error.message) : `${sentence(say.errors.kinds[error.code])} ${quoted(error, error.message)}`;
}

/** The same, and what can be done about it; `kindSaid`: its kind is said already. */
export function errorAndHint({ hint, ...error }: Wrong & Pick<ErrorView, 'hint'>, kindSaid = false): string {
  const denied = deniedAction(error);
  if (denied !== null) return [deniedWords(denied), isEnglish() ? hint : null].filter((part) => part !== null).join(' ');
  const said = [sentence(error.message), hint === null ? '' : sentence(hint)].filter((part) => part !== '').join(' ');
  if (isEnglish()) return said;
  const quotation = quoted(error, said);
  return kindSaid ? quotation : `${sentence(say.errors.kinds[error.code])} ${quotation}`;
}

/** `host answered 403 AccessDenied`: the store's own words. */
function quoted({ message }: Wrong, words: string): string {
  return (/ answered \d{3}\b/.test(message) ? say.errors.serverSays : say.errors.inEnglish)(words);
}
