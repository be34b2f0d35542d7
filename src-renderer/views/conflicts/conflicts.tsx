import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconGitCompare } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConflictView, PairView } from '../../../src-preload/contract/model.ts';
import { useAppState, useNow } from '../../store.ts';
import { formatAgo } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { PathText } from '../../ui/path-text.tsx';
import { useKept } from '../../use-kept.ts';
import { AllDialog } from './all-dialog.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { SettledList } from './settled-list.tsx';
import { sideWords } from './side-words.ts';

interface Open {
  readonly pair: string;
  readonly path: string;
}

function asOpen(value: unknown): Open | undefined {
  if (typeof value !== 'object' || value === null || !('pair' in value) || !('path' in value)) return undefined;
  const { pair, path } = value;
  return typeof pair === 'string' && typeof path === 'string' ? { pair, path } : undefined;
}

export function Conflicts() {
  const { pairs } = useAppState();
  const [open, setOpen] = useKept<Open | null>('conflict', null, asOpen);
  const [forAll, setForAll] = useState(false);
  const all = pairs.flatMap((pair) => pair.conflicts.items.map((conflict) => ({ pair, conflict })));
  const total = pairs.reduce((sum, pair) => sum + pair.conflicts.total, 0);
  const decideAll = (
    <Button variant="default" onClick={() => setForAll(true)} style={{ flex: 'none' }}>
      {say.conflictTools.all(total)}
    </Button>
  );
  return (
    <Page title={say.conflict.title} {...(all.length > 0 ? { intro: say.conflict.intro } : {})} {...(total > 1 ? { actions: decideAll } : {})}>
      {all.length === 0 ? (
        <Empty icon={<IconCircleCheck size={36} stroke={1.4} />} title={say.conflict.empty} text={say.conflict.emptyText} />
      ) : (
        <Stack gap="sm">
          {all.map(({ pair, conflict }) => (
            <ConflictRow key={`${pair.id} ${conflict.path}`} pair={pair} conflict={conflict} onOpen={() => setOpen({ pair: pair.id, path: conflict.path })} />
          ))}
        </Stack>
      )}
      <SettledList />
      <AllDialog all={all} total={total} opened={forAll} onClose={() => setForAll(false)} />
      <ConflictDialog open={open} onClose={() => setOpen(null)} />
    </Page>
  );
}

function ConflictRow({ pair, conflict, onOpen }: { readonly pair: PairView; readonly conflict: ConflictView; readonly onOpen: () => void }) {
  const now = useNow();
  return (
    <Paper className="card" p="md" component="article" aria-label={say.conflict.dialogTitle(conflict.path)}>
      <Group wrap="nowrap" gap="md">
        <span className="state-mark tone-warn" style={{ width: 34, height: 34 }} aria-hidden="true">
          <IconGitCompare size={19} stroke={1.9} />
        </span>
        <div style={{ flex: 1, minWidth: 0 }}>
          <PathText path={conflict.path} />
          <Text size="xs" c="dimmed">
            {`${say.conflict.inFolder(pair.name)} · ${say.conflict.since(formatAgo(conflict.since, now))}`}
          </Text>
          {[[say.conflict.here, conflict.local] as const, [say.conflict.there, conflict.remote] as const].map(([where, side]) => (
            <Text key={where} size="xs" c="dimmed" className="numbers">
              {`${where}: ${sideWords(side)}`}
            </Text>
          ))}
        </div>
        <Button variant="default" onClick={onOpen}>
          {say.conflict.decide}
        </Button>
      </Group>
    </Paper>
  );
}
