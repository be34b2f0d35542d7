import type { SimDevice } from './sim-device.ts';
import type { Simulation } from './simulation.ts';

/** Polls until everybody has what was told: a conflict copy makes one more trip, and a device in trouble waits for the next poll. */
const POLLS = 10;

/** Nothing fails any more, and nobody acts: devices that watch must come to agree without a new start, by what they tell each other or, where words got lost or another tool was at work, by the next full listing (C45). */
export async function watchersAgree(simulation: Simulation, by: 'word' | 'listing'): Promise<void> {
  const { devices } = simulation;
  simulation.faults = false;
  await simulation.store.heal();
  for (const device of devices) simulation.startWatching(device);
  const pollEveryMs = longest(devices, 'pollEveryMs');
  const listEveryMs = longest(devices, 'listEveryMs');
  // Until each knows its own folder.
  await simulation.pass(pollEveryMs);
  for (const { watcher } of devices) watcher?.tellAll();
  await simulation.pass(POLLS * pollEveryMs + (by === 'listing' ? listEveryMs : 0));
  // Deletions that wait for the user's word are in the way, as they should be.
  if (devices.some(({ engine }) => (engine?.status().held.length ?? 0) > 0)) return;
  const there = simulation.store.visible();
  const stored = textOf(synced(there, there));
  for (const device of devices) {
    const here = textOf(synced(device.visible(), there));
    if (here !== stored) simulation.say(`${device.name}, which watches, does not have what the store has (C45):\n${here}\n--\n${stored}`);
  }
}

function longest(devices: readonly SimDevice[], name: 'pollEveryMs' | 'listEveryMs'): number {
  return Math.max(...devices.map(({ settings }) => settings[name]));
}

/** Without what another tool made both a file and a folder in the store: that is left alone on both sides, with all below it (S34). */
function synced(files: ReadonlyMap<string, string>, stored: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const both = [...stored.keys()].filter((path) => [...stored.keys()].some((other) => other.startsWith(`${path}/`)));
  return new Map([...files].filter(([path]) => !both.some((root) => path === root || path.startsWith(`${root}/`))));
}

function textOf(files: ReadonlyMap<string, string>): string {
  return [...files]
    .map(([path, content]) => `${path} ${content}`)
    .sort()
    .join('\n');
}
