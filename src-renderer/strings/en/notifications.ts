import type { NotifyEvent, NotifyLevel } from '../../../src-preload/contract/desktop.ts';
import { count } from '../format.ts';

export const notifications = {
  levels: { all: 'Everything', attention: 'When something needs me', off: 'Never' } satisfies Record<NotifyLevel, string>,
  tell: 'Notify me',
  which: 'Which ones',
  events: {
    conflict: 'A file has two versions',
    held: 'Deletions or suspicious changes are held back',
    error: 'A folder has stopped syncing',
    failures: 'Files cannot be synced',
    disk: 'This disk is almost full',
    engine: 'The sync engine has stopped',
    offline: 'A backup cannot be reached',
    finished: 'Files were synced',
  } satisfies Record<NotifyEvent, string>,
  disk: (name: string) => ({ title: 'This disk is almost full', body: `${name} waits until there is room.` }),
  offline: (name: string) => ({ title: `${name} is waiting for its backup`, body: 'It goes on by itself as soon as it is there again.' }),
  finished: (files: number, name: string) => ({ title: `${count(files, 'file')} synced`, body: `${name} is up to date.` }),
  actions: { decide: 'Decide', look: 'Have a look', retry: 'Try again', open: 'Open' },
} as const;
