import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { converge, type Device, type World } from '../../cli/world.ts';

/** A tool that keeps two folders in sync. */
export interface Tool {
  readonly name: string;
  readonly roots: readonly [string, string];
  /** A third tree that must equal the two, where it has one. */
  readonly store?: string;
  /** What it does not carry over: then the comparison leaves it out. */
  readonly blindTo: { readonly modes: boolean; readonly folders: boolean };
  /** Brings both to what it makes of them; an answer is a complaint. */
  sync(): Promise<string | null>;
  /** The same after conflicts, which may take some more rounds. */
  settle?(): Promise<void>;
}

export const PEERS = ['unison', 'rclone'] as const;
export const INSTALL = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${PEERS.join(' ')}`;
export const missingPeers = PEERS.filter((name) => spawnSync(name, [name === 'rclone' ? 'version' : '-version'], { stdio: 'ignore' }).status !== 0);

/** Two devices of ours that meet in a backup folder. */
export function ours(world: World, name: string): Tool {
  const store = world.folder(`${name}/backup`);
  const device = (side: string): Device => world.device(`${name}/${side}`, { BACKUP_DIR: store, DEVICE_NAME: side });
  const [desk, laptop] = [device('desk'), device('laptop')];
  return {
    name: 'File Sync',
    roots: [desk.source, laptop.source],
    store,
    blindTo: { modes: false, folders: false },
    async sync() {
      // What the user really deleted may be much; the guard has tests of its own.
      for (const device of [desk, laptop, desk]) await device.sync('--yes');
      return null;
    },
    settle: () => converge(desk, laptop),
  };
}

export function unison(world: World, name: string): Tool {
  const roots = [world.folder(`${name}/1`), world.folder(`${name}/2`)] as const;
  const archive = world.folder(`${name}/archive`);
  return {
    name: 'Unison',
    roots,
    blindTo: { modes: false, folders: false },
    // 1: some paths were left alone, as conflicts are.
    sync: async () => run('unison', [...roots, '-ui', 'text', '-batch', '-times', '-confirmbigdel=false'], { UNISON: archive }, [0, 1]),
  };
}

export function rcloneBisync(world: World, name: string): Tool {
  const roots = [world.folder(`${name}/1`), world.folder(`${name}/2`)] as const;
  const work = world.folder(`${name}/work`);
  let first = true;
  return {
    name: 'rclone bisync',
    roots,
    blindTo: { modes: true, folders: true },
    async sync() {
      const complaint = run('rclone', ['bisync', ...roots, '--workdir', work, '--config', join(work, 'none'), '--force', ...(first ? ['--resync'] : [])], {}, [0]);
      first = false;
      return complaint;
    },
  };
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>, fine: readonly number[]): string | null {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', ...env } });
  if (error !== undefined) throw error;
  if (status !== null && fine.includes(status)) return null;
  const errors = (stderr || stdout).split('\n').filter((line) => /error|fatal|abort/i.test(line));
  return `${command} ends with ${status}: ${errors.slice(-2).join(' / ').slice(0, 400)}`;
}
