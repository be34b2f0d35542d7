import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconFolderPlus, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { AppState } from '../../../src-preload/contract/model.ts';
import { useAppState, useNavigation, useNow } from '../../store.ts';
import { formatAgo, formatBytes } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { headline, isResting, mayTry, pausedWords, pressingWords } from '../../strings/words.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { useRequest } from '../../use-request.ts';
import { AddDialog } from '../folders/add-dialog.tsx';
import { type Kind, KindButtons } from '../folders/kind-step.tsx';
import { AttentionCards } from './attention-cards.tsx';
import { MonthNumbers } from './month-numbers.tsx';
import { PairCard } from './pair-card.tsx';
import { RateGraph } from './rate-graph.tsx';
import { RecentList } from './recent-list.tsx';

export function Overview() {
  const state = useAppState();
  const { go } = useNavigation();
  return (
    <div className="page">
      <Headline />
      <AttentionCards />
      {state.pairs.length === 0 ? (
        <Welcome />
      ) : (
        <>
          <Section title={say.overview.folders} aside={<AddFolder />}>
            <Stack gap="sm">
              {state.pairs.map((pair) => (
                <PairCard key={pair.id} pair={pair} />
              ))}
            </Stack>
            <RateGraph />
          </Section>
          <Section
            title={say.overview.recent}
            aside={
              <Button variant="subtle" size="compact-sm" onClick={() => go('activity')}>
                {say.overview.allActivity}
              </Button>
            }
          >
            <RecentList />
          </Section>
          <MonthNumbers />
        </>
      )}
    </div>
  );
}

function Headline() {
  const state = useAppState();
  const now = useNow();
  const sync = useRequest('sync/now');
  return (
    <Stack gap="md">
      <Group justify="space-between" wrap="nowrap" gap="lg">
        <Group gap={18} wrap="nowrap">
          <StateMark state={state.overall} size={56} />
          <div role="status">
            <Title order={1} fz={24} lh={1.25}>
              {headline(state, now)}
            </Title>
            <Text size="sm" c="dimmed" mt={2} className="numbers">
              {subline(state, now)}
            </Text>
          </div>
        </Group>
        {state.pairs.some(mayTry) && (
          <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={() => void sync.send({ pair: null })} style={{ flex: 'none' }}>
            {say.action.syncNow}
          </Button>
        )}
      </Group>
      <ErrorNote error={sync.error} />
    </Stack>
  );
}

function subline(state: AppState, now: number): string {
  const { overall, pairs, machine } = state;
  if (pairs.length === 0) return say.subline.notSetUp;
  if (!machine.online && overall === 'offline' && !pairs.every(isResting)) return say.system.offline;
  const pressing = pressingWords(state, now);
  if (pressing !== null) return pressing;
  if (overall === 'paused') return pausedWords(state, now);
  const last = pairs.map((pair) => pair.lastSyncAt);
  const files = say.subline.files(
    pairs.reduce((sum, pair) => sum + pair.files, 0),
    formatBytes(pairs.reduce((sum, pair) => sum + pair.bytes, 0)),
  );
  // The whole is only as fresh as its oldest part.
  const oldest = last.includes(null) ? null : Math.min(...last.filter((at) => at !== null));
  const when = overall === 'syncing' ? say.subline.syncedBefore : say.subline.lastSync;
  return `${oldest === null ? say.subline.neverSynced : when(formatAgo(oldest, now))} · ${files}`;
}

function AddFolder() {
  const [adding, setAdding] = useState(false);
  return (
    <>
      <Button variant="subtle" size="compact-sm" leftSection={<IconFolderPlus size={15} />} onClick={() => setAdding(true)}>
        {say.action.addFolder}
      </Button>
      <AddDialog opened={adding} onClose={() => setAdding(false)} />
    </>
  );
}

function Welcome() {
  const [adding, setAdding] = useState<Kind | null>(null);
  return (
    <Paper className="card" p={36} mt={28}>
      <Stack gap="md" maw={620}>
        <Title order={2} fz={20}>
          {say.overview.welcomeTitle}
        </Title>
        <Text c="dimmed">{say.overview.welcomeText}</Text>
        <Text fw={600} mt="xs">
          {say.add.kindTitle}
        </Text>
        <KindButtons onChoose={setAdding} />
      </Stack>
      <AddDialog opened={adding !== null} kind={adding} onClose={() => setAdding(null)} />
    </Paper>
  );
}
