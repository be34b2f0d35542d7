import { Button, Group } from '@mantine/core';
import { say } from '../strings/say.ts';

export interface SaveButtonsProps {
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly onSave: () => void;
  readonly onCancel: () => void;
}

/** The end of a form: to leave it, or to save what is filled in. */
export function SaveButtons({ busy, disabled, onSave, onCancel }: SaveButtonsProps) {
  return (
    <Group justify="flex-end" gap="sm">
      <Button variant="default" onClick={onCancel}>
        {say.action.cancel}
      </Button>
      <Button loading={busy} disabled={disabled} onClick={onSave}>
        {say.action.save}
      </Button>
    </Group>
  );
}
