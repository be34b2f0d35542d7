import { Text } from '@mantine/core';
import type { PairView } from '../../../src-preload/contract/model.ts';
import { en } from '../../strings/en.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useRequest } from '../../use-request.ts';

export interface RemoveDialogProps {
  readonly pair: PairView;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function RemoveDialog({ pair, opened, onClose }: RemoveDialogProps) {
  const remove = useRequest('pair/remove');
  const onYes = async (): Promise<void> => {
    if ((await remove.send({ pair: pair.id })) !== undefined) onClose();
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={en.folder.removeTitle(pair.name)}
      yes={en.folder.removeButton}
      no={en.action.cancel}
      busy={remove.busy}
      error={remove.error}
      onYes={() => void onYes()}
      onClose={onClose}
    >
      <Text size="sm">{en.folder.removeText}</Text>
      <Text size="sm" c="dimmed">
        {en.folder.removeAgain}
      </Text>
      {pair.protection?.keep === 'keychain' && (
        <Text size="sm" c="dimmed">
          {en.protection.removeKeeps}
        </Text>
      )}
    </ConfirmDialog>
  );
}
