import { Button, Group } from '@mantine/core';
import { en } from '../strings/en.ts';

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
        {en.action.cancel}
      </Button>
      <Button loading={busy} disabled={disabled} onClick={onSave}>
        {en.action.save}
      </Button>
    </Group>
  );
}
