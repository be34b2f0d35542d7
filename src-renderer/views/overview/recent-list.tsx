import { Paper, Text } from '@mantine/core';
import { useAppState, useNow } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { ActivityRow } from '../activity/activity-row.tsx';
import { useFileActs } from '../activity/use-file-acts.ts';

const SHOWN = 8;

export function RecentList() {
  const { recent, pairs } = useAppState();
  const now = useNow();
  const { acts, error } = useFileActs();
  return (
    <>
      <ErrorNote error={error} />
      <Paper className="card" style={{ overflow: 'hidden' }} {...(error === null ? {} : { mt: 'sm' })}>
        {recent.length === 0 && (
          <Text c="dimmed" size="sm" p="md">
            {say.overview.nothingRecent}
          </Text>
        )}
        {recent.slice(0, SHOWN).map((item) => (
          <ActivityRow
            key={`${item.pair} ${item.at} ${item.path} ${item.what}`}
            item={item}
            now={now}
            acts={acts}
            pairName={pairs.length > 1 ? (pairs.find((pair) => pair.id === item.pair)?.name ?? null) : null}
          />
        ))}
      </Paper>
    </>
  );
}
