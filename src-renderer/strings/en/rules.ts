import { count } from '../format.ts';

/** Ignore rules and what they match. */
export const rules = {
  everywhere: 'Left out in every folder',
  everywhereHint: 'One pattern a line, as in .gitignore. They come before a folder’s own rules, which can take one back with “!”.',
  inherited: (patterns: string) => `Also left out, as in every folder: ${patterns}`,
  preview: 'What these rules match now',
  looking: 'Looking at the folder',
  nothing: (looked: number) => `Nothing is left out of ${count(looked, 'item')} here.`,
  matches: (what: string, looked: number) => `Left out of ${count(looked, 'item')} here: ${what}`,
  files: (n: number) => count(n, 'file'),
  folders: (n: number) => `${count(n, 'folder')} with all they hold`,
  and: (a: string, b: string) => `${a} and ${b}`,
  more: (n: number) => `and ${n} more`,
  partly: 'The folder is too large to be looked at in full: this is what was seen so far.',
  overrides: 'Always for certain files',
  overridesHint: 'The first pattern that fits decides.',
  overrideLine: (pattern: string, policy: string) => `${pattern}: ${policy}`,
  removeOverride: (pattern: string) => `Remove the rule for ${pattern}`,
} as const;
