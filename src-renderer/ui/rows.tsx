import { Loader, Paper, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';

export interface RowsProps<T> {
  readonly items: readonly T[];
  /** Of each row, px. */
  readonly height: number;
  /** Names the list. */
  readonly label: string;
  readonly row: (item: T) => ReactNode;
  /** What is said when there are none. */
  readonly empty: string;
  /** Set: something is on its way, and this names it. */
  readonly loading: string | null;
  /** Left out: as high as there is room. */
  readonly maxHeight?: number;
  /** Below the last row. */
  readonly after?: ReactNode;
}

/** A list of any length: only what can be seen is in the page. */
export function Rows<T>({ items, height, label, row, empty, loading, maxHeight, after }: RowsProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: items.length, getScrollElement: () => box.current, estimateSize: () => height, overscan: 10 });
  return (
    <Paper
      className="card rows"
      ref={box}
      style={maxHeight === undefined ? { flex: 1, minHeight: 0 } : { maxHeight }}
      tabIndex={0}
      role="region"
      aria-label={label}
      aria-busy={loading !== null}
    >
      {items.length === 0 && loading === null && (
        <Text c="dimmed" p="lg" size="sm">
          {empty}
        </Text>
      )}
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const item = items[index];
          return item === undefined ? null : (
            <div key={key} className="rows-row" style={{ height, transform: `translateY(${start}px)`, borderTop: index === 0 ? 'none' : undefined }}>
              {row(item)}
            </div>
          );
        })}
      </div>
      {items.length === 0 && loading !== null && <Loader size="sm" m="lg" aria-label={loading} />}
      {after}
    </Paper>
  );
}
