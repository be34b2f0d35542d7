import { Group, Loader, Paper, SegmentedControl, Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useAppState, useNow } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page } from '../../ui/page.tsx';
import { asText, useKept } from '../../use-kept.ts';
import { ActivityRow } from './activity-row.tsx';
import { SearchField } from './search-field.tsx';
import { useActivity } from './use-activity.ts';
import { useFileActs } from './use-file-acts.ts';

const ROW_HEIGHT = 57;
/** Typing rests this long before a search. */
const SEARCH_REST_MS = 200;

export function Activity() {
  const { pairs, recent } = useAppState();
  const now = useNow();
  const [text, setText] = useKept('activity search', '', asText);
  const [search] = useDebouncedValue(text, SEARCH_REST_MS);
  const [only, setOnly] = useKept<'all' | 'failed'>('activity only', 'all', (value) => (value === 'failed' ? value : undefined));
  const [pair, setPair] = useKept<string | null>('activity folder', null, (value) => pairs.find(({ id }) => id === value)?.id);
  const list = useActivity({ pair, search, only });
  const { acts, error } = useFileActs();
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: list.total, getScrollElement: () => box.current, estimateSize: () => ROW_HEIGHT, overscan: 10 });
  const shown = rows.getVirtualItems();
  const [first, last] = [shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0];
  // Someone who has scrolled back keeps the place.
  const isAtTop = (rows.scrollOffset ?? 0) < ROW_HEIGHT;
  const newest = `${recent[0]?.at} ${recent[0]?.path}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `newest` is the sign that there is something new
  useEffect(() => {
    if (isAtTop) list.refresh();
  }, [list, newest, isAtTop]);
  useEffect(() => list.look(first, last), [list, first, last]);
  const failed = list.error ?? error;
  return (
    <Page title={say.activity.title} fixed>
      <Group mb="md" gap="sm" wrap="wrap">
        <SearchField text={text} onChange={setText} />
        {pairs.length > 1 && (
          <Select
            aria-label={say.activity.folder}
            data={[{ value: '', label: say.activity.everyFolder }, ...pairs.map(({ id, name }) => ({ value: id, label: name }))]}
            value={pair ?? ''}
            allowDeselect={false}
            onChange={(value) => setPair(value === '' ? null : value)}
            w={180}
          />
        )}
        <SegmentedControl
          aria-label={say.activity.only}
          data={[
            { value: 'all', label: say.activity.all },
            { value: 'failed', label: say.activity.failed },
          ]}
          value={only}
          onChange={(value) => setOnly(value === 'failed' ? 'failed' : 'all')}
        />
      </Group>
      <ErrorNote error={failed} />
      <Paper
        className="card"
        ref={box}
        {...(failed === null ? {} : { mt: 'sm' })}
        style={{ flex: 1, minHeight: 0, overflowY: 'auto' }}
        tabIndex={0}
        role="region"
        aria-label={say.activity.list}
      >
        {list.total === 0 && list.loaded && (
          <Text c="dimmed" p="lg">
            {search === '' && only === 'all' ? say.activity.empty : say.activity.noMatch}
          </Text>
        )}
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {shown.map((row) => {
            const item = list.item(row.index);
            return (
              <div
                key={row.key}
                style={{
                  position: 'absolute',
                  insetInline: 0,
                  top: 0,
                  height: ROW_HEIGHT,
                  transform: `translateY(${row.start}px)`,
                  borderTop: row.index === 0 ? undefined : '1px solid var(--mantine-color-default-border)',
                }}
              >
                {item === undefined ? (
                  <div className="row row-to-come" aria-hidden="true" />
                ) : (
                  <ActivityRow item={item} now={now} acts={acts} pairName={pairs.length > 1 ? (pairs.find(({ id }) => id === item.pair)?.name ?? null) : null} />
                )}
              </div>
            );
          })}
        </div>
        {!list.loaded && <Loader size="sm" m="md" aria-label={say.activity.loading} />}
      </Paper>
    </Page>
  );
}
