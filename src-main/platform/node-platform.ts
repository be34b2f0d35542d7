import { homedir, hostname } from 'node:os';
import { nodeClock } from './node-clock.ts';
import { nodeFs } from './node-fs.ts';
import { nodeHasher } from './node-hash.ts';
import { nodeChance, nodeRandom } from './node-random.ts';
import type { Platform } from './platform.ts';

/** The real world. */
export function nodePlatform(): Platform {
  return {
    fs: nodeFs(),
    quickFs: nodeFs({ quick: true }),
    clock: nodeClock,
    random: nodeRandom,
    chance: nodeChance,
    newHasher: nodeHasher,
    home: { platform: process.platform, homeDir: homedir(), hostname: hostname(), pid: process.pid, env: process.env },
  };
}
