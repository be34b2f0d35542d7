import { count } from '../format.ts';

/** After the owner brought a backup back to an older state himself. */
export const restored = {
  button: 'I restored the backup…',
  title: (name: string) => `Did you restore the backup of ${name}?`,
  text: 'Go on only if you brought the backup back to an older state yourself. If you did not, find out first who did.',
  looking: 'Comparing this computer with the backup',
  nothing: 'The backup has what this computer last saw there. There is nothing to do.',
  groups: {
    older: (n: number) => `${count(n, 'file')} older there: sent again, and the older version is kept`,
    missing: (n: number) => `${count(n, 'item')} gone there: sent again`,
    differing: (n: number) => `${count(n, 'file')} different there: both versions are kept`,
  },
  safe: 'Nothing is deleted on either side. Files that you deleted since the backup was made come back.',
  yes: 'Yes, I did: bring it up to date',
  working: 'Bringing the backup up to date',
  done: (n: number) => `Done: ${count(n, 'change')} carried over.`,
  failed: (n: number) => `${count(n, 'item')} could not be carried over; they are tried again.`,
  others: 'Do the same on your other computers, if they show older versions too.',
} as const;
