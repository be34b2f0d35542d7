import { Box, Button, Group, Menu, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import {
  IconArrowLeft,
  IconArrowRight,
  IconChevronRight,
  IconFileUnknown,
  IconFolder,
  IconFolderOpen,
  IconFolderPlus,
  IconKey,
  IconLock,
  IconPlayerPause,
  IconPlayerPlay,
  IconServer,
  IconSettings,
  IconZip,
} from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { PairView, UsageView } from '../../../src-preload/contract/model.ts';
import type { ProtectionView } from '../../../src-preload/contract/vault.ts';
import { useAppState, useNavigation, useNow } from '../../store.ts';
import { formatBytes, formatRun } from '../../strings/format.ts';
import { protectionWords } from '../../strings/protection-words.ts';
import { say } from '../../strings/say.ts';
import { storageWords, usageWords } from '../../strings/storage-words.ts';
import { isCarrying, isResting, pairWords } from '../../strings/words.ts';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page } from '../../ui/page.tsx';
import { StateMark, toneOf } from '../../ui/state-mark.tsx';
import { PauseItems } from '../shell/pause-items.tsx';
import { SignInDialog } from '../storage/sign-in-dialog.tsx';
import { useTuning } from '../tuning/use-tuning.ts';
import { AddDialog } from './add-dialog.tsx';
import { FolderSettings } from './folder-settings.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { type PairActs, usePairActs } from './use-pair-acts.ts';
import { WhyDialog } from './why-dialog.tsx';

