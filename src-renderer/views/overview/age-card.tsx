import { Button } from '@mantine/core';
import { IconClockExclamation } from '@tabler/icons-react';
import type { PairView } from '../../../src-preload/contract/model.ts';
import { useNow } from '../../store.ts';
import { formatAgo } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { usePairActs } from '../folders/use-pair-acts.ts';
import { AttentionCard } from './attention-card.tsx';

/** A folder whose two sides have not been in step for long. */
export function AgeCard({ pair }: { readonly pair: PairView }) {
  const now = useNow();
  const { id, name, lastSyncAt } = pair;
  const { sync, error } = usePairActs(id);
  return (
    <AttentionCard
      tone="warn"
      Icon={IconClockExclamation}
      title={lastSyncAt === null ? say.numbers.ageNever(name) : say.numbers.ageTitle(name, formatAgo(lastSyncAt, now))}
      text={say.numbers.ageText}
      actions={
        <Button variant="default" onClick={sync}>
          {say.action.syncNow}
        </Button>
      }
    >
      <ErrorNote error={error} />
    </AttentionCard>
  );
}
