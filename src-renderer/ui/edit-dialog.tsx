import { Modal, Text } from '@mantine/core';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { say } from '../strings/say.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

export interface EditDialogProps {
  readonly opened: boolean;
  readonly title: string;
  /** Another dialog lies on top: Escape is meant for that one. */
  readonly covered?: boolean;
  /** A click beside it says nothing. */
  readonly closeOnClickOutside?: boolean;
  readonly onClose: () => void;
  /** The form; it tells by `useChanged` whether anything would be dropped. */
  readonly children: (isChanged: RefObject<boolean>) => ReactNode;
}

/** A form in a dialog. Who leaves it with changes that are not saved, by Escape or a click beside it, is asked first. */
export function EditDialog({ opened, title, covered = false, closeOnClickOutside = true, onClose, children }: EditDialogProps) {
  const [asking, setAsking] = useState(false);
  const isChanged = useRef(false);
  const soon = useRef<ReturnType<typeof setTimeout>>(undefined);
  const onLeave = (): void => {
    if (!isChanged.current) onClose();
    // The question is asked after the key that led to it: it would be answered by the same one.
    else soon.current = setTimeout(() => setAsking(true));
  };
  const onDrop = (): void => {
    // The answer may come by a question that is still fading away.
    clearTimeout(soon.current);
    setAsking(false);
    onClose();
  };
  return (
    <>
      <Modal opened={opened} onClose={onLeave} closeOnEscape={!covered && !asking} closeOnClickOutside={closeOnClickOutside} title={title} size="lg">
        {opened && children(isChanged)}
      </Modal>
      <ConfirmDialog
        opened={asking}
        title={say.folder.dropTitle}
        yes={say.folder.drop}
        no={say.folder.keepEditing}
        busy={false}
        error={null}
        onYes={onDrop}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">{say.folder.dropText}</Text>
      </ConfirmDialog>
    </>
  );
}

/** Keeps the dialog told; a form that is gone has nothing to drop. */
export function useChanged(isChanged: RefObject<boolean>, value: boolean): void {
  useEffect(() => {
    isChanged.current = value;
    return () => {
      isChanged.current = false;
    };
  });
}
