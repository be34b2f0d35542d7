import { type RefObject, useEffect, useState } from 'react';
import { ask } from '../../bridge.ts';
import { say } from '../../strings/say.ts';
import { EditDialog } from '../../ui/edit-dialog.tsx';
import { StorageFlow } from '../storage/storage-flow.tsx';
import { FoldersStep } from './folders-step.tsx';
import { type Kind, KindStep } from './kind-step.tsx';

export interface AddDialogProps {
  readonly opened: boolean;
  /** Where the backup is to be, if that was said already. */
  readonly kind?: Kind | null;
  readonly onClose: () => void;
}

/** From nothing to a synced folder, one question at a time. Nothing is changed anywhere before the last button. */
export function AddDialog({ opened, kind = null, onClose }: AddDialogProps) {
  return (
    <EditDialog opened={opened} onClose={onClose} title={say.add.title} closeOnClickOutside={false}>
      {(isChanged) => <Steps first={kind} isChanged={isChanged} onClose={onClose} />}
    </EditDialog>
  );
}

interface StepsProps {
  readonly first: Kind | null;
  /** Something was typed, or a step was done. */
  readonly isChanged: RefObject<boolean>;
  readonly onClose: () => void;
}

/** A dialog opened again starts empty. */
function Steps({ first, isChanged, onClose }: StepsProps) {
  const [kind, setKind] = useState(first);
  // Secrets that were typed and not used.
  useEffect(
    () => () => {
      isChanged.current = false;
      void ask('storage/forget', null);
    },
    [isChanged],
  );
  const onEntered = (): void => {
    isChanged.current = true;
  };
  const onBack = (): void => setKind(null);
  if (kind === null) return <KindStep onChoose={setKind} />;
  return (
    <div onInput={onEntered} onSubmit={onEntered}>
      {kind === 'folder' ? <FoldersStep onBack={onBack} onAdded={onClose} /> : <StorageFlow onBack={onBack} onAdded={onClose} />}
    </div>
  );
}
