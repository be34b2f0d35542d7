import { Stack, Text, TextInput } from '@mantine/core';
import { IconArrowsDiff, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Note } from '../../ui/note.tsx';
import { PolicySelect } from './policy-select.tsx';
import type { NewPair } from './use-new-pair.ts';

export interface PairFieldsProps {
  readonly pair: NewPair;
  /** Said when both ends are fit to be a pair. */
  readonly fit: string;
  /** Said of two ends that are fit, but not together. */
  readonly notFit: string;
  /** What the first sync will do. */
  readonly first: string;
}

/** Name and conflict policy of a pair that is to be, and what is known of it. */
export function PairFields({ pair, fit, notFit, first }: PairFieldsProps) {
  const { source, name, setName, policy, setPolicy, checking, checked, error, unfit } = pair;
  return (
    <>
      {source !== null && <TextInput label={say.folder.name} value={name} maxLength={80} onChange={(event) => setName(event.currentTarget.value)} />}
      {source !== null && <PolicySelect value={policy} onChange={setPolicy} />}
      <div aria-live="polite">
        {checking && (
          <Text size="sm" c="dimmed">
            {say.add.checking}
          </Text>
        )}
        {checked && (
          <Stack gap={6}>
            {pair.isOnOneDisk && (
              <Note Icon={IconInfoCircle} tone="warn">
                {say.add.oneDisk}
              </Note>
            )}
            <Note Icon={IconCircleCheck} tone="good">
              {fit}
            </Note>
            <Note Icon={IconArrowsDiff} tone="quiet">
              {first}
            </Note>
          </Stack>
        )}
      </div>
      <ErrorNote error={unfit} title={unfit?.code === 'overlap' ? notFit : say.add.unfit.one} />
      <ErrorNote error={error} />
    </>
  );
}
