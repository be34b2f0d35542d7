import { join } from 'node:path';
import type { IgnoredItem, IgnorePreview } from '../../src-preload/contract/desktop.ts';
import { canMatch, IGNORE_FILE, IgnoreRules } from '../core/ignore.ts';
import { CONTROL_FOLDER, parseRelPath, type RelPath } from '../core/rel-path.ts';
import { readIgnoreFile } from '../local/ignore-file.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';

export interface IgnorePreviewPorts {
  readonly fs: Pick<Fs, 'readDir' | 'lstat' | 'openRead'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** An answer for someone who types has to be quick; what is looked at by then is told as such. */
const MOST_ENTRIES = 200_000;
const LONGEST_MS = 2_500;
const SHOWN = 60;

interface Waiting {
  readonly path: RelPath | null;
  /** Null in a folder that is left out, with all it holds. */
  readonly rules: IgnoreRules | null;
}

/** What rules match in the real tree, `.syncignore` files included. A folder that is left out is entered only to be counted. Changes nothing. */
export async function previewIgnored(root: string, patterns: readonly string[], junk: boolean, { fs, clock }: IgnorePreviewPorts, signal: AbortSignal): Promise<IgnorePreview> {
  const began = clock.monotonic();
  const items: IgnoredItem[] = [];
  let [looked, total, files, folders, complete] = [0, 0, 0, 0, true];
  // What is left out is counted last: what the rules do elsewhere is to be seen even when time runs out.
  const waiting: Waiting[] = [{ path: null, rules: IgnoreRules.of(patterns, { junk }) }];
  const leftOut: Waiting[] = [];
  for (let next = waiting.shift() ?? leftOut.shift(); next !== undefined; next = waiting.shift() ?? leftOut.shift()) {
    signal.throwIfAborted();
    const disk = next.path === null ? root : join(root, ...next.path.split('/'));
    const rules = next.rules === null ? null : await withOwn(fs, disk, next.path, next.rules);
    for (const { name, valid } of await fs.readDir(disk).catch(() => [])) {
      const parsed = valid && name !== CONTROL_FOLDER ? parseRelPath(next.path === null ? name : `${next.path}/${name}`) : null;
      if (parsed === null || 'fault' in parsed) continue;
      if (looked >= MOST_ENTRIES || clock.monotonic() - began > LONGEST_MS) {
        complete = false;
        waiting.length = leftOut.length = 0;
        break;
      }
      looked++;
      const { path } = parsed;
      const isFolder = (await fs.lstat(join(disk, name)).catch(() => null))?.kind === 'folder';
      const isOut = rules?.ignores(path, isFolder) ?? true;
      if (isFolder) (isOut ? leftOut : waiting).push({ path, rules: isOut ? null : rules });
      else total++;
      if (!isOut) continue;
      if (!isFolder) files++;
      else if (rules !== null) folders++;
      if (rules !== null && items.length < SHOWN) items.push({ path, isFolder });
    }
  }
  return { total, files, folders, complete, items, hopeless: patterns.filter((pattern) => !pattern.startsWith('#') && !canMatch(pattern)) };
}

async function withOwn(fs: IgnorePreviewPorts['fs'], disk: string, folder: RelPath | null, above: IgnoreRules): Promise<IgnoreRules> {
  const own = await readIgnoreFile(fs as Fs, join(disk, IGNORE_FILE));
  return own !== null && 'patterns' in own ? above.with({ folder, patterns: own.patterns }) : above;
}
