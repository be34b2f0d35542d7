import type { SideView } from '../../../src-preload/contract/model.ts';
import { en } from '../../strings/en.ts';
import { formatBytes, formatMoment } from '../../strings/format.ts';

/** What one side holds: size and time, or that it is no file. */
export function sideWords({ kind, size, modifiedAt }: SideView): string {
  if (kind === 'folder') return en.conflict.aFolder;
  if (kind === 'symlink') return en.conflict.aLink;
  return [size === null ? '' : formatBytes(size), modifiedAt === null ? '' : formatMoment(modifiedAt)].filter((word) => word !== '').join(', ');
}
