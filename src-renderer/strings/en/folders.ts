import type { TestAnswer } from '../../../src-preload/contract/storage.ts';

/** Folders and how one is added. */
export const folders = {
  folder: {
    title: 'Folders',
    intro: 'Each folder on this computer is kept in step with its backup.',
    empty: 'No folder is synced yet.',
    source: 'On this computer',
    target: 'Backup folder',
    watchEvents: 'Changes are noticed at once',
    watchResting: 'Changes wait until syncing goes on',
    settings: 'Settings of this folder',
    edit: 'Folder settings…',
    name: 'Name',
    dropTitle: 'Close without saving?',
    dropText: 'What you entered here is not saved yet.',
    drop: 'Close and drop it',
    keepEditing: 'Go on here',
    removeTitle: (name: string) => `Stop syncing ${name}?`,
    removeText: 'Nothing is deleted. Your files stay on this computer and in the backup exactly as they are; they just no longer follow each other.',
    removeAgain: 'You can add the same folder and backup again at any time; equal files are recognised and nothing is copied twice.',
    removeButton: 'Stop syncing',
    saved: 'Saved',
  },

  add: {
    title: 'Add a folder',
    step: (n: number, of: number) => `Step ${n} of ${of}`,
    back: 'Back',
    next: 'Continue',
    kindTitle: 'Where should the second copy be?',
    kinds: {
      folder: { title: 'In a folder', text: 'On another drive, a NAS or a USB stick.' },
      s3: { title: 'In an S3 bucket', text: 'Amazon S3, Cloudflare R2, Backblaze B2, your own MinIO and others. Several computers can share it.' },
    },
    foldersTitle: 'Which two folders?',
    source: 'Folder on this computer',
    sourceHint: 'The folder you work in.',
    target: 'Backup folder',
    targetHint: 'A folder on another drive, a NAS or a USB stick.',
    none: 'No folder chosen yet',
    union: 'If both folders have files, they are put together: nothing is deleted or overwritten on either side.',
    button: 'Start syncing',
    startAtLogin: 'Start File Sync when I log in',
    startAtLoginHint: 'Otherwise nothing is synced after a restart until you open it.',
    unfit: { both: 'These two folders cannot be used together', one: 'This folder cannot be used' },
    checking: 'Checking both folders',
    checked: 'These two folders can be paired.',
    oneDisk: 'Same disk: it helps against mistakes, not if the disk dies.',
    sourceTitle: 'Which folder on this computer?',
    sourceChecked: 'This folder can be synced with the bucket.',
    first: {
      nothing: 'Nothing is in the bucket there yet: the files of your folder are copied to it.',
      files:
        'There are files in the bucket already. They are put together with those of your folder: nothing is deleted or overwritten on either side. Where a file is on both sides and differs, both versions are kept.',
      vault:
        'Another device syncs with this place already. Its files come to this computer and yours go to it: nothing is deleted or overwritten. Where a file is on both sides and differs, both versions are kept.',
    } satisfies Record<TestAnswer['holds'], string>,
  },
} as const;
