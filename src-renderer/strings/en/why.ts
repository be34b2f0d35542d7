/** Why one file is not synced. */
export const why = {
  open: 'Why is a file not synced?',
  title: (name: string) => `Why is a file of ${name} not synced?`,
  field: 'File or folder',
  hint: 'Its path inside of the folder, for example Letters/Landlord.odt.',
  look: 'Find out',
  looking: 'Looking at both sides',
  ignored:
    'It is left out by a rule: in this folder’s settings, in those for every folder, in a .syncignore file, or in the list of files that editors and systems leave behind. It stays where it is.',
  problem: (side: string, reason: string) => `It cannot be synced (${side}). ${reason}`,
  above: (path: string, reason: string) => `It lies in ${path}, which cannot be synced. ${reason}`,
  conflict: 'It has two versions. Decide under Conflicts which to keep.',
  held: 'It is held back until you decide. The overview says why.',
  failed: (message: string) => `It was tried, and that failed: ${message} It is tried again by itself.`,
  pending: 'It waits for its turn: the next sync carries it over.',
  agreed: 'It is synced: both sides have the same.',
  nowhere: 'It is on neither side. Check the name.',
  folder: (state: string) => `The whole folder: ${state}.`,
} as const;
