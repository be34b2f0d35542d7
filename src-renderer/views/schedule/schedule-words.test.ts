import { afterEach, expect, it } from 'vitest';
import type { ScheduleFault } from '../../../src-preload/contract/desktop.ts';
import { setLanguage } from '../../strings/say.ts';
import { scheduleFaultWords } from './schedule-words.ts';

afterEach(() => setLanguage('en'));

it.each<[ScheduleFault, RegExp, RegExp]>([
  ['malformed', /^This is no schedule: .* 30 2 \* \* \*\.$/, /^Das ist kein Zeitplan: .* 30 2 \* \* \*\.$/],
  ['never', /^This never comes true\.$/, /^Das trifft nie zu\.$/],
  ['quiet', /^Quiet hours begin/, /^Eine Ruhezeit beginnt/],
  ['time-zone', /^There is no time zone Mars\/Olympus\.$/, /^Eine Zeitzone Mars\/Olympus gibt es nicht\.$/],
])('what is wrong with a schedule is said in the language that is set: %s', (fault, english, german) => {
  const schedule = { cron: '* *', timeZone: 'Mars/Olympus', quiet: [] };
  expect(scheduleFaultWords(fault, schedule)).toMatch(english);
  setLanguage('de');
  expect(scheduleFaultWords(fault, schedule)).toMatch(german);
});
