import type { ConflictPolicy, Theme } from '../../../src-preload/contract/model.ts';
import { count } from '../format.ts';

/** Settings. */
export const settings = {
  settings: {
    title: 'Settings',
    intro: 'What you change on this page counts at once; what opens in a dialog counts when you save it.',
    general: 'General',
    startAtLogin: 'Start when I log in',
    startAtLoginHint: 'File Sync starts in the tray, without a window.',
    appearance: 'Appearance',
    theme: 'Theme',
    themes: { system: 'Like the system', light: 'Light', dark: 'Dark' } satisfies Record<Theme, string>,
    notifications: 'Notifications',
    notifyHint: 'Routine work interrupts you only where you choose “Everything”.',
    bandwidth: 'Bandwidth',
    bandwidthUp: 'Upload at most',
    bandwidthDown: 'Download at most',
    bandwidthHint: 'For all folders together, in KB a second. Empty: as fast as it goes. It counts at once.',
    bandwidthUnit: 'KB/s',
    bandwidthNone: 'No limit',
    folders: 'Folders',
    noFolders: 'Settings of a folder appear here once one is added.',
    policy: 'When a file changed in both places',
    exceptions: (n: number) => `with ${count(n, 'exception')}`,
    policies: {
      keep_both: { title: 'Keep both', text: 'The second version is kept beside the first under a new name.' },
      manual: {
        title: 'Ask me',
        text: 'Nothing happens to the file until you decide. If it was deleted in one place and edited in the other, the edited one is kept without asking.',
      },
      keep_local: { title: 'Prefer this computer', text: 'The other version is kept as long as old versions are.' },
      keep_remote: { title: 'Prefer the backup', text: 'This computer’s version goes to the trash inside the folder.' },
    } satisfies Record<ConflictPolicy, { title: string; text: string }>,
    ignore: 'Leave out',
    ignoreHint: 'One pattern a line, as in .gitignore. What is left out stays where it is on both sides; it is never deleted.',
    ignorePlaceholder: 'node_modules/\n*.iso',
    ignoreJunk: 'Leave out files that editors and systems leave behind',
    ignoreJunkHint: '.DS_Store, Thumbs.db, *.swp, *.tmp and the like.',
    about: 'About',
    version: (version: string) => `File Sync ${version}`,
    license: 'Free software under the MIT licence.',
    quitTitle: 'Quit File Sync?',
    quitText: 'Syncing stops until File Sync is started again. Closing the window instead keeps it running.',
  },
} as const;
