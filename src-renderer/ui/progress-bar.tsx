import { Progress } from '@mantine/core';
import type { Progress as SyncProgress } from '../../src-preload/contract/model.ts';

/** How much is left is known once the work has begun. */
export function isCounted({ phase, total }: Pick<SyncProgress, 'phase' | 'total'>): boolean {
  return phase === 'working' && total > 0;
}

/** How far something is; moves without saying so while that is not known. */
export function ProgressBar({ progress, label }: { readonly progress: SyncProgress; readonly label: string }) {
  const { done, total, bytes, totalBytes } = progress;
  const known = isCounted(progress);
  const share = totalBytes > 0 ? (bytes / totalBytes) * 100 : total > 0 ? (done / total) * 100 : 0;
  return (
    <Progress.Root size={6} radius="xl" transitionDuration={200}>
      <Progress.Section value={known ? share : 100} striped={!known} animated={!known} aria-label={label} color={known ? 'brand' : 'gray'} />
    </Progress.Root>
  );
}
