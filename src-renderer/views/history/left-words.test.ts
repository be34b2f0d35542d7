import { afterEach, expect, it } from 'vitest';
import { setLanguage } from '../../strings/say.ts';
import { leftTitle, leftWords } from './left-words.ts';

afterEach(() => setLanguage('en'));

it('why something stays as it is is said in the language of the window; what is not known is said as it came', () => {
  const both = 'both versions were kept: the other one as Letters/a.conflict-pc.txt';
  expect(leftWords('its earlier content is not kept')).toMatch(/^What was there before is kept neither/);
  expect(leftWords(both)).toBe('Both versions were kept; the other one is a.conflict-pc.txt.');
  expect(leftWords('the disk is full')).toBe('The disk is full.');
  setLanguage('de');
  expect(leftWords('it has changed since that run, and stays as it is')).toBe('Nach diesem Durchlauf geändert.');
  expect(leftWords(both)).toContain('Beide Versionen');
});

it('files that changed after a run that is undone are told as that, and named where they are few', () => {
  const since = { path: 'a', why: 'it has changed since that run, and stays as it is' };
  expect(leftTitle({ items: [since], total: 1 })).toEqual({ title: '1 file changed after this run, and so stays as it is', open: true });
  expect(leftTitle({ items: [since], total: 300 }).open).toBe(false);
  expect(leftTitle({ items: [since, { path: 'b', why: 'its earlier content is not kept' }], total: 2 })).toEqual({ title: '2 items stay as they are', open: false });
});
