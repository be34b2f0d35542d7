import type { IgnoreRule, WhyAnswer } from '../../src-preload/contract/desktop.ts';
import type { PairView } from '../../src-preload/contract/model.ts';
import { deniedAction, deniedWords } from './denied-words.ts';
import { en } from './en.ts';
import { errorWords } from './error-words.ts';
import { formatAgo, formatRun } from './format.ts';
import { isHopeless, isResting } from './words.ts';

/** Why a path is not synced, in sentences. That its folder rests is said once, below them. */
export function answerWords(answer: WhyAnswer, pair: PairView, now: number): string {
  const { nextSyncAt, settings } = pair;
  switch (answer.kind) {
    case 'problem': {
      const reason = en.problemCard.reason[answer.reason];
      return answer.above === null ? en.why.problem(en.problemCard.side[answer.side], reason) : en.why.above(answer.above, reason);
    }
    case 'failed': {
      const denied = deniedAction(answer);
      if (denied !== null) return en.why.denied(`${deniedWords(denied)} ${en.deniedCard.remedy}`);
      return isHopeless(answer) ? en.why.hopeless(en.failureCard.advice[answer.code] ?? '') : en.why.failed(errorWords(answer), en.why.again[isResting(pair) ? 'later' : 'soon']);
    }
    case 'pending':
      if (isResting(pair)) return en.why.pendingRest;
      return nextSyncAt === null ? en.why.pending : en.why.pendingUntil(formatRun(nextSyncAt, now));
    case 'unasked':
      return en.why.bothChanged(en.why.comes[isResting(pair) ? 'later' : 'soon'], en.why.outcome.ask);
    case 'settles':
      return en.why.bothChanged(en.why.comes[isResting(pair) ? 'later' : 'soon'], en.why.outcome[answer.kept]);
    case 'one-way':
      return en.why.oneWay[answer.direction];
    case 'behind-link':
      return en.why.behindLink(answer.above);
    case 'deleted':
    case 'moved': {
      const gone = en.why.gone(en.why[answer.kind], answer.at === null ? '' : formatAgo(answer.at, now));
      return `${gone} ${answer.kept ? en.why.keptVersions : en.why.notKept}`;
    }
    case 'below':
      return en.why.below[answer.what](answer.count);
    case 'ignored':
      return (answer.isThere ? en.why.ignored : en.why.ignoredAway)(answer.rule.pattern, rulePlace(answer.rule, settings.ignorePatterns));
    case 'conflict':
    case 'differs':
    case 'link':
    case 'agreed':
      return en.why[answer.kind];
    case 'held':
      return en.why.held[answer.why];
    case 'elsewhere':
      return en.why.elsewhere(answer.folder);
    case 'nowhere':
      return `${en.why.nowhere} ${answer.alike.length === 0 ? en.why.checkName : en.why.alike(answer.alike.join(', '))}`;
  }
}

/** A folder's own rules come after those of every folder, so what both have is the folder's. */
function rulePlace({ pattern, from, file }: IgnoreRule, own: readonly string[]): string {
  const { rulePlaces } = en.why;
  if (from === 'leftovers') return rulePlaces.leftovers;
  if (file !== null) return rulePlaces.file(file);
  return own.includes(pattern) ? rulePlaces.own : rulePlaces.every;
}