export function Folders() {
  const { pairs } = useAppState();
  const [adding, setAdding] = useState(false);
  const add = (
    <Button leftSection={<IconFolderPlus size={17} />} onClick={() => setAdding(true)} style={{ flex: 'none' }}>
      {say.action.addFolder}
    </Button>
  );
  return (
    <Page title={say.folder.title} intro={say.folder.intro} {...(pairs.length > 0 ? { actions: add } : {})}>
      {pairs.length === 0 ? (
        <Empty icon={<IconFolder size={36} stroke={1.4} />} title={say.folder.empty}>
          {add}
        </Empty>
      ) : (
        <Stack gap="sm">
          {pairs.map((pair) => (
            <FolderCard key={pair.id} pair={pair} />
          ))}
        </Stack>
      )}
      <AddDialog opened={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}

function FolderCard({ pair }: { readonly pair: PairView }) {
  const now = useNow();
  const [shown, setShown] = useState<'settings' | 'remove' | 'sign-in' | 'why' | null>(null);
  const { id, name, state, source, storage, protection, files, bytes, watchMode, usage, nextSyncAt } = pair;
  const acts = usePairActs(id);
  const { pair: wanted } = useNavigation();
  const card = useRef<HTMLDivElement>(null);
  const cameFor = wanted === id;
  useEffect(() => {
    if (!cameFor) return;
    card.current?.scrollIntoView({ block: 'center' });
    card.current?.focus({ preventScroll: true });
  }, [cameFor]);
  return (
    <Paper className={cameFor ? 'card came-for' : 'card'} p="lg" component="article" aria-label={name} ref={card} tabIndex={-1}>
      <Group wrap="nowrap" gap="md" mb="md">
        <StateMark state={state} size={34} />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text fw={600} truncate>
            {name}
          </Text>
          <Text size="sm" className={`tone-${toneOf(state)} tone-text`}>
            {pairWords(pair, now)}
          </Text>
        </div>
        <Text size="sm" c="dimmed" className="numbers" ta="end">
          {say.subline.files(files, formatBytes(bytes))}
        </Text>
      </Group>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <Side label={say.folder.source} place={source}>
          <SideButton Icon={IconFolderOpen} label={say.action.openFolder} onClick={() => acts.open('source')} />
          <SideButton Icon={IconFileUnknown} label={say.why.open} onClick={() => setShown('why')} />
        </Side>
        {storage.kind === 'folder' ? (
          <Side label={say.folder.target} place={storage.path}>
            <SideButton Icon={IconServer} label={say.action.openBackup} onClick={() => acts.open('target')} />
          </Side>
        ) : (
          <Side label={say.storage.place} place={storageWords(storage)}>
            <SideButton Icon={IconKey} label={say.storage.changeSignIn} onClick={() => setShown('sign-in')} />
          </Side>
        )}
      </SimpleGrid>
      {acts.error !== null && (
        <Box mt="md">
          <ErrorNote error={acts.error} />
        </Box>
      )}
      <Group justify="space-between" align="center" mt="md">
        <div style={{ flex: '1 1 220px', minWidth: 0 }}>
          {protection !== null && <ProtectionLine protection={protection} />}
          <DirectionLine pair={pair} />
          <Text size="xs" c="dimmed">
            {isResting(pair)
              ? say.folder.watchResting
              : nextSyncAt !== null
                ? say.schedule.nextAt(formatRun(nextSyncAt, now))
                : watchMode === 'events'
                  ? say.folder.watchEvents
                  : state === 'syncing' && !isCarrying(pair)
                    ? say.words.looking
                    : watchMode}
          </Text>
          {usage !== null && <Usage usage={usage} />}
        </div>
        <Group gap="xs">
          <PauseOne paused={pair.paused} acts={acts} />
          <Button variant="default" size="xs" leftSection={<IconSettings size={15} />} onClick={() => setShown('settings')}>
            {say.folder.edit}
          </Button>
          {/* Without an edge of its own, its words stand where the edges of the others are. */}
          <Button variant="subtle" color="red.8" size="xs" px={8} ml={-8} className="tone-bad tone-text" onClick={() => setShown('remove')}>
            {say.action.remove}
          </Button>
        </Group>
      </Group>
      <FolderSettings pair={pair} opened={shown === 'settings'} onClose={() => setShown(null)} />
      <WhyDialog pair={pair} opened={shown === 'why'} onClose={() => setShown(null)} />
      <RemoveDialog pair={pair} opened={shown === 'remove'} onClose={() => setShown(null)} />
      <SignInDialog pair={pair} opened={shown === 'sign-in'} onClose={() => setShown(null)} />
    </Paper>
  );
}

function PauseOne({ paused, acts }: { readonly paused: boolean; readonly acts: PairActs }) {
  return paused ? (
    <Button variant="default" size="xs" leftSection={<IconPlayerPlay size={15} />} onClick={acts.resume}>
      {say.action.resume}
    </Button>
  ) : (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconPlayerPause size={15} />}>
          {say.action.pause}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <PauseItems onChoose={acts.pause} />
      </Menu.Dropdown>
    </Menu>
  );
}

function ProtectionLine({ protection }: { readonly protection: ProtectionView }) {
  const Icon = protection.encrypted ? IconLock : IconZip;
  return (
    <Group gap={6} wrap="nowrap" mb={4}>
      <Icon size={14} style={{ flex: 'none' }} aria-hidden="true" />
      <Text size="xs">{protectionWords(protection)}</Text>
    </Group>
  );
}

/** A folder that is synced one way says so. */
function DirectionLine({ pair }: { readonly pair: PairView }) {
  const { direction } = useTuning(pair);
  if (direction === 'two_way') return null;
  const Icon = direction === 'upload_only' ? IconArrowRight : IconArrowLeft;
  return (
    <Group gap={6} wrap="nowrap" mb={4}>
      <Icon size={14} style={{ flex: 'none' }} aria-hidden="true" />
      <Text size="xs">{say.tuning.directions[direction]}</Text>
    </Group>
  );
}

function Usage({ usage }: { readonly usage: UsageView }) {
  const { text, detail } = usageWords(usage);
  return (
    <details className="fold usage numbers">
      <summary>
        <IconChevronRight size={13} aria-hidden="true" />
        {text}
      </summary>
      <Text size="xs" c="dimmed" maw={380} pt={4}>
        {detail}
      </Text>
    </details>
  );
}

function Side({ label, place, children }: { readonly label: string; readonly place: string; readonly children: ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="xs" c="dimmed" mb={2}>
        {label}
      </Text>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {place}
      </Text>
      <Group gap="md" style={{ rowGap: 0 }}>
        {children}
      </Group>
    </div>
  );
}

function SideButton({ Icon, label, onClick }: { readonly Icon: typeof IconFolder; readonly label: string; readonly onClick: () => void }) {
  return (
    <Button variant="subtle" size="compact-xs" ml={-8} mt={2} leftSection={<Icon size={14} />} onClick={onClick}>
      {label}
    </Button>
  );
}
