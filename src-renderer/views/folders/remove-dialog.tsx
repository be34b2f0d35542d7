import { Text } from '@mantine/core';
import type { PairView } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';
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
      title={say.folder.removeTitle(pair.name)}
      yes={say.folder.removeButton}
      no={say.action.cancel}
      busy={remove.busy}
      error={remove.error}
      onYes={() => void onYes()}
      onClose={onClose}
    >
      <Text size="sm">{say.folder.removeText}</Text>
      <Text size="sm" c="dimmed">
        {say.folder.removeAgain}
      </Text>
      {pair.protection?.keep === 'keychain' && (
        <Text size="sm" c="dimmed">
          {say.protection.removeKeeps}
        </Text>
      )}
    </ConfirmDialog>
  );
}
