import type { TrayPresence } from '../../src-preload/contract/model.ts';
import type { Clock } from '../platform/clock.ts';

/** A panel that restarts, or starts later than the session's programs, is away for a moment; only so long without one counts as none. */
const GRACE_MS = 5_000;

export interface PresencePorts {
  /** Calls back at once and at every change; null: nobody can be asked. */
  readonly watch: (onHost: (present: boolean | null) => void) => Promise<unknown>;
  readonly clock: Clock;
  readonly onPresence: (tray: TrayPresence) => void;
  /** Makes the icon anew: one made before its host appeared stays invisible for good. */
  readonly renew: () => void;
  /** No tray can bring a hidden window back. */
  readonly onLost: () => void;
}

/** Keeps the tray icon where it can be seen, and tells where it cannot. */
export async function followTrayHost({ watch, clock, onPresence, renew, onLost }: PresencePorts): Promise<void> {
  let everSeen = false;
  let asked = false;
  let generation = 0;
  await watch((present) => {
    const mine = ++generation;
    if (present === true) {
      // A host that comes back is told by Chromium; one that comes late finds no icon.
      if (asked && !everSeen) renew();
      everSeen = true;
      asked = true;
      onPresence('shown');
      return;
    }
    if (!asked) onPresence('no-host');
    asked = true;
    void clock.sleep(GRACE_MS).then(() => {
      if (mine !== generation) return;
      onPresence('no-host');
      onLost();
    });
  });
}
