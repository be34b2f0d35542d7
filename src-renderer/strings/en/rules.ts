import { count, formatNumber } from '../format.ts';

/** Ignore rules and what they match. */
export const rules = {
  everywhere: 'Left out in every folder',
  everywhereHint: 'One pattern a line, as in .gitignore. They come before a folder’s own rules, which can take one back with “!”.',
  inherited: (patterns: string) => `Also left out, as in every folder: ${patterns}`,
  preview: 'What these rules match now',
  looking: 'Counting…',
  nothing: (total: number) => `Nothing is left out of ${count(total, 'file')} here.`,
  matches: (files: number, total: number) => `Left out: ${formatNumber(files)} of ${count(total, 'file')} here`,
  emptyFolders: (n: number) => `Left out: ${count(n, 'folder')}, with no file in them`,
  hopeless: (patterns: string) => `This can match nothing: ${patterns}. A “[” needs its “]”, and no line may end in “\\”.`,
  moreOfThem: 'and more',
  partly: 'The folder is too large to be looked at in full: this is what was seen so far.',
  overrides: 'Always for certain files',
  overridesHint: 'The first pattern that fits decides.',
  overrideLine: (pattern: string, policy: string) => `${pattern}: ${policy}`,
  removeOverride: (pattern: string) => `Remove the rule for ${pattern}`,
} as const;
