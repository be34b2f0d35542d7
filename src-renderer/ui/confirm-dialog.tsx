import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ErrorView } from '../../src-preload/contract/model.ts';
import { ErrorNote } from './error-note.tsx';

export interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly children: ReactNode;
  readonly yes: string;
  readonly no: string;
  readonly danger?: boolean;
  readonly busy: boolean;
  readonly error: ErrorView | null;
  readonly onYes: () => void;
  readonly onClose: () => void;
}

/** A question with its consequence named. The safe answer has the focus. */
export function ConfirmDialog({ opened, title, children, yes, no, danger = false, busy, error, onYes, onClose }: ConfirmDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="md">
      <Stack gap="md">
        {children}
        <ErrorNote error={error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} data-autofocus>
            {no}
          </Button>
          <Button color={danger ? 'red.8' : 'brand'} loading={busy} onClick={onYes}>
            {yes}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
