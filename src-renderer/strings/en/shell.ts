import type { PauseLength } from '../../../src-preload/contract/channels.ts';
import type { EngineHealth, PairState } from '../../../src-preload/contract/model.ts';
import { count, formatNumber } from '../format.ts';
import { system } from './system.ts';

/** What tray, frame, notifications and system dialogs say. */
export const shell = {
  app: 'File Sync',

  state: {
    'not-set-up': 'Not set up',
    ok: 'Up to date',
    syncing: 'Syncing',
    paused: 'Paused',
    offline: 'Waiting for the backup',
    attention: 'Needs your attention',
    error: 'Stopped',
  } satisfies Record<PairState, string>,

  headline: {
    'not-set-up': 'No folder is synced yet',
    ok: 'Everything is up to date',
    syncing: 'Syncing',
    paused: 'Syncing is paused',
    offline: 'Waiting for the backup',
    attention: 'Something needs your attention',
    error: 'A folder has stopped syncing',
  } satisfies Record<PairState, string>,

  words: {
    notYet: 'Not synced yet',
    pending: (n: number) => `${count(n, 'change')} waiting`,
    pendingUntil: (n: number, time: string) => (n === 1 ? `1 change waits until ${time}` : `${formatNumber(n)} changes wait until ${time}`),
    moreFolders: (n: number) => `${count(n, 'more folder')}`,
    working: (done: number, total: number) => `Syncing, ${formatNumber(done)} of ${formatNumber(total)}`,
    share: (percent: number) => `${percent}%`,
    looking: 'Looking for changes',
    offline: 'Waiting for the backup',
    offlineSince: (time: string) => `Waiting for the backup since ${time}`,
    /** `file`: its name, of one; empty where it is not known. */
    conflicts: (n: number, file: string) => (n === 1 ? `${file === '' ? '1 file' : file} has two versions` : `${n} files have two versions`),
    held: (n: number) => `${count(n, 'deletion')} held back`,
    bursts: (n: number) => `${count(n, 'suspicious change')} held back`,
    failures: (n: number) => `${count(n, 'item')} not synced`,
    somePaused: (n: number, of: number) => `${n} of ${of} folders paused`,
  },

  subline: {
    lastSync: (when: string) => `Synced ${when}`,
    syncedBefore: (when: string) => `Last synced ${when}`,
    lastSyncAt: (time: string) => `Last fully synced ${time}`,
    lastSyncExcept: (time: string, n: number) => `Last synced ${time}, except ${count(n, 'item')}`,
    neverSynced: 'Not fully synced yet',
    files: (files: number, size: string) => `${count(files, 'file')}, ${size}`,
    pausedUntil: (time: string) => `Paused until ${time}`,
    somePausedUntil: (time: string) => `Paused, some folders until ${time}`,
    pausedUntilResumed: 'Paused until you resume',
    notSetUp: 'Add a folder to keep it in step with a backup.',
  },

  nav: {
    label: 'Views',
    overview: 'Overview',
    folders: 'Folders',
    conflicts: 'Conflicts',
    history: 'History',
    activity: 'Activity',
    settings: 'Settings',
    waiting: (n: number) => `${n} waiting`,
  },

  tray: {
    tooltip: (state: string, detail: string) => (detail === '' ? `File Sync: ${state}` : `File Sync: ${state}\n${detail}`),
    open: 'Open File Sync',
    showFolder: 'Show in File Sync',
    pairLine: (name: string, state: string) => `${name}: ${state}`,
    pause: 'Pause syncing',
    resume: 'Resume syncing',
    syncNow: 'Sync now',
    recent: 'Recent files',
    nothingRecent: 'None lately',
    settings: 'Settings…',
    quit: 'Quit',
    paths: (n: number) => count(n, 'item'),
  },

  pauseLength: {
    'half-hour': 'For 30 minutes',
    hour: 'For 1 hour',
    tomorrow: 'Until tomorrow morning',
    'until-resumed': 'Until I resume',
  } satisfies Record<PauseLength, string>,

  action: {
    addFolder: 'Add a folder',
    pause: 'Pause',
    resume: 'Resume',
    syncNow: 'Sync now',
    openFolder: 'Open folder',
    openBackup: 'Open backup folder',
    cancel: 'Cancel',
    close: 'Close',
    save: 'Save changes',
    remove: 'Stop syncing this folder…',
    dismiss: 'Got it',
    quit: 'Quit File Sync',
    choose: 'Choose…',
    change: 'Change…',
    retry: 'Try again',
    more: 'Show more',
    reveal: 'Show in folder',
    versions: 'Earlier versions',
    folderMenu: (name: string) => `More for ${name}`,
  },

  engineCard: {
    restarting: 'The sync engine stopped unexpectedly and is being started again.',
    restarted: (time: string) => `The sync engine stopped unexpectedly and was started again at ${time}. Nothing was lost; every folder has been looked at anew.`,
    stopped: 'The sync engine keeps stopping. Nothing is being synced.',
    title: { running: '', restarting: 'Starting again', restarted: 'The sync engine was started again', stopped: 'The sync engine has stopped' } satisfies Record<
      EngineHealth['kind'],
      string
    >,
  },

  noticeCard: {
    fault: system.faultCard,
    'settings-set-aside': {
      title: 'Your settings could not be read',
      text: (file: string) => `The app started with none. The old file was kept as ${file}. No synced file was touched; add your folders again to go on.`,
    },
    'keys-left': {
      title: 'Keys are left in the keychain',
      text: (folder: string) => `${folder} is no longer synced, but the system’s keychain did not let its keys go. Remove the entry “File Sync” there by hand.`,
    },
    'settings-unwritten': {
      title: 'Your settings cannot be saved',
      text: (why: string) =>
        `What you change counts, but is forgotten when File Sync ends, unless it can be saved before. ${why}: make room where your settings are kept, or allow File Sync to write there. It is tried again every minute.`,
    },
    'settings-newer': {
      title: 'Your settings are from a newer version',
      text: (file: string) => `This version cannot read them and started with none. They were kept as ${file}. Install the newer version to use them.`,
    },
  },

  trayCard: {
    title: 'This desktop shows no tray icons',
    text: 'File Sync keeps its window in the task bar instead: closing it only minimises it, and syncing goes on. To stop, use Quit in Settings.',
  },

  notification: {
    conflict: (n: number, name: string, files: string) => ({
      title: n === 1 ? `${files === '' ? 'A file' : files} has two versions` : `${n} files have two versions`,
      body: `In ${name}${n === 1 || files === '' ? '' : `: ${files}`}. Both versions are safe; decide which to keep.`,
    }),
    held: (n: number, name: string) => ({ title: `${count(n, 'deletion')} held back`, body: `In ${name}. Nothing is deleted until you say so.` }),
    burst: (n: number, name: string) => ({
      title: `${count(n, 'suspicious change')} held back`,
      body: `In ${name} many files became unreadable at once. Nothing is changed in the backup until you say so.`,
    }),
    error: (name: string, message: string) => ({ title: `${name} has stopped syncing`, body: message }),
    settled: (file: string, body: string) => ({ title: `${file} was changed here and elsewhere`, body }),
    settledAs: {
      both: (name: string) => `Both are kept in ${name}, the second one under another name.`,
      local: (name: string) => `In ${name} this computer’s version was kept, as its settings say.`,
      remote: (name: string) => `In ${name} the backup’s version was kept, as its settings say.`,
    },
    manySettled: (n: number, name: string) => ({
      title: `${count(n, 'file')} changed here and elsewhere`,
      body: `They were settled as the settings of ${name} say. Conflicts lists them.`,
    }),
    failures: (n: number, name: string, files: string) => ({ title: `${count(n, 'item')} cannot be synced`, body: `In ${name}: ${files}.` }),
    problems: (n: number, name: string, files: string) => ({ title: `${count(n, 'item')} cannot be synced`, body: `In ${name}: ${files}.` }),
    andMore: (files: string, n: number) => `${files} and ${formatNumber(n)} more`,
    engine: { title: 'The sync engine has stopped', body: 'Nothing is being synced. Open File Sync to start it again.' },
  },

  dialog: {
    chooseSource: 'Choose the folder to sync',
    chooseTarget: 'Choose the backup folder',
    chooseMovedSource: 'Choose the synced folder where it is now',
    chooseMovedTarget: 'Choose the backup folder where it is now',
    chooseRestore: 'Choose the folder to restore into',
    chooseCa: 'Choose the file with the certificates',
    chooseEnv: 'Choose the settings file (.env)',
    saveSheet: 'Save the recovery sheet',
    sheetFile: (name: string) => `Recovery sheet ${name}.html`,
    button: 'Choose',
  },
} as const;
