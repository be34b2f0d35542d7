import { parentOf, type RelPath } from '../../core/rel-path.ts';
import { folded } from './ledger.ts';
import type { SimDevice } from './sim-device.ts';
import type { Simulation } from './simulation.ts';
import { watchersAgree } from './watchers.ts';

/** Syncs a device may need, one after the other with the others, until nothing moves: what one sends the next fetches, and a conflict copy makes one more trip. */
const ROUNDS_PER_DEVICE = 5;

const CLAIMS_RUN_OUT_MS = 2 * 3_600_000;

export interface Verdict {
  readonly rounds: number;
  readonly conflictCopies: number;
}

/** Everything that was broken heals; devices sync in turn until nothing moves, and then the laws must hold. */
export async function judge(simulation: Simulation): Promise<Verdict> {
  if (simulation.options.watchers !== undefined) await watchersAgree(simulation, simulation.options.watchers);
  heal(simulation);
  await simulation.store.heal();
  // Claims of processes that died run out.
  simulation.scheduler.pass(CLAIMS_RUN_OUT_MS);
  if (simulation.switcher !== null) {
    // Where nobody had synced yet there was no vault to switch.
    for (const device of simulation.devices) await simulation.settle(device);
    await simulation.endSwitch();
  }
  const rounds = await settleAll(simulation);
  const copies = conflictCopies(simulation);
  checkEqual(simulation);
  checkOwed(simulation);
  checkSent(simulation);
  await checkStates(simulation);
  const { writers, start, weights } = simulation.options;
  const mayDisagree = writers === 'all' || (start === 'unpaired' && writers === 'one') || (weights.foreign ?? 0) > 0 || (weights.clone ?? 0) > 0;
  if (!mayDisagree && copies > 0) simulation.say(`${copies} conflict copies where users never met (L4)`);
  return { rounds, conflictCopies: copies };
}

function heal(simulation: Simulation): void {
  simulation.faults = false;
  simulation.plug(true);
  for (const device of simulation.devices) {
    simulation.crash(device);
    device.mount(true);
    device.settings = { ...device.settings, ignorePatterns: [], conflictPolicy: 'keep_both' };
  }
}

async function settleAll(simulation: Simulation): Promise<number> {
  const { devices } = simulation;
  let quiet = 0;
  let rounds = 0;
  while (quiet < devices.length) {
    const device = devices[rounds % devices.length];
    if (device === undefined) break;
    if (++rounds > ROUNDS_PER_DEVICE * devices.length) {
      simulation.say(`not quiet after ${rounds} syncs (L3, L5)`);
      break;
    }
    const moved = await simulation.settle(device);
    quiet = moved === 0 ? quiet + 1 : 0;
    const report = simulation.reports.get(device);
    if (moved === 0 && report !== undefined && report.bytesUp + report.bytesDown > 0)
      simulation.say(`${device.name} moves ${report.bytesUp + report.bytesDown} bytes and does nothing (L5)`);
  }
  return rounds;
}

function checkEqual(simulation: Simulation): void {
  const { devices, store, options } = simulation;
  // What another tool made both a file and a folder stays so (S34).
  if (options.oddDisks || (options.weights.foreign ?? 0) > 0) {
    for (const device of devices) checkHeld(simulation, device);
    return;
  }
  const [first, ...others] = devices;
  if (first === undefined) return;
  const expected = first.picture(store.modes);
  for (const other of others) {
    const actual = other.picture(store.modes);
    if (actual !== expected) simulation.say(`${first.name} and ${other.name} differ (L3):\n${expected}\n--\n${actual}`);
  }
  const [there, here] = [store.visible(), first.visible()].map((files) =>
    [...files]
      .map(([path, content]) => `${path} ${content}`)
      .sort()
      .join('\n'),
  );
  if (there !== here) simulation.say(`the store and ${first.name} differ (L3):\n${there}\n--\n${here}`);
  // Nothing is unsyncable on plain disks.
  for (const device of devices)
    for (const { path, reason } of simulation.reports.get(device)?.problems ?? []) simulation.say(`${device.name} leaves ${path} alone: ${reason} (I6)`);
}

