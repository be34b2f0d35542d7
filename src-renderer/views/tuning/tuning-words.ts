import { type Sample, TUNING_GROUPS, type Tuning, type TuningGroup, type TuningKey } from '../../../src-preload/contract/tuning.ts';
import { formatBytes, formatNumber, formatPercent, formatPrice, lowerFirst } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';

/** What a group says, in one clause. */
export function groupWords(group: TuningGroup, tuning: Tuning): string {
  const { words } = say.tuning;
  switch (group) {
    case 'transfers':
      return words.transfers(lowerFirst(say.tuning.directions[tuning.direction]), tuning.maxConcurrent);
    case 'history':
      return historyWords(tuning);
    case 'checks':
      return checkWords(tuning);
    case 'compression':
      return words.level(tuning.compressionLevel);
    case 'deletions':
      return deletionWords(tuning);
    case 'guard':
      return words.holds(tuning.holdRewrites);
    case 'prices':
      return priceWords(tuning);
  }
}

function historyWords(tuning: Tuning): string {
  const { words } = say.tuning;
  const { versionsKeep, versionsDays, versionsThin, versionsMaxBytes, trashDays } = tuning;
  const kept = keepsNothing(tuning)
    ? [words.nothing]
    : [
        words.kept(words.versions(versionsKeep), words.days(versionsDays)),
        ...(versionsThin ? [words.thinned] : []),
        ...(versionsMaxBytes === null ? [] : [words.atMost(formatBytes(versionsMaxBytes))]),
      ];
  return [...kept, words.trash(words.days(trashDays))].join(', ');
}

function deletionWords({ holdDeletions, holdDeletionsPercent }: Tuning): string {
  const { words } = say.tuning;
  return holdDeletionsPercent === 0 ? words.asks(holdDeletions) : words.asksPart(holdDeletions, formatPercent(holdDeletionsPercent / 100));
}

function priceWords(tuning: Tuning): string {
  const { prices } = say.tuning;
  const said = TUNING_GROUPS.prices.flatMap((key) => (tuning[key] === null ? [] : [prices.words[key](formatPrice(tuning[key]))]));
  return said.length === 0 ? prices.listed : said.join(', ');
}

function checkWords({ verifySample, verifyEveryDays }: Tuning): string {
  const { words } = say.tuning;
  if (verifyEveryDays === 0) return words.neverChecks;
  return verifyEveryDays === 1 ? words.checksDaily(sampleWords(verifySample)) : words.checks(sampleWords(verifySample), words.days(verifyEveryDays));
}

function sampleWords(sample: Sample): string {
  return sample.kind === 'count' ? say.tuning.words.files(sample.files) : say.tuning.words.part(formatNumber(sample.percent));
}

/** One value, as the way back to it names it. */
export function valueWords(key: TuningKey, tuning: Tuning): string {
  const { words, units } = say.tuning;
  switch (key) {
    case 'direction':
      return lowerFirst(say.tuning.directions[tuning.direction]);
    case 'debounceMs':
      return `${formatNumber(tuning.debounceMs / 1_000)} ${units.seconds}`;
    case 'versionsDays':
    case 'trashDays':
    case 'verifyEveryDays':
      return words.days(tuning[key]);
    case 'versionsKeep':
      return words.versions(tuning.versionsKeep);
    case 'versionsMaxBytes':
      return tuning.versionsMaxBytes === null ? lowerFirst(say.tuning.noLimit) : formatBytes(tuning.versionsMaxBytes);
    case 'versionsThin':
    case 'versionsPruneBucket':
      return tuning[key] ? say.tuning.on : say.tuning.off;
    case 'versionsKeepIn':
      return lowerFirst(say.tuning.keepIns[tuning.versionsKeepIn]);
    case 'verifySample':
      return sampleWords(tuning.verifySample);
    case 'holdDeletions':
      return words.files(tuning.holdDeletions);
    case 'holdDeletionsPercent':
      return formatPercent(tuning.holdDeletionsPercent / 100);
    case 'holdRewrites':
      return words.holds(tuning.holdRewrites);
    case 'priceStorage':
    case 'priceDownload':
    case 'priceWrites':
    case 'priceReads':
      return tuning[key] === null ? lowerFirst(say.tuning.prices.none) : formatPrice(tuning[key]);
    case 'maxConcurrent':
    case 'compressionLevel':
      return formatNumber(tuning[key]);
  }
}

/** What is overwritten is gone. */
export function keepsNothing({ versionsKeep, versionsDays }: Tuning): boolean {
  return versionsKeep === 0 || versionsDays === 0;
}

/** Versions that were kept until now may be kept no more. */
export function keepsLess(before: Tuning, after: Tuning): boolean {
  const bytes = (tuning: Tuning): number => tuning.versionsMaxBytes ?? Number.POSITIVE_INFINITY;
  return (
    after.versionsKeep < before.versionsKeep ||
    after.versionsDays < before.versionsDays ||
    bytes(after) < bytes(before) ||
    (after.versionsThin && !before.versionsThin) ||
    (after.versionsPruneBucket && !before.versionsPruneBucket)
  );
}

/** Where folders keep something of their own, by groups. */
export function ownGroups(own: Readonly<Record<string, unknown>>): readonly TuningGroup[] {
  return (Object.keys(TUNING_GROUPS) as TuningGroup[]).filter((group) => TUNING_GROUPS[group].some((key) => own[key] !== undefined));
}
