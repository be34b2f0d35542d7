import { Button } from '@mantine/core';
import { IconClockExclamation } from '@tabler/icons-react';
import type { PairView } from '../../../src-preload/contract/model.ts';
import { ask } from '../../bridge.ts';
import { useNow } from '../../store.ts';
import { en } from '../../strings/en.ts';
import { formatAgo } from '../../strings/format.ts';
import { AttentionCard } from './attention-card.tsx';

/** A folder whose two sides have not been in step for long. */
export function AgeCard({ pair }: { readonly pair: PairView }) {
  const now = useNow();
  const { id, name, lastSyncAt } = pair;
  return (
    <AttentionCard
      tone="warn"
      Icon={IconClockExclamation}
      title={lastSyncAt === null ? en.numbers.ageNever(name) : en.numbers.ageTitle(name, formatAgo(lastSyncAt, now))}
      text={en.numbers.ageText}
      actions={
        <Button variant="default" onClick={() => void ask('sync/now', { pair: id })}>
          {en.action.syncNow}
        </Button>
      }
    />
  );
}
