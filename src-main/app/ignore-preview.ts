import { join } from 'node:path';
import type { IgnoredItem, IgnorePreview } from '../../src-preload/contract/desktop.ts';
import { IGNORE_FILE, IgnoreRules } from '../core/ignore.ts';
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

/** What rules match in the real tree, `.syncignore` files included; a folder counts as one and is not entered. Changes nothing. */
export async function previewIgnored(root: string, patterns: readonly string[], junk: boolean, { fs, clock }: IgnorePreviewPorts, signal: AbortSignal): Promise<IgnorePreview> {
  const began = clock.monotonic();
  const items: IgnoredItem[] = [];
  let [looked, files, folders, complete] = [0, 0, 0, true];
  const waiting: { readonly path: RelPath | null; readonly rules: IgnoreRules }[] = [{ path: null, rules: IgnoreRules.of(patterns, { junk }) }];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    signal.throwIfAborted();
    const disk = next.path === null ? root : join(root, ...next.path.split('/'));
    const own = await readIgnoreFile(fs as Fs, join(disk, IGNORE_FILE));
    const rules = own !== null && 'patterns' in own ? next.rules.with({ folder: next.path, patterns: own.patterns }) : next.rules;
    for (const { name, valid } of await fs.readDir(disk).catch(() => [])) {
      const parsed = valid && name !== CONTROL_FOLDER ? parseRelPath(next.path === null ? name : `${next.path}/${name}`) : null;
      if (parsed === null || 'fault' in parsed) continue;
      if (looked >= MOST_ENTRIES || clock.monotonic() - began > LONGEST_MS) {
        complete = false;
        waiting.length = 0;
        break;
      }
      looked++;
      const stat = await fs.lstat(join(disk, name)).catch(() => null);
      const isFolder = stat?.kind === 'folder';
      if (!rules.ignores(parsed.path, isFolder)) {
        if (isFolder) waiting.push({ path: parsed.path, rules });
        continue;
      }
      if (isFolder) folders++;
      else files++;
      if (items.length < SHOWN) items.push({ path: parsed.path, isFolder });
    }
  }
  return { looked, files, folders, complete, items };
}
