import { activity } from './en/activity.ts';
import { appearance } from './en/appearance.ts';
import { command } from './en/command.ts';
import { conflictTools } from './en/conflict-tools.ts';
import { conflicts } from './en/conflicts.ts';
import { diagnostics } from './en/diagnostics.ts';
import { errors } from './en/errors.ts';
import { folders } from './en/folders.ts';
import { history } from './en/history.ts';
import { notifications } from './en/notifications.ts';
import { overview } from './en/overview.ts';
import { numbers } from './en/overview-numbers.ts';
import { protection } from './en/protection.ts';
import { restored } from './en/restored.ts';
import { rules } from './en/rules.ts';
import { schedule } from './en/schedule.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { storage } from './en/storage.ts';
import { system } from './en/system.ts';
import { timetable } from './en/timetable.ts';
import { tuning } from './en/tuning.ts';
import { why } from './en/why.ts';

/** Every word the app shows, in tray, windows and notifications, in the language they are written in first; by view in `en/`. */
export const english = {
  ...shell,
  ...overview,
  ...folders,
  ...storage,
  ...protection,
  ...conflicts,
  ...history,
  ...activity,
  ...settings,
  appearance,
  command,
  conflictTools,
  diagnostics,
  errors,
  notifications,
  numbers,
  restored,
  rules,
  schedule,
  system,
  timetable,
  tuning,
  why,
} as const;
