import { Group, Skeleton, Text } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { ConflictPreview, ConflictView } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useRequest } from '../../use-request.ts';
import { type DiffRow, diffRows } from './diff-rows.ts';
import { hasPicture, Pictures } from './pictures.tsx';

/** What differs between the two texts, line by line, where both are small text. */
export interface DifferencesProps {
  readonly pair: string;
  readonly conflict: ConflictView;
  /** Other ways to look at the two, below. */
  readonly tools: ReactNode;
}

export function Differences({ pair, conflict, tools }: DifferencesProps) {
  const [preview, setPreview] = useState<ConflictPreview | null>(null);
  const { send, error } = useRequest('conflict/preview');
  const { path } = conflict;
  // Either side may be edited while the user looks.
  const sides = JSON.stringify([conflict.local, conflict.remote]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other sides have other differences
  useEffect(() => {
    void send({ pair, path }).then((answer) => answer !== undefined && setPreview(answer.value));
  }, [pair, path, sides, send]);
  return (
    <section aria-label={say.conflict.differences}>
      <Group justify="space-between" mb={6}>
        <Text fw={600} size="sm">
          {say.conflict.differences}
        </Text>
        {preview?.local.kind === 'text' && preview.remote.kind === 'text' && <Legend />}
      </Group>
      <ErrorNote error={error} />
      {preview === null ? error === null && <Skeleton height={80} radius="md" /> : hasPicture(preview) ? <Pictures preview={preview} /> : <Shown preview={preview} />}
      {tools}
    </section>
  );
}

function Legend() {
  return (
    <Group gap="md" aria-hidden="true">
      {(['local', 'remote'] as const).map((side) => (
        <Group key={side} gap={6}>
          <span className={`diff-key diff-${side}`}>{SIGNS[side]}</span>
          <Text size="xs" c="dimmed">
            {side === 'local' ? say.conflict.legendHere : say.conflict.legendThere}
          </Text>
        </Group>
      ))}
    </Group>
  );
}

function Shown({ preview: { local, remote } }: { readonly preview: ConflictPreview }) {
  const rows = useMemo(() => (local.kind === 'text' && remote.kind === 'text' ? diffRows(remote.text, local.text) : null), [local, remote]);
  const why = local.kind === 'none' ? local.why : remote.kind === 'none' ? remote.why : null;
  if (why !== null) {
    return (
      <Text size="sm" c="dimmed">
        {say.conflict.noPreview[why]}
      </Text>
    );
  }
  if (rows === null) {
    return (
      <Text size="sm" c="dimmed">
        {say.conflict.noPreview['too-large']}
      </Text>
    );
  }
  if (rows.every((row) => row.kind === 'same' || row.kind === 'skip')) {
    return (
      <Text size="sm" c="dimmed">
        {say.conflict.same}
      </Text>
    );
  }
  return (
    // Scrollable regions must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the region scrolls
    <section className="diff" tabIndex={0} aria-label={say.conflict.differencesText}>
      {rows.map((row) => (
        <Line key={row.at} row={row} />
      ))}
    </section>
  );
}

/** Where a line is, as the two versions lie side by side above: neither is the older one. */
const SIGNS = { local: '◂', remote: '▸', same: ' ' } as const;

function Line({ row }: { readonly row: DiffRow }) {
  if (row.kind === 'skip') return <div className="diff-skip">{say.conflict.unchanged(row.lines)}</div>;
  const side = row.kind === 'local' ? say.conflict.legendHere : row.kind === 'remote' ? say.conflict.legendThere : '';
  return (
    <div className={`diff-line diff-${row.kind}`}>
      <span className="diff-sign" title={side}>
        {SIGNS[row.kind]}
      </span>
      <span>{row.text}</span>
    </div>
  );
}
