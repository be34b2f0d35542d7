import type { IgnoreRule, WhyAnswer } from '../../src-preload/contract/desktop.ts';
import type { PairView } from '../../src-preload/contract/model.ts';
import { deniedAction, deniedWords } from './denied-words.ts';
import { errorWords } from './error-words.ts';
import { formatAgo, formatRun } from './format.ts';
import { say } from './say.ts';
import { isHopeless, isResting } from './words.ts';

/** Why a path is not synced, in sentences. That its folder rests is said once, below them. */
export function answerWords(answer: WhyAnswer, pair: PairView, now: number): string {
  const { nextSyncAt, settings } = pair;
  switch (answer.kind) {
    case 'problem': {
      const reason = say.problemCard.reason[answer.reason];
      return answer.above === null ? say.why.problem(say.problemCard.side[answer.side], reason) : say.why.above(answer.above, reason);
    }
    case 'failed': {
      const denied = deniedAction(answer);
      if (denied !== null) return say.why.denied(`${deniedWords(denied)} ${say.deniedCard.remedy}`);
      return isHopeless(answer)
        ? say.why.hopeless(say.failureCard.advice[answer.code] ?? '')
        : say.why.failed(errorWords(answer), say.why.again[isResting(pair) ? 'later' : 'soon']);
    }
    case 'pending':
      if (isResting(pair)) return say.why.pendingRest;
      return nextSyncAt === null ? say.why.pending : say.why.pendingUntil(formatRun(nextSyncAt, now));
    case 'unasked':
      return say.why.bothChanged(say.why.comes[isResting(pair) ? 'later' : 'soon'], say.why.outcome.ask);
    case 'settles':
      return say.why.bothChanged(say.why.comes[isResting(pair) ? 'later' : 'soon'], say.why.outcome[answer.kept]);
    case 'one-way':
      return say.why.oneWay[answer.direction];
    case 'behind-link':
      return say.why.behindLink(answer.above);
    case 'deleted':
    case 'moved': {
      const gone = say.why.gone(say.why[answer.kind], answer.at === null ? '' : formatAgo(answer.at, now));
      return `${gone} ${answer.kept ? say.why.keptVersions : say.why.notKept}`;
    }
    case 'below':
      return say.why.below[answer.what](answer.count);
    case 'ignored':
      return (answer.isThere ? say.why.ignored : say.why.ignoredAway)(answer.rule.pattern, rulePlace(answer.rule, settings.ignorePatterns));
    case 'conflict':
    case 'differs':
    case 'link':
    case 'agreed':
      return say.why[answer.kind];
    case 'held':
      return say.why.held[answer.why];
    case 'elsewhere':
      return say.why.elsewhere(answer.folder);
    case 'nowhere':
      return `${say.why.nowhere} ${answer.alike.length === 0 ? say.why.checkName : say.why.alike(answer.alike.join(', '))}`;
  }
}

/** A folder's own rules come after those of every folder, so what both have is the folder's. */
function rulePlace({ pattern, from, file }: IgnoreRule, own: readonly string[]): string {
  const { rulePlaces } = say.why;
  if (from === 'leftovers') return rulePlaces.leftovers;
  if (file !== null) return rulePlaces.file(file);
  return own.includes(pattern) ? rulePlaces.own : rulePlaces.every;
}
