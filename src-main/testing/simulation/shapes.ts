import { EDITS, type Weights } from './sim-event.ts';
import type { SimulationOptions } from './simulation-options.ts';

export type Shape = Omit<SimulationOptions, 'seed' | 'events' | 'crashAfter'>;

const RUNS: Weights = { sync: 12, watch: 4 };
const DEATHS: Weights = { die: 9 };
const CALM: Shape = {
  devices: 2,
  store: 'bucket',
  acts: 16,
  weights: { ...EDITS, ...RUNS },
  writers: 'all',
  start: 'empty',
  storeFaults: 0,
  moods: 'none',
  diskFaults: 0,
  oddDisks: false,
  skew: false,
  stepMs: 1,
  restless: true,
};

const S3: Pick<Shape, 'store' | 'start' | 'servers' | 'stepMs'> = { store: 's3', start: 'synced', servers: ['aws', 'r2', 'minio', 'ceph16'], stepMs: 40 };
/** Not synced before it is whole, so that a power cut takes something. */
const PARTS: Pick<Shape, 'parts'> = { parts: { from: 1, syncEvery: 100 } };

/** What is played out again and again under other seeds, by name. Each name says which cases it shows. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'two devices in calm (L3 L5)': CALM,
  'C48 two devices that die between any two steps': { ...CALM, ...PARTS, weights: { ...CALM.weights, ...DEATHS } },
  'C51 C52 faults and lost replies': { ...CALM, ...PARTS, start: 'synced', weights: { ...CALM.weights, die: 4 }, storeFaults: 0.05 },
  'C47 C52 C53 buckets with ways and moods of their own': { ...CALM, start: 'synced', moods: 'any', weights: { ...CALM.weights, die: 4 } },
  'L4 C51 one writer on a moody bucket': { ...CALM, moods: 'truthful', writers: 'one', storeFaults: 0.02, weights: { ...CALM.weights, ...DEATHS } },
  'C37 three devices': { ...CALM, devices: 3, acts: 19, weights: { ...CALM.weights, die: 4 }, storeFaults: 0.02 },
  'four devices': { ...CALM, devices: 4, acts: 22, weights: { ...CALM.weights, die: 3 } },
  'L4 one writer, whatever fails: no conflict': { ...CALM, writers: 'one', weights: { ...CALM.weights, ...DEATHS }, storeFaults: 0.05 },
  'L4 writers apart, whatever fails: no conflict': { ...CALM, devices: 3, writers: 'apart', weights: { ...CALM.weights, ...DEATHS }, storeFaults: 0.03 },
  'C30 first pairing of trees grown from one': { ...CALM, start: 'unpaired', weights: { ...CALM.weights, die: 4 } },
  'C40 one backup folder': { ...CALM, store: 'folder', acts: 13, weights: { ...CALM.weights, ...DEATHS } },
  'C48 L4 one writer on a backup folder': { ...CALM, store: 'folder', acts: 13, writers: 'one', weights: { ...CALM.weights, ...DEATHS } },
  'C49 power cuts': { ...CALM, ...PARTS, start: 'synced', weights: { ...CALM.weights, 'power-cut': 9 } },
  'C49 power cuts of a backup folder too': { ...CALM, ...PARTS, store: 'folder', acts: 13, weights: { ...CALM.weights, 'power-cut': 9 } },
  'C12 C13 C23 C55 disks that fail': { ...CALM, ...PARTS, start: 'synced', diskFaults: 0.03, weights: { ...CALM.weights, die: 4 } },
  'C3 C18 C19 disks with ways of their own': { ...CALM, start: 'synced', oddDisks: true, weights: { ...CALM.weights, respell: 8, die: 4 } },
  'C44 wrong clocks, C42 weeks asleep': { ...CALM, start: 'synced', skew: true, stepMs: 900, weights: { ...CALM.weights, 'weeks-pass': 6, die: 3 } },
  'C43 old states and cloned machines': { ...CALM, start: 'synced', weights: { ...CALM.weights, 'save-state': 6, 'old-state': 6, clone: 2, die: 3 } },
  'C26 C28 folders and stores that go away': { ...CALM, ...PARTS, start: 'synced', weights: { ...CALM.weights, unmount: 6, unplug: 5, die: 3 } },
  'C26 C28 a backup drive that is unplugged': { ...CALM, store: 'folder', start: 'synced', acts: 13, weights: { ...CALM.weights, unmount: 4, unplug: 6, die: 3 } },
  'C46 other tools in the bucket': { ...CALM, start: 'synced', weights: { ...CALM.weights, foreign: 14, die: 4 } },
  'C46 other tools in the backup folder': { ...CALM, store: 'folder', acts: 13, weights: { ...CALM.weights, foreign: 10 } },
  'C45 watchers that tell each other, and die': { ...CALM, watchers: 'word', weights: { ...EDITS, sync: 3, watch: 20, die: 4 } },
  'C45 three watchers': { ...CALM, devices: 3, acts: 19, start: 'synced', watchers: 'word', weights: { ...EDITS, sync: 2, watch: 24 } },
  'C45 C46 C51 watchers, other tools, a moody bucket': {
    ...CALM,
    start: 'synced',
    moods: 'any',
    watchers: 'listing',
    // Hours of polls without news show nothing that minutes do not.
    settings: { listEveryMs: 1_200_000 },
    weights: { ...EDITS, sync: 3, watch: 20, die: 3, foreign: 6 },
  },
  'C67 ignore rules that come and go': { ...CALM, start: 'synced', weights: { ...CALM.weights, ignore: 8, die: 3 } },
  'C31 C38 C73 policies that change, answers to conflicts': { ...CALM, start: 'synced', weights: { ...CALM.weights, policy: 6, resolve: 8, watch: 12, die: 2 } },
  'C40 C47 S3 that judges every write, or all but some': { ...CALM, ...S3, weights: { ...CALM.weights, die: 4 } },
  'C48 C51 C52 L4 one writer on S3, whatever fails': { ...CALM, ...S3, ...PARTS, writers: 'one', storeFaults: 0.05, weights: { ...CALM.weights, ...DEATHS } },
  'C37 C51 three devices on S3, lost answers': { ...CALM, ...S3, devices: 3, storeFaults: 0.04, weights: { ...CALM.weights, die: 4 } },
  'C47 S3 that keeps versions and judges nothing': { ...CALM, ...S3, servers: ['b2', 'ceph16-versioned'], storeFaults: 0.02, weights: { ...CALM.weights, die: 4 } },
  'C47 S3 that honours nothing, devices apart': { ...CALM, ...S3, servers: ['wasabi'], writers: 'apart', storeFaults: 0.02, weights: { ...CALM.weights, die: 4 } },
  'C51 requests to S3 that come through after they were given up': { ...CALM, ...S3, moods: 'any', storeFaults: 0.03, weights: { ...CALM.weights, die: 4 } },
  'C64 sealed: two devices that die between any two steps': { ...CALM, ...PARTS, sealed: 'hidden names', weights: { ...CALM.weights, ...DEATHS } },
  'C51 C52 C64 sealed: faults and lost replies': { ...CALM, ...PARTS, sealed: 'hidden names', start: 'synced', weights: { ...CALM.weights, die: 4 }, storeFaults: 0.05 },
  'C37 C45 sealed: three watchers': { ...CALM, sealed: 'hidden names', devices: 3, acts: 19, start: 'synced', watchers: 'word', weights: { ...EDITS, sync: 2, watch: 24 } },
  'C46 C64 sealed: other tools in the bucket': { ...CALM, sealed: 'plain names', start: 'synced', weights: { ...CALM.weights, foreign: 14, die: 4 } },
  'C40 C48 sealed: a backup folder': { ...CALM, store: 'folder', sealed: 'hidden names', acts: 13, weights: { ...CALM.weights, ...DEATHS } },
  'C49 sealed: power cuts of a backup folder too': { ...CALM, ...PARTS, store: 'folder', sealed: 'plain names', acts: 13, weights: { ...CALM.weights, 'power-cut': 9 } },
  'C43 C64 sealed: old states and cloned machines': {
    ...CALM,
    sealed: 'hidden names',
    start: 'synced',
    weights: { ...CALM.weights, 'save-state': 6, 'old-state': 6, clone: 2, die: 3 },
  },
  'C40 C47 C64 sealed: S3 that judges every write, or all but some': { ...CALM, ...S3, sealed: 'hidden names', storeFaults: 0.02, weights: { ...CALM.weights, die: 4 } },
  'C47 C64 sealed: S3 that keeps versions and judges nothing': {
    ...CALM,
    ...S3,
    servers: ['b2', 'ceph16-versioned'],
    sealed: 'hidden names',
    weights: { ...CALM.weights, die: 4 },
  },
  'C48 C68 switched to encryption and hidden names in mid-history': {
    ...CALM,
    ...PARTS,
    switched: 'hidden names',
    devices: 3,
    acts: 20,
    start: 'synced',
    weights: { ...CALM.weights, die: 5, switch: 14 },
    storeFaults: 0.02,
  },
  'C68 switched under their own names, watchers': {
    ...CALM,
    switched: 'plain names',
    start: 'synced',
    watchers: 'listing',
    settings: { listEveryMs: 1_200_000 },
    weights: { ...EDITS, sync: 6, watch: 14, die: 4, switch: 12 },
  },
  'C47 C68 switched on S3 that judges every write, or all but some': {
    ...CALM,
    ...S3,
    switched: 'hidden names',
    storeFaults: 0.02,
    weights: { ...CALM.weights, die: 4, switch: 12 },
  },
  'C46 other tools on S3': { ...CALM, ...S3, servers: ['aws', 'r2', 'minio', 'ceph16', 'b2'], weights: { ...CALM.weights, foreign: 14, die: 4 } },
};
