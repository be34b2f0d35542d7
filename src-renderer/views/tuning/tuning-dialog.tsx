import { Text } from '@mantine/core';
import type { RefObject } from 'react';
import type { TuningGroup } from '../../../src-preload/contract/tuning.ts';
import { useAppState } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { DialogBody } from '../../ui/dialog-body.tsx';
import { EditDialog, useChanged } from '../../ui/edit-dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { SaveButtons } from '../../ui/save-buttons.tsx';
import { useRequest } from '../../use-request.ts';
import { TuningFields } from './tuning-fields.tsx';
import { useEveryForm } from './tuning-form.ts';
import { ownGroups } from './tuning-words.ts';
import { Losses } from './warnings.tsx';

export interface TuningDialogProps {
  readonly group: TuningGroup;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** What every folder goes by, one group of it. It counts when it is saved: a number that is only half typed would throw versions away. */
export function TuningDialog({ group, opened, onClose }: TuningDialogProps) {
  return (
    <EditDialog opened={opened} onClose={onClose} title={say.tuning.every(say.tuning.groups[group])}>
      {(isChanged) => <EveryForm group={group} isChanged={isChanged} onClose={onClose} />}
    </EditDialog>
  );
}

interface EveryFormProps extends Omit<TuningDialogProps, 'opened'> {
  readonly isChanged: RefObject<boolean>;
}

function EveryForm({ group, isChanged, onClose }: EveryFormProps) {
  const { settings, pairs } = useAppState();
  const form = useEveryForm(settings.tuning);
  const set = useRequest('app/set');
  useChanged(isChanged, !form.isValid || JSON.stringify(form.now) !== JSON.stringify(form.before));
  const others = pairs.filter((pair) => ownGroups(pair.settings.tuning).includes(group)).map(({ name }) => name);
  const onSave = async (): Promise<void> => {
    if ((await set.send({ tuning: form.now })) !== undefined) onClose();
  };
  return (
    <DialogBody
      gap="lg"
      buttons={
        <div className="dialog-buttons">
          <Losses form={form} />
          <SaveButtons busy={set.busy} disabled={!form.isValid} onSave={() => void onSave()} onCancel={onClose} />
        </div>
      }
    >
      <TuningFields group={group} form={form} bucket />
      {others.length > 0 && (
        <Text size="sm" c="dimmed">
          {say.tuning.keepTheirs(others.join(', '))}
        </Text>
      )}
      <ErrorNote error={set.error} />
    </DialogBody>
  );
}
