import { Button, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import type { SettledView } from '../../../src-preload/contract/model.ts';
import { useAppState, useNow } from '../../store.ts';
import { formatAgo } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Section } from '../../ui/page.tsx';
import { PathText } from '../../ui/path-text.tsx';
import { useAnswer } from '../../use-answer.ts';
import { type Request, useRequest } from '../../use-request.ts';
import { RestoreDialog } from '../history/restore-dialog.tsx';

/** What was settled without a question here, or by one that was answered: where the second version of a file lies. */
export function SettledList() {
  const { pairs, recent } = useAppState();
  const { value } = useAnswer('conflict/settled', { pair: null }, recent[0]?.at ?? 0);
  const now = useNow();
  const reveal = useRequest('pair/reveal');
  const [undoing, setUndoing] = useState<SettledView | null>(null);
  if (value === null || value.length === 0) return null;
  return (
    <Section title={say.conflict.settled.title}>
      <Text size="sm" c="dimmed" mb="xs">
        {say.conflict.settled.text}
      </Text>
      <ErrorNote error={reveal.error} />
      <Paper className="card" style={{ overflow: 'hidden' }}>
        {value.map((one) => (
          <Row
            key={`${one.pair} ${one.at} ${one.path}`}
            one={one}
            folder={pairs.find(({ id }) => id === one.pair)?.name ?? ''}
            when={formatAgo(one.at, now)}
            reveal={reveal.send}
            onUndo={() => setUndoing(one)}
          />
        ))}
      </Paper>
      <RestoreDialog
        pair={undoing?.pair ?? ''}
        task={undoing === null ? null : { what: { kind: 'conflict', path: undoing.path }, name: nameOf(undoing.path) }}
        onClose={() => setUndoing(null)}
      />
    </Section>
  );
}

interface RowProps {
  readonly one: SettledView;
  readonly folder: string;
  readonly when: string;
  readonly reveal: Request<'pair/reveal'>['send'];
  readonly onUndo: () => void;
}

function Row({ one: { pair, path, kept, copy }, folder, when, reveal, onUndo }: RowProps) {
  const { settled, inFolder } = say.conflict;
  const what = kept === 'both' && copy !== null ? settled.copy(nameOf(copy)) : settled[kept];
  return (
    <div className="row">
      <div style={{ flex: 1, minWidth: 0 }}>
        <PathText path={path} />
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {[what, inFolder(folder), when].join(' · ')}
        </Text>
      </div>
      {kept !== 'both' && (
        <Button variant="default" size="compact-sm" onClick={onUndo} aria-label={settled.otherOf(path)} style={{ flex: 'none' }}>
          {settled.other}
        </Button>
      )}
      <Button variant="default" size="compact-sm" onClick={() => void reveal({ pair, path: copy ?? path })} aria-label={`${say.action.reveal}: ${copy ?? path}`}>
        {say.action.reveal}
      </Button>
    </div>
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
