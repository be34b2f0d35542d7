import { Button, Group, Paper, Text } from '@mantine/core';
import { IconFolder, IconServer } from '@tabler/icons-react';
import type { ChosenFolder } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useRequest } from '../../use-request.ts';

export interface FolderFieldProps {
  readonly purpose: 'source' | 'target';
  readonly label: string;
  readonly hint: string;
  readonly chosen: ChosenFolder | null;
  readonly onChoose: (chosen: ChosenFolder) => void;
}

/** A folder, chosen in the system's dialog. */
export function FolderField({ purpose, label, hint, chosen, onChoose }: FolderFieldProps) {
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
        <Button
          variant={chosen === null ? 'light' : 'default'}
          onClick={() => void onClick()}
          style={{ flex: 'none' }}
          aria-label={`${label}: ${chosen === null ? say.action.choose : say.action.change}`}
        >
          {chosen === null ? say.action.choose : say.action.change}
        </Button>
      </Group>
      <ErrorNote error={choose.error} />
    </Paper>
  );
}
