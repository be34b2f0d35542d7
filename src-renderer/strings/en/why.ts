import type { HeldReason } from '../../../src-preload/contract/desktop.ts';
import type { Kept } from '../../../src-preload/contract/model.ts';

/** Why one file is not synced. */
export const why = {
  open: 'Why is a file not synced?',
  title: (name: string) => `Why is a file of ${name} not synced?`,
  field: 'File or folder',
  hint: 'Its path inside of the folder, for example Letters/Landlord.odt.',
  look: 'Find out',
  looking: 'Looking at both sides',
  ignored: (pattern: string, place: string) => `The rule ${pattern} leaves it out: it is ${place}. The file stays where it is.`,
  ignoredAway: (pattern: string, place: string) => `No such file is on this computer. One of that name would be left out by the rule ${pattern}: it is ${place}.`,
  rulePlaces: {
    own: 'in this folder’s settings',
    every: 'in the settings for every folder',
    leftovers: 'one of those for what editors and systems leave behind, which can be switched off in this folder’s settings',
    file: (file: string) => `in the file ${file}`,
  },
  problem: (side: string, reason: string) => `It cannot be synced (${side}). ${reason}`,
  above: (path: string, reason: string) => `It lies in ${path}, which cannot be synced. ${reason}`,
  conflict: 'It has two versions. Decide under Conflicts which to keep.',
  held: {
    'too-many': 'Its deletion waits for your word: it is one of unusually many at once. The overview asks about them.',
    'root-emptied': 'Its deletion waits for your word: the whole folder looked empty. The overview asks about it.',
    'went-back': 'Its deletion waits for your word: the backup went back to an older state. The overview asks about it.',
    scrambled: 'Its change waits for your word: it is one of many that look like damage. The overview asks about them.',
    'renamed-alike': 'Its change waits for your word: it is one of many that look like damage. The overview asks about them.',
  } satisfies Record<HeldReason, string>,
  elsewhere: (folder: string) => `It lies in ${folder}, another of your synced folders: ask there.`,
  /** A file that was changed on both sides, before any sync has seen it. */
  bothChanged: (when: string, outcome: string) => `It was changed on both sides. ${when} ${outcome}.`,
  comes: { soon: 'With the next sync', later: 'When syncing goes on' },
  outcome: {
    ask: 'you will be asked which version to keep',
    both: 'both versions are kept, the second one under another name',
    local: 'this computer’s version is kept, as the settings say',
    remote: 'the backup’s version is kept, as the settings say',
  } satisfies Record<Kept | 'ask', string>,
  failed: (message: string, again: string) => `It was tried, and that failed: ${message} ${again}`,
  again: { soon: 'It is tried again by itself.', later: 'It is tried again when syncing goes on.' },
  denied: (words: string) => `It was tried, and that failed. ${words}`,
  hopeless: (advice: string) => `It cannot be synced as it is. ${advice}`,
  pending: 'It waits for its turn: the next sync carries it over.',
  pendingUntil: (time: string) => `It waits for its turn: the next sync, ${time}, carries it over.`,
  pendingRest: 'It waits until syncing goes on.',
  agreed: 'It is synced: both sides have the same.',
  nowhere: 'It is on neither side, and no earlier version of it is known.',
  checkName: 'Check the name.',
  alike: (paths: string) => `Did you mean ${paths}?`,
  differs: 'Both sides differ just now, and nothing stands in the way: look again in a moment.',
  link: 'It is a link, and the link itself is synced. What it points to is not in the backup: files behind a link are never copied.',
  behindLink: (link: string) => `It lies behind ${link}, which is a link. Files behind a link are never copied, so this one is not in the backup.`,
  oneWay: {
    upload_only: 'Both sides differ. This folder only sends to the backup, so what changed there does not come here.',
    download_only: 'Both sides differ. This folder only fetches from the backup, so what changed here is not sent.',
  },
  deleted: 'It is on neither side any more: it was deleted',
  moved: 'It is not there any more: it was renamed or moved',
  gone: (what: string, when: string) => (when === '' ? `${what}.` : `${what} ${when}.`),
  keptVersions: 'History still has it and can bring it back.',
  notKept: 'No earlier version of it is kept.',
  below: {
    held: (n: number) =>
      n === 1 ? '1 item in it is held back until you decide. The overview asks about it.' : `${n} items in it are held back until you decide. The overview asks about them.`,
    conflicts: (n: number) =>
      n === 1 ? '1 file in it has two versions. Decide under Conflicts which to keep.' : `${n} files in it have two versions. Decide under Conflicts which to keep.`,
    unasked: (n: number) =>
      n === 1 ? '1 file in it was changed on both sides, which no sync has seen yet.' : `${n} files in it were changed on both sides, which no sync has seen yet.`,
    problems: (n: number) => (n === 1 ? '1 item in it cannot be synced. The overview says why.' : `${n} items in it cannot be synced. The overview says why.`),
    failed: (n: number) =>
      n === 1 ? '1 change in it was tried, and that failed. The overview says why.' : `${n} changes in it were tried, and that failed. The overview says why.`,
    planned: (n: number) => (n === 1 ? '1 change in it waits for the next sync.' : `${n} changes in it wait for the next sync.`),
    oneWay: (n: number) =>
      n === 1 ? '1 file in it differs on both sides: this folder is synced one way only.' : `${n} files in it differ on both sides: this folder is synced one way only.`,
  },
  folder: (state: string) => `The whole folder: ${state}.`,
} as const;
