import { hasCode, SyncError } from '../core/errors.ts';
import type { Clock, Random } from '../platform/clock.ts';
import type { FileStat, Fs } from '../platform/fs.ts';
import { type ControlPaths, ensureControlFolder, makeFolder } from './control-folder.ts';
import type { LocalFeatures } from './local-tree.ts';
import { TICK_NS, toNs } from './stamp.ts';

/** What was found out, with what only this side needs to know. */
export interface ProbedFeatures extends LocalFeatures {
  readonly hardLinks: boolean;
  /** The file system's clock minus ours, ns; 0 where it is the same clock. */
  readonly clockOffsetNs: bigint;
}

/** Where nothing can be tried (read-only, full, closed): what most systems have, with the coarsest clock there is. */
const UNTRIED: ProbedFeatures = {
  caseInsensitive: false,
  normalises: false,
  symlinks: true,
  modes: true,
  stableIds: true,
  mtimeStepNs: 2_000_000_000n,
  hardLinks: true,
  clockOffsetNs: 0n,
};

/** Steps that file systems have, coarsest first: FAT, ext3 and HFS+, exFAT, then decimal ones down to what the port can set. */
const STEPS_NS: readonly bigint[] = [2_000_000_000n, 1_000_000_000n, 100_000_000n, 10_000_000n, 1_000_000n, 100_000n, 10_000n, 1_000n, 100n];
/** An odd second with every digit in use, so that any rounding shows. */
const ODD_TIME_NS = 1_234_567_891_987_654_321n;

/** Finds out by trying, in a throw-away folder, what the root's file system does. It leaves nothing behind. */
export async function probeFeatures(fs: Fs, clock: Pick<Clock, 'now'>, random: Pick<Random, 'id'>, control: ControlPaths): Promise<ProbedFeatures> {
  const made: string[] = [];
  try {
    if ((await fs.lstat(control.folder)) === null) {
      await ensureControlFolder(fs, control);
      made.push(control.folder);
    }
    if (await makeFolder(fs, control.tmp)) made.push(control.tmp);
    return await probeInside(fs, clock, `${control.tmp}/probe-${random.id()}`);
  } catch (error) {
    if (hasCode(error, 'no-permission', 'read-only', 'disk-full', 'not-supported', 'io', 'not-a-folder')) return UNTRIED;
    throw error;
  } finally {
    for (const folder of made.reverse()) await fs.rmdir(folder).catch(onlySyncErrors);
  }
}

async function probeInside(fs: Fs, clock: Pick<Clock, 'now'>, place: string): Promise<ProbedFeatures> {
  await fs.mkdir(place);
  try {
    return await probe(fs, clock, place);
  } finally {
    for (const { name } of await fs.readDir(place)) await fs.unlink(`${place}/${name}`).catch(onlySyncErrors);
    await fs.rmdir(place).catch(onlySyncErrors);
  }
}

async function probe(fs: Fs, clock: Pick<Clock, 'now'>, place: string): Promise<ProbedFeatures> {
  const file = `${place}/nAmE`;
  const before = clock.now();
  const handle = await fs.create(file, 0o600);
  await handle.write(new Uint8Array([0x78]));
  await handle.close();
  const after = clock.now();
  const stat = await statOf(fs, file);
  const caseInsensitive = (await fs.lstat(`${place}/NaMe`)) !== null;
  const hardLinks = await works(() => fs.link(file, `${place}/hard`));
  const renamed = `${place}/renamed`;
  await fs.rename(file, renamed);
  const moved = await statOf(fs, renamed);
  await fs.setMtime(renamed, ODD_TIME_NS);
  const { mtimeNs } = await statOf(fs, renamed);
  const mtimeStepNs = STEPS_NS.find((step) => mtimeNs === ODD_TIME_NS - (ODD_TIME_NS % step)) ?? 1n;
  return {
    caseInsensitive,
    normalises: await probeNormalisation(fs, place),
    symlinks: await works(() => fs.symlink('nowhere', `${place}/link`)),
    modes: await probeModes(fs, renamed),
    stableIds: moved.ino === stat.ino && stat.ino !== 0n,
    mtimeStepNs,
    hardLinks,
    clockOffsetNs: stat.mtimeNs >= toNs(before) - mtimeStepNs - TICK_NS && stat.mtimeNs <= toNs(after) + TICK_NS ? 0n : stat.mtimeNs - toNs(after),
  };
}

async function probeNormalisation(fs: Fs, place: string): Promise<boolean> {
  const name = '\u00E9';
  await (await fs.create(`${place}/${name}`, 0o600)).close();
  if ((await fs.lstat(`${place}/${name.normalize('NFD')}`)) !== null) return true;
  return !(await fs.readDir(place)).some((entry) => entry.name === name);
}

async function probeModes(fs: Fs, file: string): Promise<boolean> {
  for (const mode of [0o640, 0o755, 0o600]) {
    if (!(await works(() => fs.chmod(file, mode)))) return false;
    if ((await statOf(fs, file)).mode !== mode) return false;
  }
  return true;
}

async function works(attempt: () => Promise<void>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    if (hasCode(error, 'not-supported', 'no-permission', 'name-not-allowed', 'io')) return false;
    throw error;
  }
}

async function statOf(fs: Fs, path: string): Promise<FileStat> {
  const stat = await fs.lstat(path);
  if (stat === null) throw new RangeError(`a file that was just made is gone: ${path}`);
  return stat;
}

/** What cannot be removed now is swept later; anything but a refusal of the file system goes on up. */
function onlySyncErrors(error: unknown): void {
  if (!(error instanceof SyncError)) throw error;
}
