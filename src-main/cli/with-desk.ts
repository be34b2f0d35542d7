import { pairDesk } from '../compose/desk.ts';
import type { Pair } from '../compose.ts';
import type { Owner } from '../control/control-client.ts';
import type { PairDesk } from '../control/pair-desk.ts';
import { hasCode } from '../core/errors.ts';
import type { Config } from '../settings/settings.ts';
import { lockedBy } from '../state/lock.ts';
import { loadConfig, type Session } from './session.ts';

/** An owner that went away is followed by this command itself, or by the next owner. */
const TRIES = 3;
/** One that has just taken the folder may be heard a moment later. */
const PAUSE_MS = 400;

/** `own`: changes something. `look`: changes nothing and needs nobody. `still`: changes nothing, and can judge only what nobody else changes meanwhile. */
export type DeskMode = 'own' | 'look' | 'still';

/**
 * Hands `work` the pair's desk: that of the process that owns the folder, if one does and listens; else one of its own. `look` changes nothing and needs no owner, so it does not wait for one that is in the middle of a sync. When
 * the owner ends before it has answered, the work is begun again here: what was done stays done.
 */
export async function withDesk<T>(session: Session, mode: DeskMode, work: (desk: PairDesk, config: Config) => Promise<T>): Promise<T> {
  const { context } = session;
  const config = await loadConfig(session);
  for (let attempt = 1; ; attempt++) {
    const owner = await context.owner(config, context.platform);
    if (owner !== null && (mode !== 'look' || !(await isBusy(owner)))) {
      try {
        return await work(owner.desk, config);
      } catch (error) {
        if (!owner.isLost || context.interrupt.aborted || attempt >= TRIES) throw error;
        session.printer.warn('note: the File Sync that owned this folder has ended; going on without it');
        continue;
      } finally {
        owner.close();
      }
    }
    owner?.close();
    try {
      return await alone(session, mode, config, work);
    } catch (error) {
      if (!hasCode(error, 'locked') || attempt >= TRIES || context.interrupt.aborted) throw error;
      await context.platform.clock.sleep(PAUSE_MS, context.interrupt);
    }
  }
}

async function alone<T>({ context }: Session, mode: DeskMode, config: Config, work: (desk: PairDesk, config: Config) => Promise<T>): Promise<T> {
  const pair = await context.compose(config, context.platform, { kind: 'cli', mode: mode === 'own' ? 'own' : 'look' });
  try {
    const desk = pairDesk(pair, { schedule: config.schedule });
    return await work(mode === 'still' ? undisturbed(desk, pair) : desk, config);
  } finally {
    await pair.close();
  }
}

/** What another engine is about to change cannot be judged: the folder must be nobody's, before and after. */
function undisturbed(desk: PairDesk, { holder, source }: Pair): PairDesk {
  const refuseWhileOwned = async (): Promise<void> => {
    const owner = await holder();
    if (owner !== null) throw lockedBy(owner, source);
  };
  return {
    ...desk,
    verify: async (options) => {
      await refuseWhileOwned();
      const report = await desk.verify(options);
      await refuseWhileOwned();
      return report;
    },
  };
}

async function isBusy({ desk }: Owner): Promise<boolean> {
  return desk.look().then(
    ({ status }) => status.state === 'syncing',
    () => true,
  );
}
