import { expect, it } from 'vitest';
import { spokenLanguage } from './language.ts';

it.each([
  ['system', ['de-AT', 'en-US'], 'de'],
  ['system', ['fr-FR', 'de_DE.UTF-8', 'en'], 'de'],
  ['system', ['fr-FR', 'nl'], 'en'],
  ['system', ['en-GB', 'de'], 'en'],
  ['system', [], 'en'],
  ['system', ['C'], 'en'],
  ['de', ['en-US'], 'de'],
  ['en', ['de-DE'], 'en'],
] as const)('%s with %j is %s', (choice, preferred, spoken) => {
  expect(spokenLanguage(choice, preferred)).toBe(spoken);
});
