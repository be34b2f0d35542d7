import type { ErrorCode, ProblemReason } from '../../../src-preload/contract/model.ts';
import { count, formatNumber } from '../format.ts';

/** The overview and its cards. */
export const overview = {
  overview: {
    title: 'Overview',
    attention: 'Needs your attention',
    waiting: 'Waiting',
    folders: 'Folders',
    recent: 'Recent activity',
    allActivity: 'All activity',
    welcomeTitle: 'Keep a folder safe in a second place',
    welcomeText:
      'File Sync watches a folder on this computer and keeps it in step with a backup: a folder on another drive or a NAS, or an S3 bucket of your own. Nothing you have is overwritten or deleted without a copy being kept.',
    nothingRecent: 'Files will show up here as they are synced.',
  },

  conflictCard: {
    /** `folder`: where they all lie in one. */
    title: (n: number, files: string, folder: string | null) =>
      `${n === 1 ? (files === '' ? 'One file' : files) : `${n} files`}${folder === null ? '' : ` in ${folder}`} ${n === 1 ? 'has' : 'have'} two versions`,
    text: (n: number, files: string) => `${n === 1 ? 'It' : files === '' ? 'They' : files} changed here and elsewhere. Both versions are safe until you decide.`,
    button: 'Decide',
  },

  heldCard: {
    title: (n: number, name: string) => `${count(n, 'deletion')} held back in ${name}`,
    burstTitle: (n: number, name: string) => `${count(n, 'suspicious change')} held back in ${name}`,
    text: {
      local: 'These disappeared from the backup. They are still on this computer, and nothing is deleted until you say so.',
      remote: 'These disappeared from this computer. They are still in the backup, and nothing is deleted there until you say so.',
    },
    wentBack: 'The backup went back to an older state, so they may only be missing in that. If you restored it yourself, say so, and it is brought up to date from here.',
    burst: {
      scrambled: {
        local: 'Many files in the backup became unreadable at once.',
        remote:
          'Many files on this computer became unreadable at once: that is what ransomware leaves behind. The backup still has them as they were, and nothing is changed there until you say so.',
      },
      'renamed-alike': {
        local:
          'Elsewhere many files were replaced by others with one strange ending: that is what ransomware does. Yours are still on this computer, and nothing is deleted until you say so.',
        remote:
          'Many files on this computer were replaced by others with one strange ending: that is what ransomware does. The backup still has them as they were, and nothing is changed there until you say so.',
      },
    },
    wentOver: (n: number) => `${count(n, 'file')} had gone over before this was noticed; “Bring them back…” covers ${n === 1 ? 'it' : 'them'} too.`,
    restGoesOn: 'Everything else keeps syncing meanwhile.',
    burstAdvice: 'If you did not do this yourself, stop whatever does it before you bring the files back.',
    bringBack: 'Bring them back…',
    meant: 'I made these changes: sync them…',
    meantAll: (n: number) => `I made all ${formatNumber(n)} changes held in this folder: sync them…`,
    meantTitle: (n: number) => `Let ${count(n, 'change')} through?`,
    names: (n: number) => `The ${count(n, 'name')}, old and new`,
    meantText: (days: number) => `What is replaced is kept as an old version and can be brought back for ${count(days, 'day')}.`,
    meantSure: 'Let them through',
    tooMany: 'So many at once may be a mistake.',
    emptied: 'The whole folder looks empty. If a drive is missing, connect it again.',
    otherwise: 'If this is a mistake, bring them back.',
    list: (n: number) => `The ${count(n, 'item')}`,
    notShown: (n: number) => `and ${n} more`,
    confirm: (n: number, where: string) => `Delete ${n === 1 ? 'it' : `all ${formatNumber(n)}`}${where}…`,
    where: { local: ' on this computer', remote: ' in the backup', both: ' on both sides' },
    confirmTitle: (n: number) => `Delete ${count(n, 'item')}?`,
    confirmText: {
      local: (days: number) => `They move to the trash inside the folder and can be brought back for ${count(days, 'day')}.`,
      remote: (days: number) => `They are kept as old versions in the backup and can be brought back for ${count(days, 'day')}.`,
    },
    sure: 'Delete',
    keepWaiting: 'Not now',
    going: 'You said yes. It is being carried out.',
  },

  errorCard: {
    title: (name: string) => `${name} has stopped syncing`,
    offlineTitle: (name: string) => `${name} is waiting for its backup`,
    backupGone: (path: string) => `The backup folder ${path} is not there, or it is empty: its drive may not be connected, or the folder was moved, renamed or deleted.`,
    connect: 'Connect the drive, and syncing goes on by itself.',
    connectInRest: 'So it was at the last look. Connect the drive; it is looked for again when syncing goes on.',
    moved:
      'If the folder was moved or renamed, choose it again. Both sides are then compared anew, and nothing is deleted or overwritten; what was deleted on one side meanwhile comes back. The list of its past activity and of runs to undo starts empty.',
    chooseAgain: 'Choose the folder again…',
    offlineText: 'Syncing goes on by itself as soon as it is there again.',
    triedAfterRest: 'It is tried when syncing goes on.',
    waitingSince: (time: string) => `Waiting since ${time}`,
    stoppedSince: (time: string) => `Stopped since ${time}`,
    stillAway: (time: string) => `Looked again at ${time}: still not there`,
    stillSo: (time: string) => `Tried again at ${time}: no change`,
    nextTry: (time: string) => `Next try at ${time}`,
  },

  deniedCard: {
    may: {
      write: (action: string) => `The access key may not write to this bucket (${action}).`,
      read: (action: string) => `The access key may not read from this bucket (${action}).`,
      remove: (action: string) => `The access key may not delete in this bucket (${action}).`,
      list: (action: string) => `The access key may not see what is in this bucket (${action}).`,
      other: (action: string) => `The access key may not do all that syncing needs in this bucket (${action}).`,
    },
    remedy: 'Change the key’s permissions, or the sign-in; then it goes on by itself.',
  },

  failureCard: {
    title: (n: number, name: string) => `${count(n, 'item')} cannot be synced in ${name}`,
    attempts: (n: number) => (n === 1 ? 'tried once' : `tried ${n} times`),
    text: { soon: 'Each is tried again by itself.', later: 'Each is tried again when syncing goes on.' },
    hopeless: 'Trying again does not help: each needs what is said beside it, and is not in the backup until then.',
    some: {
      soon: 'Trying again does not help those with advice beside them; the others are tried again by themselves.',
      later: 'Trying again does not help those with advice beside them; the others are tried again when syncing goes on.',
    },
    restGoesOn: 'Everything else goes on.',
    advice: {
      'name-too-long': 'Its path is too long for the backup: shorten its name, or that of a folder it lies in.',
      'name-not-allowed': 'The other side cannot hold this name: rename it.',
      'not-supported': 'The other side cannot hold this: move it out of the folder, or leave it out by a rule.',
    } satisfies Partial<Record<ErrorCode, string>> as Readonly<Record<string, string>>,
  },

  problemCard: {
    title: (n: number, name: string) => `${count(n, 'item')} cannot be synced in ${name}`,
    text: (n: number) => (n === 1 ? 'It stays where it is, untouched.' : 'They stay where they are, untouched.'),
    side: { local: 'on this computer', remote: 'in the backup' },
    reason: {
      unreadable: 'You have no permission to read it, so it is not copied. Change its permissions.',
      changing: 'Is being written all the time.',
      'special-file': 'Is neither a file nor a folder.',
      'invalid-utf8-name': 'Its name is not valid text (UTF-8). Rename it.',
      'unsafe-name': 'Its name could point outside the folder.',
      'name-not-allowed': 'The other side cannot hold this name. Rename it.',
      'name-too-long': 'Its name is too long for the other side.',
      'name-collision': 'Differs from another name only by upper and lower case or accents.',
      'other-file-system': 'Lies on another drive that is mounted inside the folder.',
      'nested-pair': 'Is a synced folder of its own.',
      'file-and-folder': 'Is a file and a folder of the same name.',
      'symlink-not-supported': 'Is a link, which the other side cannot hold.',
      'too-large': 'Is too large for the other side.',
      corrupt: 'Is damaged in the backup.',
      'not-sealed': 'Lies unprotected in a protected backup: another program put it there. Take it out and put it into this folder instead.',
      'foreign-name': 'Has a name in the backup that your key did not make: another program put it there.',
      'other-key': 'Does not open with this folder’s key: it was altered, or belongs to another backup.',
      misplaced: 'Was moved or exchanged in the backup by another program.',
      'rolled-back': 'An older version came back in the backup. The newer one here stays. If you restored the backup yourself, say so below, and it is brought up to date.',
      failed: 'Could not be looked at.',
    } satisfies Record<ProblemReason, string>,
  },

  progress: {
    label: (name: string) => `Progress of ${name}`,
    looking: (files: number) => (files === 0 ? 'Looking for changes' : `Looking for changes, ${count(files, 'file')} so far`),
    planning: 'Comparing both sides',
    working: (done: number, total: number) => `${formatNumber(done)} of ${count(total, 'item')}`,
    bytes: (done: string, total: string) => `${done} of ${total}`,
    rate: (rate: string) => `${rate}/s`,
    limited: (rate: string) => `limited to ${rate}`,
    eta: (time: string) => `${time} left`,
    up: 'to backup',
    down: 'from backup',
  },
} as const;
