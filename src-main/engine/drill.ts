import type { Base, FileEntry, Version } from '../core/entry.ts';
import { PLACE_ERRORS, throwIfAborted } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import { type Sample, sampleSize } from '../core/sample.ts';
import type { NewHasher, Random } from '../platform/clock.ts';
import type { RemoteTree } from '../remote/remote-tree.ts';
import { asSyncError } from './execute.ts';
import type { ProgressMeter } from './progress.ts';

/** What a restore drill found. */
export interface DrillReport {
  /** Files whose bytes came back whole, and how many bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Replaced or removed in the backup meanwhile: said nothing about. */
  readonly passed: number;
  readonly failed: readonly DrillFailure[];
}
export interface DrillFailure {
  readonly path: RelPath;
  readonly version: Version;
  readonly why: string;
}

export interface DrillPorts {
  readonly remote: Pick<RemoteTree, 'read' | 'look'>;
  readonly base: ReadonlyMap<RelPath, Base>;
  readonly random: Pick<Random, 'fraction'>;
  readonly newHasher: NewHasher;
  readonly signal: AbortSignal;
  readonly meter: ProgressMeter;
}

interface Drawn {
  readonly path: RelPath;
  readonly entry: FileEntry;
  readonly version: Version;
}

/**
 * A restore to nowhere: some files, chosen by chance, are fetched and decrypted as a restore would, and their bytes have to be those that both sides agreed on. At most `mostBytes` are fetched, but one file always. Throws
 * what concerns the whole place; what is wrong with one file is told.
 */
export async function drill(sample: Sample, mostBytes: number, ports: DrillPorts): Promise<DrillReport> {
  const drawn = draw(sample, mostBytes, ports);
  const failed: DrillFailure[] = [];
  let [files, bytes, passed] = [0, 0, 0];
  ports.meter.begins(
    drawn.length,
    drawn.reduce((sum, { entry }) => sum + entry.size, 0),
  );
  for (const one of drawn) {
    throwIfAborted(ports.signal);
    ports.meter.begin(one.path, 'down', one.entry.size);
    const found = await prove(one, ports);
    ports.meter.finished(one.path);
    if (found === 'whole') {
      files++;
      bytes += one.entry.size;
    } else if (found === 'moved on') passed++;
    else failed.push({ path: one.path, version: one.version, why: found.why });
  }
  return { files, bytes, passed, failed };
}

function draw(sample: Sample, mostBytes: number, { base, random }: DrillPorts): readonly Drawn[] {
  const all: Drawn[] = [];
  for (const [path, { entry, version }] of base) if (entry.kind === 'file') all.push({ path, entry, version });
  const wanted = sampleSize(sample, all.length);
  const drawn: Drawn[] = [];
  let bytes = 0;
  for (let i = 0; i < wanted; i++) {
    const at = i + Math.floor(random.fraction() * (all.length - i));
    const [one, here] = [all[at], all[i]];
    if (one === undefined || here === undefined) break;
    all[at] = here;
    all[i] = one;
    if (drawn.length > 0 && bytes + one.entry.size > mostBytes) continue;
    bytes += one.entry.size;
    drawn.push(one);
  }
  return drawn;
}

async function prove(one: Drawn, ports: DrillPorts): Promise<'whole' | 'moved on' | { readonly why: string }> {
  try {
    const chunks = await ports.remote.read(one.path, one.version, { signal: ports.signal });
    if (chunks === null) return (await isStill(one, ports)) ? { why: 'the backup lists it and does not give it' } : 'moved on';
    const hasher = ports.newHasher();
    let length = 0;
    for await (const chunk of chunks) {
      hasher.update(chunk);
      length += chunk.length;
      ports.meter.moved(one.path, chunk.length);
    }
    if (length !== one.entry.size) return { why: `${length} of ${one.entry.size} bytes came back` };
    return hasher.digest() === one.entry.hash ? 'whole' : { why: 'other bytes came back than were stored' };
  } catch (error) {
    const problem = asSyncError(error, one.path);
    if (PLACE_ERRORS.includes(problem.code) || problem.code === 'throttled') throw problem;
    if (problem.code === 'busy' && !(await isStill(one, ports))) return 'moved on';
    return { why: problem.message };
  }
}

async function isStill({ path, version }: Drawn, { remote, signal }: DrillPorts): Promise<boolean> {
  return (await remote.look(path, 'file', signal))?.version === version;
}
