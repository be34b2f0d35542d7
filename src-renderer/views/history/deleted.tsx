import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useNow } from '../../store.ts';
import { formatAgo, formatBytes, formatInstant } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Rows } from '../../ui/rows.tsx';
import { useAnswer } from '../../use-answer.ts';
import type { HistoryPart } from './history.tsx';
import { HistoryRow } from './history-row.tsx';

const ROW_HEIGHT = 57;
const SEARCH_REST_MS = 300;

/** Files that are nowhere any more but can be brought back, by name. */
export function Deleted({ pair, news, onVersions, onRestore, onTimeTravel }: HistoryPart) {
  const now = useNow();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, SEARCH_REST_MS);
  const { value, loading, error } = useAnswer('history/deleted', { pair, search }, news);
  const shown = value?.items.length ?? 0;
  if (value !== null && value.total === 0 && search === '' && text === '')
    return <Empty icon={<IconTrash size={36} stroke={1.4} />} title={say.history.deleted.none} text={say.history.deleted.noneText} />;
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
      <Text size="sm" c="dimmed" maw={640}>
        {say.history.deleted.intro} {say.history.deleted.wholeFolder}{' '}
        <Anchor component="button" type="button" size="sm" onClick={onTimeTravel}>
          {say.history.tabs.time}
        </Anchor>
        .
      </Text>
      <TextInput
        aria-label={say.history.deleted.search}
        placeholder={say.history.deleted.search}
        leftSection={<IconSearch size={16} aria-hidden="true" />}
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ErrorNote error={error} />
      <Rows
        items={value?.items ?? []}
        height={ROW_HEIGHT}
        label={say.history.deleted.list}
        empty={say.history.deleted.noMatch}
        loading={loading ? say.history.looking : null}
        row={({ path, id, at, size }) => (
          <HistoryRow
            path={path}
            details={say.history.deleted.when(formatAgo(at, now), size === null ? '' : formatBytes(size))}
            onOpen={{ label: say.history.time.versionsOf(path), run: () => onVersions(path) }}
          >
            <Button
              variant="default"
              size="compact-sm"
              aria-label={say.history.deleted.restoreFile(path)}
              onClick={() =>
                onRestore({
                  what: { kind: 'version', path, id },
                  name: path.split('/').at(-1) ?? path,
                  note: say.history.deleted.when(formatInstant(at), '').replace(/^./, (first) => first.toUpperCase()),
                })
              }
            >
              {say.history.deleted.restore}
            </Button>
          </HistoryRow>
        )}
        after={
          value !== null &&
          value.total > shown && (
            <Text size="sm" c="dimmed" p="md">
              {say.history.deleted.shown(shown, value.total)}
            </Text>
          )
        }
      />
    </Stack>
  );
}