/** A disk that cannot hold all: what it can hold is as in the store, and what it cannot is listed (I6). */
function checkHeld(simulation: Simulation, device: SimDevice): void {
  const stored = simulation.store.visible();
  const form = (path: string): string => (device.fs.disk.options.normalises ? path.normalize('NFC') : path);
  const here = new Map([...device.visible()].map(([path, content]) => [form(path), content]));
  const listed = new Set((simulation.reports.get(device)?.problems ?? []).map((p) => folded(p.path)));
  const isListed = (path: string): boolean => {
    for (let at: string | null = path; at !== null; at = parentOf(at as RelPath)) if (listed.has(folded(at))) return true;
    return false;
  };
  const expected = new Map([...stored].map(([path, content]) => [form(path), content]));
  for (const [path, content] of stored) {
    if (here.get(form(path)) === content || isListed(path)) continue;
    simulation.say(`${device.name} has not ${content} of ${path}, and does not say why (I6): ${JSON.stringify([...here])} against ${JSON.stringify([...stored])}`);
  }
  for (const [path, content] of here)
    if (expected.get(path) !== content && !isListed(path)) simulation.say(`${device.name} has ${content} at ${path}, the store has not, and nobody says why (I6)`);
}

function checkOwed(simulation: Simulation): void {
  const { devices, store, ledger } = simulation;
  const places = [...devices, store];
  const kept = new Set(places.flatMap((place) => [...place.contents()]));
  const live = new Set(places.flatMap((place) => [...place.visible().values()]));
  const losersMayGo = (simulation.options.weights.policy ?? 0) > 0 || (simulation.options.weights.resolve ?? 0) > 0;
  for (const content of ledger.owed) {
    // A trash is emptied after its days.
    const mayBeSwept = (simulation.options.weights['weeks-pass'] ?? 0) > 0 && !ledger.mustStayInSight(content);
    if (!kept.has(content) && !mayBeSwept) simulation.say(`lost: ${content} (L1)`);
    else if (!live.has(content) && ledger.mustStayInSight(content) && !losersMayGo && !devices.some(hasWeakDisk))
      simulation.say(`hidden: ${content} is only in a trash or a version though nobody let it go (L1)`);
  }
}

const HIDDEN = 'damage local-changed-unseen ';

/** The checker that users have finds nothing either: base, disk and store agree (I5). What it lists as unsyncable was looked at above; temporary files of killed processes wait for the next sweep. */
async function checkStates(simulation: Simulation): Promise<void> {
  // What cannot be looked at keeps its intents.
  const { oddDisks, weights } = simulation.options;
  const expected = oddDisks || (weights.foreign ?? 0) > 0 ? /^(?:\w+ (?:unsyncable|leftover-file|stale-intent)|pending \S+) / : /^\w+ (?:unsyncable|leftover-file) /;
  for (const device of simulation.devices) {
    const lines = await simulation.findings(device);
    // An edit that hid is told for as long as it cannot be synced.
    const hides = (line: string): boolean => line.startsWith(HIDDEN) && isUnsyncable(lines, line.slice(HIDDEN.length));
    for (const line of lines) if (!expected.test(line) && !hides(line)) simulation.say(`verify on ${device.name}: ${line} (I5)`);
  }
}

/** It, or a folder it lies in. */
function isUnsyncable(lines: readonly string[], path: string): boolean {
  for (let at: string | null = path; at !== null; at = parentOf(at as RelPath)) if (lines.includes(`unsyncable unsyncable ${at}`)) return true;
  return false;
}

/** RACE, documented: where files have no second names or no numbers, one that takes another's place between two looks may pass for it. It is kept, out of sight. */
function hasWeakDisk({ fs }: SimDevice): boolean {
  return fs.disk.options.hardLinks === false || fs.disk.options.stableIds === false;
}

/** Without faults and deaths nothing is sent more often than users put it somewhere, each name counted, and once more for a lost race. */
function checkSent(simulation: Simulation): void {
  const { options, watchdog, ledger, crashes } = simulation;
  if (options.storeFaults + options.diskFaults + crashes > 0 || options.store !== 'bucket' || options.moods !== 'none') return;
  for (const [content, times] of watchdog.sent) {
    const fair = ledger.placements(content) + watchdog.places(content);
    if (times > fair) simulation.say(`${content} was sent ${times} times, ${fair} would do (L5)`);
  }
}

function conflictCopies({ devices }: Simulation): number {
  return devices.flatMap((device) => [...device.visible().keys()]).filter((path) => path.includes('.conflict-')).length;
}
