import { Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ask } from '../../bridge.ts';
import { en } from '../../strings/en.ts';
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
    <Modal opened={opened} onClose={onClose} title={en.add.title} size="lg" closeOnClickOutside={false}>
      {/* A dialog opened again starts empty. */}
      {opened && <Steps first={kind} onClose={onClose} />}
    </Modal>
  );
}

function Steps({ first, onClose }: { readonly first: Kind | null; readonly onClose: () => void }) {
  const [kind, setKind] = useState(first);
  // Secrets that were typed and not used.
  useEffect(() => () => void ask('storage/forget', null), []);
  const onBack = (): void => setKind(null);
  if (kind === null) return <KindStep onChoose={setKind} />;
  return kind === 'folder' ? <FoldersStep onBack={onBack} onAdded={onClose} /> : <StorageFlow onBack={onBack} onAdded={onClose} />;
}
