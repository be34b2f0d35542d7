import { assertNever, SyncError } from '../core/errors.ts';
import type { SyncOptions } from '../engine/sync-manager.ts';
import { PAIR_ASK, type PairAsk } from './control-protocol.ts';
import { type ControlServer, openServer, type ServerPorts } from './control-server.ts';
import type { PairDesk } from './pair-desk.ts';

/** What takes time, and tells how it goes. */
const AT_LENGTH: readonly PairAsk['ask'][] = ['sync', 'restore', 'verify', 'drill', 'accept-restored'];

/** The end of a folder's owner: commands are answered once there is a desk. */
export interface PairControl extends ControlServer {
  attach(desk: PairDesk): void;
}

export async function openControl(ports: ServerPorts): Promise<PairControl> {
  let attach: (desk: PairDesk) => void = () => undefined;
  const desk = new Promise<PairDesk>((resolve) => {
    attach = resolve;
  });
  const server = await openServer(ports, {
    asks: PAIR_ASK,
    answer: async (ask, signal) => answer(await desk, ask, signal),
    events: ({ ask }) => (AT_LENGTH.includes(ask) ? desk : null),
  });
  return { ...server, attach };
}

async function answer(desk: PairDesk, ask: PairAsk, signal: AbortSignal): Promise<unknown> {
  switch (ask.ask) {
    case 'sync':
      return desk.sync(syncOptions(ask, signal));
    case 'look':
      return desk.look();
    case 'conflicts':
      return desk.conflicts();
    case 'resolve':
      await desk.resolve(ask.path, ask.choice);
      return null;
    case 'restore':
      return desk.restore({ what: ask.what, dryRun: ask.dryRun, releaseHeld: ask.releaseHeld }, { signal });
    case 'runs':
      return desk.runs();
    case 'verify':
      return desk.verify({ content: ask.content, signal });
    case 'drill':
      return desk.drill({ sample: ask.sample, signal });
    case 'accept-restored':
      return desk.acceptRestored({ dryRun: ask.dryRun, signal });
    case 'store-now':
      return desk.storeNow();
    case 'pause':
      if (ask.until !== null && !Number.isFinite(ask.until)) throw new SyncError('usage', 'a pause ends at a time or not at all');
      await desk.pause(ask.until);
      return null;
    case 'resume':
      await desk.resume();
      return null;
    default:
      return assertNever(ask);
  }
}

function syncOptions({ full, force, dryRun, releaseHeld, path }: Extract<PairAsk, { readonly ask: 'sync' }>, signal: AbortSignal): SyncOptions {
  return { full, force, dryRun, releaseHeld, signal, ...(path === null ? {} : { path }) };
}
