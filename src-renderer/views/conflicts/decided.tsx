import { Button, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { Choice, ConflictView } from '../../../src-preload/contract/model.ts';
import { useNavigation } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { DialogBody } from '../../ui/dialog-body.tsx';
import { Note } from '../../ui/note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { keptWords } from './giving-way.ts';

/** What the user decided, about the two versions that he saw. */
export interface Decision {
  readonly pair: string;
  readonly conflict: ConflictView;
  readonly choice: Choice;
  /** What gave way is not kept. */
  readonly forGood: boolean;
}

export interface DecidedProps {
  readonly decision: Decision;
  /** The sync that carries it out has not been yet. */
  readonly waits: boolean;
  readonly onUndo: () => void;
  readonly onClose: () => void;
}

/** Says where the version is that gave way, and the ways to it. */
export function Decided({ decision: { pair, conflict, choice, forGood }, waits, onUndo, onClose }: DecidedProps) {
  const { go } = useNavigation();
  const { decided } = say.conflictTools;
  const hasWayBack = choice !== 'both' && !(choice === 'local' && forGood);
  return (
    <DialogBody
      buttons={
        <Group justify="flex-end" gap="sm" className="dialog-buttons">
          {hasWayBack && !waits && (
            <>
              <Button variant="subtle" onClick={() => go('history', { pair, path: conflict.path })}>
                {decided.show}
              </Button>
              <Button variant="default" onClick={onUndo}>
                {decided.undo}
              </Button>
            </>
          )}
          <Button onClick={onClose} data-autofocus>
            {say.action.close}
          </Button>
        </Group>
      }
    >
      <div role="status">
        {waits ? (
          <Waiting text={decided.waiting} />
        ) : (
          <Stack gap={4}>
            <Note Icon={IconCircleCheck} tone="good">
              {keptWords(choice, conflict, forGood)}
            </Note>
            {hasWayBack && (
              <Text size="sm" c="dimmed">
                {decided.again}
              </Text>
            )}
          </Stack>
        )}
      </div>
    </DialogBody>
  );
}
