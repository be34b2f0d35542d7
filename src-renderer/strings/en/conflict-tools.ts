import { count } from '../format.ts';

/** What a conflict can be looked at and settled with. */
export const conflictTools = {
  open: 'Open both',
  openHere: 'Open this computer’s',
  openThere: 'Open a copy of the backup’s',
  pictures: 'Both pictures',
  pictureHere: 'Picture on this computer',
  pictureThere: 'Picture in the backup',
  loses: {
    local: (side: string) => `Replaces the backup’s version (${side}), which stays there as an old version and can be brought back.`,
    remote: (side: string) => `Replaces this computer’s version (${side}), which goes to the trash inside the folder and can be brought back.`,
    forGood: (side: string) => `Replaces the backup’s version (${side}), which is not kept: this folder keeps no old versions.`,
    both: 'Nothing is replaced: both stay, under two names.',
  },
  decided: {
    waiting: 'Decided. The next sync carries it out.',
    local: (side: string) => `Done. The backup’s version (${side}) is kept as an old version of this file.`,
    remote: (side: string) => `Done. This computer’s version (${side}) is in the trash inside the folder.`,
    forGood: (side: string) => `Done. The backup’s version (${side}) was not kept: this folder keeps no old versions.`,
    both: 'Done. Both are there: this computer’s version stays beside the other under a new name.',
    all: {
      local: 'Decided. The backup’s versions stay there as old versions of their files.',
      remote: 'Decided. This computer’s versions go to the trash inside their folders.',
    },
    again: 'Undo brings it back beside the one you kept.',
    allAgain: 'Each of them can be brought back beside the one you kept: see History, Undo.',
    showRuns: 'Show Undo',
    show: 'Show its versions',
    undo: 'Undo…',
  },
  newerLoses: 'Mind: the version that is replaced is the newer one.',
  always: (pattern: string) => `Always do this for ${pattern}`,
  alwaysHint: 'From then on files like this one are not asked about. It can be changed in the folder’s settings.',
  all: (n: number) => `Decide all ${n}…`,
  allTitle: (n: number) => `Decide ${count(n, 'conflict')} at once`,
  allText: 'The same choice for every file in the list. What is replaced is kept: in the backup as an old version, here in the trash.',
  allForGood: 'Not all of these folders keep old versions: there, what is replaced in the backup is gone.',
  allLose: {
    local: 'These versions in the backup are replaced:',
    remote: 'These versions on this computer are replaced:',
    both: 'Nothing is replaced. Each file gets a second one beside it.',
  },
  allButton: { local: (n: number) => `Keep this computer’s for all ${n}`, remote: (n: number) => `Keep the backup’s for all ${n}`, both: (n: number) => `Keep both for all ${n}` },
  more: (n: number) => `and ${n} more`,
} as const;
