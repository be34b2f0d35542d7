import { afterEach, expect, it } from 'vitest';
import { setLanguage } from '../../strings/en.ts';
import { leftWords } from './left-words.ts';

afterEach(() => setLanguage('en'));

it('why something stays as it is is said in the language of the window; what is not known is said as it came', () => {
  const both = 'both versions were kept: the other one as Letters/a.conflict-pc.txt';
  expect(leftWords('its earlier content is not kept')).toMatch(/^What was there before is kept neither/);
  expect(leftWords(both)).toBe('Both versions were kept; the other one is a.conflict-pc.txt.');
  expect(leftWords('the disk is full')).toBe('The disk is full.');
  setLanguage('de');
  expect(leftWords('it has changed since that run, and stays as it is')).toBe('Es hat sich seither wieder geändert.');
  expect(leftWords(both)).toContain('Beide Fassungen');
});
