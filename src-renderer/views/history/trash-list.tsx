import { Button, Group, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { tuningOf } from '../../../src-preload/contract/tuning.ts';
import { useAppState, useNow } from '../../store.ts';
import { formatAgo, formatBytes } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Rows } from '../../ui/rows.tsx';
import { useAnswer } from '../../use-answer.ts';
import { useRequest } from '../../use-request.ts';
import type { HistoryPart } from './history.tsx';
import { HistoryRow } from './history-row.tsx';

const ROW_HEIGHT = 57;

/** What other devices' changes replaced or deleted here. */
export function TrashList({ pair, news, onVersions, onRestore }: HistoryPart) {
  const now = useNow();
  const { pairs, settings } = useAppState();
  const own = pairs.find(({ id }) => id === pair)?.settings.tuning ?? {};
  const days = tuningOf(settings.tuning, own).trashDays;
  const [emptied, setEmptied] = useState(0);
  const [asking, setAsking] = useState(false);
  const { value, loading, error } = useAnswer('trash/list', { pair }, `${news} ${emptied}`);
  const empty = useRequest('trash/empty');
  if (value !== null && value.total === 0) return <Empty icon={<IconTrash size={36} stroke={1.4} />} title={say.history.trash.none} text={say.history.trash.noneText} />;
  const items = value?.items ?? [];
  const total = value?.total ?? 0;
  const onEmpty = async (): Promise<void> => {
    if ((await empty.send({ pair, shown: total })) === undefined) return;
    setAsking(false);
    setEmptied((n) => n + 1);
  };
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
      <Group justify="space-between" wrap="nowrap" gap="lg">
        <Text size="sm" c="dimmed" maw={560}>
          {say.history.trash.intro(days)}
        </Text>
        <Button variant="default" className="danger" style={{ flex: 'none' }} disabled={total === 0} onClick={() => setAsking(true)}>
          {say.history.trash.empty}
        </Button>
      </Group>
      <ErrorNote error={error} />
      <Rows
        items={items}
        height={ROW_HEIGHT}
        label={say.history.trash.list}
        empty={say.history.trash.none}
        loading={loading ? say.history.looking : null}
        row={({ path, batch, at, size }) => (
          <HistoryRow
            path={path}
            details={say.history.trash.when(at === null ? '' : formatAgo(at, now), formatBytes(size))}
            onOpen={{ label: say.history.time.versionsOf(path), run: () => onVersions(path) }}
          >
            <Button
              variant="default"
              size="compact-sm"
              aria-label={say.history.trash.restoreFile(path)}
              onClick={() => onRestore({ what: { kind: 'trash', path, batch }, name: path.split('/').at(-1) ?? path })}
            >
              {say.history.trash.restore}
            </Button>
          </HistoryRow>
        )}
        after={
          total > items.length && (
            <Text size="sm" c="dimmed" p="md">
              {say.history.trash.shown(items.length, total)}
            </Text>
          )
        }
      />
      <ConfirmDialog
        opened={asking}
        title={say.history.trash.emptyTitle}
        yes={say.history.trash.emptySure}
        no={say.action.cancel}
        danger
        busy={empty.busy}
        error={empty.error}
        onYes={() => void onEmpty()}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">{say.history.trash.emptyText(total, formatBytes(items.reduce((sum, { size }) => sum + size, 0)))}</Text>
      </ConfirmDialog>
    </Stack>
  );
}
