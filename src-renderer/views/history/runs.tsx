import { Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import type { RunView } from '../../../src-preload/contract/history.ts';
import { useNow } from '../../store.ts';
import { formatAgo, formatInstant, formatTime } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Rows } from '../../ui/rows.tsx';
import { useAnswer } from '../../use-answer.ts';
import type { HistoryPart } from './history.tsx';

const ROW_HEIGHT = 65;

/** What the last runs changed, each to be taken back. */
export function Runs({ pair, news, onRestore }: HistoryPart) {
  const now = useNow();
  const { value, loading, error } = useAnswer('history/runs', { pair }, news);
  if (value !== null && value.length === 0) return <Empty icon={<IconArrowBackUp size={36} stroke={1.4} />} title={say.history.runs.none} text={say.history.runs.noneText} />;
  const undo = ({ id, at }: RunView): void => onRestore({ what: { kind: 'run', id }, name: '', note: formatInstant(at) });
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
      <Text size="sm" c="dimmed" maw={640}>
        {say.history.runs.intro}
      </Text>
      <ErrorNote error={error} />
      <Rows
        items={value ?? []}
        height={ROW_HEIGHT}
        label={say.history.runs.list}
        empty={say.history.runs.none}
        loading={loading ? say.history.looking : null}
        row={(run) => (
          <div className="row">
            <div style={{ flex: 1, minWidth: 0 }}>
              <Group gap={8} wrap="nowrap">
                <Text size="sm" fw={550} className="numbers" style={{ flex: 'none' }} title={formatInstant(run.at)}>
                  {formatAgo(run.at, now).replace(/^./, (first) => first.toUpperCase())}
                </Text>
                <Text size="sm" c="dimmed" className="numbers" truncate>
                  {`${formatTime(run.at)} · ${countsOf(run)}`}
                </Text>
              </Group>
              <Text size="xs" c="dimmed" truncate className="foreign">
                {pathsOf(run)}
              </Text>
            </div>
            {run.canUndo ? (
              <Button variant="default" size="compact-sm" aria-label={say.history.runs.undoRun(formatInstant(run.at))} onClick={() => undo(run)}>
                {say.history.runs.undo}
              </Button>
            ) : (
              <Text size="xs" c="dimmed" className="numbers" style={{ flex: 'none' }} title={whyNot(run)}>
                {notUndone(run, now)}
              </Text>
            )}
          </div>
        )}
      />
    </Stack>
  );
}

function notUndone({ undoneAt, notKept }: RunView, now: number): string {
  if (notKept) return say.history.runs.notKept;
  return undoneAt === null ? say.history.runs.nothingLeft : say.history.runs.undone(formatAgo(undoneAt, now));
}

function whyNot({ undoneAt, notKept }: RunView): string | undefined {
  if (notKept) return say.history.runs.notKeptWhy;
  return undoneAt === null ? undefined : formatInstant(undoneAt);
}

function countsOf(run: RunView): string {
  return (['added', 'changed', 'moved', 'removed', 'folders'] as const)
    .filter((what) => run[what] > 0)
    .map((what) => say.history.runs[what](run[what]))
    .join(', ');
}

function pathsOf({ paths, added, changed, moved, removed, folders }: RunView): string {
  const more = added + changed + moved + removed + folders - paths.length;
  return more > 0 ? `${paths.join(', ')} ${say.history.runs.andMore(more)}` : paths.join(', ');
}
