import type { Catalogue } from './catalogue.ts';
import { activity } from './de/activity.ts';
import { appearance } from './de/appearance.ts';
import { command } from './de/command.ts';
import { conflictTools } from './de/conflict-tools.ts';
import { conflicts } from './de/conflicts.ts';
import { diagnostics } from './de/diagnostics.ts';
import { errors } from './de/errors.ts';
import { folders } from './de/folders.ts';
import { history } from './de/history.ts';
import { notifications } from './de/notifications.ts';
import { overview } from './de/overview.ts';
import { numbers } from './de/overview-numbers.ts';
import { protection } from './de/protection.ts';
import { restored } from './de/restored.ts';
import { rules } from './de/rules.ts';
import { schedule } from './de/schedule.ts';
import { settings } from './de/settings.ts';
import { shell } from './de/shell.ts';
import { storage } from './de/storage.ts';
import { system } from './de/system.ts';
import { timetable } from './de/timetable.ts';
import { tuning } from './de/tuning.ts';
import { why } from './de/why.ts';

/** The same in German. */
export const german = {
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
} as const satisfies Catalogue;
