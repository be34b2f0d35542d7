import { Button, Group, Modal, Paper, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowsDiff, IconCircleCheck, IconFolder, IconServer } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ChosenFolder, ConflictPolicy } from '../../../src-preload/contract/model.ts';
import { en } from '../../strings/en.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useRequest } from '../../use-request.ts';
import { PolicySelect } from './policy-select.tsx';

export interface AddDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Two folders, chosen in the system's dialog and checked before the button works. */
export function AddDialog({ opened, onClose }: AddDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={en.add.title} size="lg">
      {/* A dialog opened again starts empty. */}
      {opened && <AddForm onClose={onClose} />}
    </Modal>
  );
}

function AddForm({ onClose }: { readonly onClose: () => void }) {
  const [source, setSource] = useState<ChosenFolder | null>(null);
  const [target, setTarget] = useState<ChosenFolder | null>(null);
  const [name, setName] = useState('');
  const [policy, setPolicy] = useState<ConflictPolicy>('keep_both');
  const check = useRequest('pair/check');
  const add = useRequest('pair/add');
  const [checked, setChecked] = useState(false);
  const { send: sendCheck } = check;

  useEffect(() => {
    setChecked(false);
    if (source === null || target === null) return;
    let current = true;
    void sendCheck({ source: source.token, target: target.token }).then((answer) => current && setChecked(answer !== undefined));
    return () => {
      current = false;
    };
  }, [source, target, sendCheck]);

  const onSource = (chosen: ChosenFolder): void => {
    setSource(chosen);
    setName((before) => (before === '' || before === source?.name ? chosen.name : before));
  };
  const onAdd = async (): Promise<void> => {
    if (source === null || target === null) return;
    const added = await add.send({ source: source.token, target: target.token, name: name.trim() || source.name, conflictPolicy: policy });
    if (added !== undefined) onClose();
  };
  return (
    <Stack gap="md">
      <FolderField purpose="source" label={en.add.source} hint={en.add.sourceHint} chosen={source} onChoose={onSource} />
      <FolderField purpose="target" label={en.add.target} hint={en.add.targetHint} chosen={target} onChoose={setTarget} />
      {source !== null && <TextInput label={en.folder.name} value={name} maxLength={80} onChange={(event) => setName(event.currentTarget.value)} />}
      {source !== null && target !== null && <PolicySelect value={policy} onChange={setPolicy} />}
      <div aria-live="polite">
        {check.busy && (
          <Text size="sm" c="dimmed">
            {en.add.checking}
          </Text>
        )}
        {checked && (
          <Stack gap={6}>
            <Note Icon={IconCircleCheck} tone="good" text={en.add.checked} />
            <Note Icon={IconArrowsDiff} tone="quiet" text={en.add.union} />
          </Stack>
        )}
      </div>
      <ErrorNote error={check.error ?? add.error} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {en.action.cancel}
        </Button>
        <Button disabled={!checked} loading={add.busy} onClick={() => void onAdd()}>
          {en.add.button}
        </Button>
      </Group>
    </Stack>
  );
}

function Note({ Icon, tone, text }: { readonly Icon: typeof IconFolder; readonly tone: 'good' | 'quiet'; readonly text: string }) {
  return (
    <Group gap={8} wrap="nowrap" className={`tone-${tone}`}>
      <Icon size={18} className="tone-text" style={{ flex: 'none' }} aria-hidden="true" />
      <Text size="sm">{text}</Text>
    </Group>
  );
}

interface FolderFieldProps {
  readonly purpose: 'source' | 'target';
  readonly label: string;
  readonly hint: string;
  readonly chosen: ChosenFolder | null;
  readonly onChoose: (chosen: ChosenFolder) => void;
}

function FolderField({ purpose, label, hint, chosen, onChoose }: FolderFieldProps) {
  const choose = useRequest('folder/choose');
  const Icon = purpose === 'source' ? IconFolder : IconServer;
  const onClick = async (): Promise<void> => {
    const answer = await choose.send({ purpose });
    if (answer?.value != null) onChoose(answer.value);
  };
  return (
    <Paper p="md" radius="md" role="group" aria-label={label}>
      <Group wrap="nowrap" gap="md">
        <Icon size={22} stroke={1.7} style={{ flex: 'none' }} aria-hidden="true" />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text fw={550} size="sm">
            {label}
          </Text>
          <Text size="sm" {...(chosen === null ? { c: 'dimmed' } : {})} style={{ overflowWrap: 'anywhere' }}>
            {chosen?.path ?? hint}
          </Text>
        </div>
        <Button variant={chosen === null ? 'light' : 'default'} onClick={() => void onClick()} style={{ flex: 'none' }} aria-label={`${label}: ${en.action.choose}`}>
          {chosen === null ? en.action.choose : en.action.change}
        </Button>
      </Group>
      <ErrorNote error={choose.error} />
    </Paper>
  );
}
