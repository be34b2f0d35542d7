import { converge, type Device, type Running, treeOf } from '../../cli/world.ts';
import type { Random } from '../differential/edits.ts';
import type { Contents } from './contents.ts';
import { idOf, textsAt } from './contents.ts';
import type { User } from './user.ts';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What no fault of the machine explains. */
const NEVER = ['internal', 'corrupt', 'state-corrupt'];

export interface LifeOptions {
  readonly onOutput?: (out: string) => void;
  /** Exit codes that are no failure of ours in this world, besides the usual ones. */
  readonly alsoFine?: readonly number[];
}

/** A device's life, until a time of performance.now() or as long as it goes on: edits while nothing runs, then File Sync, edits beside it, and its end, by kill -9 more often than not; again and again. */
export async function live(user: User, random: Random, until: number | (() => boolean), { onOutput, alsoFine = [] }: LifeOptions = {}): Promise<{ readonly kills: number }> {
  let kills = 0;
  const goesOn = typeof until === 'number' ? () => performance.now() < until : until;
  while (goesOn()) {
    for (let n = random.below(12); n > 0; n--) user.act(false);
    const watches = random.fraction() < 0.6;
    const running = user.device.start(...(watches ? ['watch'] : ['sync']), ...(random.fraction() < 0.1 && !watches ? ['--full'] : []), '--json');
    const ending = endOf(running, watches, random);
    let ended = false;
    void running.ended.then(() => {
      ended = true;
    });
    while (!ended) {
      user.act(true);
      await Promise.race([wait(10 + random.below(120)), running.ended]);
    }
    await ending;
    const { code, signal, out, err } = await running.ended;
    if (signal === 'SIGKILL') kills++;
    // A signal may come before anyone listens for it.
    else if (signal === null && ![0, 1, 3, 130, ...alsoFine].includes(code ?? -1)) throw new Error(`${user.device.name} ended with ${code}: ${err}${out.slice(-2_000)}`);
    expectNoDefect(user.device, out);
    onOutput?.(out + err);
  }
  return { kills };
}

/** Ends a process after a while; a sync may also come to its end by itself. */
async function endOf({ child, ended }: Running, watches: boolean, random: Random): Promise<void> {
  const ms = 200 + random.below(watches ? 6_000 : 1_500);
  const signal = random.fraction() < 0.8 ? 'SIGKILL' : watches ? 'SIGINT' : null;
  await Promise.race([wait(ms), ended]);
  if (signal !== null) child.kill(signal);
}

function expectNoDefect({ name }: Device, out: string): void {
  for (const line of out.split('\n')) if (NEVER.some((code) => line.includes(`"code":"${code}"`))) throw new Error(`${name}: ${line.slice(0, 2_000)}`);
}

/** Everything rests: deletions that were held are agreed to, and all become equal. */
export async function rest(devices: readonly Device[]): Promise<void> {
  for (let round = 0; round < 2; round++) for (const device of devices) await device.run('sync', '--yes');
  await converge(...devices);
}

/** No content that is owed is missing, and no file holds what nobody wrote. `store`: the texts a bucket holds, where the devices meet in one. */
export function lossesOf(devices: readonly Device[], contents: Contents, store: readonly string[] = []): { readonly missing: string[]; readonly torn: string[] } {
  const [first] = devices;
  const shown = [...treeOf(first?.source ?? '')].flatMap(([path, content]): [string, string][] =>
    content === null ? [] : [[path, typeof content === 'string' ? content.replace(/^-> /, '') : content.toString()]],
  );
  const places = [...devices.map((device) => device.source), ...(first?.backup == null ? [] : [first.backup])];
  const kept = [...places.flatMap(textsAt), ...store];
  return {
    missing: contents.missing(new Set(shown.map(([, text]) => idOf(text))), new Set(kept.map(idOf))),
    torn: shown.flatMap(([path, text]) => (contents.isKnown(text) ? [] : [`${path}: ${text.slice(0, 60)}`])),
  };
}
