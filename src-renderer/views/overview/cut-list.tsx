import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Listed } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { PathText } from '../../ui/path-text.tsx';
import { type AnyRequest, useAnyRequest } from '../../use-request.ts';
import { nextPart } from './next-part.ts';

/** So many are shown at first. */
const FIRST = 5;

interface CutRow {
  readonly path: string;
  readonly note: string;
  readonly detail?: string;
  /** It lies on this computer, and can be shown there. */
  readonly reveal: boolean;
}

export interface CutListProps<T> {
  readonly pair: string;
  readonly list: Listed<T>;
  /** What the state of the app has no room for. */
  readonly fetchFrom: (send: AnyRequest['send'], from: number) => Promise<{ readonly value: readonly T[] } | undefined>;
  readonly row: (item: T) => CutRow;
}

/** The first few of a list, and the rest of it on demand, part by part. */
export function CutList<T>({ pair, list, fetchFrom, row }: CutListProps<T>) {
  const [shown, setShown] = useState(FIRST);
  const [fetched, setFetched] = useState<{ readonly of: number; readonly items: readonly T[] }>({ of: list.total, items: [] });
  const [busy, setBusy] = useState(false);
  const { send, error } = useAnyRequest();
  // Of another list by now.
  const rest = fetched.of === list.total ? fetched.items : [];
  const known = [...list.items, ...rest];
  const left = list.total - Math.min(shown, known.length);
  const onMore = async (): Promise<void> => {
    const { until, from } = nextPart(shown, known.length, list.total);
    if (from !== null) {
      setBusy(true);
      const answer = await fetchFrom(send, from);
      setBusy(false);
      if (answer === undefined) return;
      setFetched({ of: list.total, items: [...rest, ...answer.value] });
    }
    setShown(until);
  };
  return (
    <div>
      {known
        .slice(0, shown)
        .map(row)
        .map(({ path, note, detail, reveal }) => (
          <Group key={`${path} ${note}`} gap="sm" wrap="nowrap" justify="space-between" style={{ padding: '4px 0' }}>
            <div style={{ minWidth: 0, flex: 1 }}>
              <PathText path={path} dimFolder={false} />
              <Text size="xs" c="dimmed" title={detail} style={{ overflowWrap: 'anywhere' }}>
                {note}
              </Text>
            </div>
            {reveal && (
              <Button
                variant="subtle"
                size="compact-xs"
                style={{ flex: 'none' }}
                aria-label={`${say.action.reveal}: ${path}`}
                onClick={() => void send('pair/reveal', { pair, path })}
              >
                {say.action.reveal}
              </Button>
            )}
          </Group>
        ))}
      {left > 0 && (
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            {say.heldCard.notShown(left)}
          </Text>
          <Button variant="subtle" size="compact-xs" loading={busy} onClick={() => void onMore()}>
            {say.action.more}
          </Button>
        </Group>
      )}
      <ErrorNote error={error} />
    </div>
  );
}
