import { ask } from '../../bridge.ts';
import type { RestoreTask } from './restore-dialog.tsx';

/** The same into a folder that the user chooses in the system's dialog; null: none was chosen. */
export async function chooseElsewhere(task: RestoreTask): Promise<RestoreTask | null> {
  const folder = await ask('folder/choose', { purpose: 'restore' });
  return folder.ok && folder.value !== null ? { ...task, to: folder.value } : null;
}
