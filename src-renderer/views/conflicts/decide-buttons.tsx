import { Button, Group } from '@mantine/core';
import { say } from '../../strings/say.ts';

export interface DecideButtonsProps {
  /** What is decided, in words. */
  readonly label: string;
  readonly busy: boolean;
  readonly onDecide: () => void;
  readonly onLater: () => void;
}

/** The end of a question about conflicts: to let it wait, or to decide. */
export function DecideButtons({ label, busy, onDecide, onLater }: DecideButtonsProps) {
  return (
    <Group justify="flex-end" gap="sm" className="dialog-buttons">
      <Button variant="default" onClick={onLater}>
        {say.heldCard.keepWaiting}
      </Button>
      <Button loading={busy} onClick={onDecide}>
        {label}
      </Button>
    </Group>
  );
}
