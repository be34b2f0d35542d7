import { activity } from './en/activity.ts';
import { conflicts } from './en/conflicts.ts';
import { folders } from './en/folders.ts';
import { history } from './en/history.ts';
import { overview } from './en/overview.ts';
import { protection } from './en/protection.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { storage } from './en/storage.ts';

/** Every word the app shows, in tray, windows and notifications; by view in `en/`. */
export const en = {
  ...shell,
  ...overview,
  ...folders,
  ...storage,
  ...protection,
  ...conflicts,
  ...history,
  ...activity,
  ...settings,
} as const;
