import { Group, Stack, Text } from '@mantine/core';
import { useRef } from 'react';
import type { Progress } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';
import { isCounted, ProgressBar } from '../../ui/progress-bar.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { amountWords, type RestoreStage, stageOf } from './restore-words.ts';

export interface RestoreProgressProps {
  /** Of its folder; null: nothing is under way just now. */
  readonly progress: Progress | null;
  readonly withFolders: boolean;
  readonly stopping: boolean;
}

/** How far a restore is: first here, then in the backup. */
export function RestoreProgress({ progress, withFolders, stopping }: RestoreProgressProps) {
  const stage = useRef<RestoreStage>('here');
  stage.current = stageOf(progress, stage.current);
  const { restore } = say.history;
  const counted = progress !== null && isCounted(progress) ? progress : null;
  return (
    <Stack gap={6} mih={44}>
      <Group justify="space-between" wrap="nowrap">
        <Waiting text={stopping ? restore.stopping : stage.current === 'here' ? restore.working : restore.carrying} />
        <Text size="sm" c="dimmed" className="numbers" style={{ flex: 'none' }}>
          {counted === null ? '' : amountWords(counted, withFolders)}
        </Text>
      </Group>
      {counted !== null && <ProgressBar progress={counted} label={restore.progress} />}
    </Stack>
  );
}
