import type { SideView } from '../../../src-preload/contract/model.ts';
import { formatBytes, formatMoment } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';

/** What one side holds: size and time, or that it is no file. */
export function sideWords({ kind, size, modifiedAt }: SideView): string {
  if (kind === 'folder') return say.conflict.aFolder;
  if (kind === 'symlink') return say.conflict.aLink;
  return [size === null ? '' : formatBytes(size), modifiedAt === null ? '' : formatMoment(modifiedAt)].filter((word) => word !== '').join(', ');
}
