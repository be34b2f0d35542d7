import { ActionIcon, Box, Group, Menu, Paper, Stack, Text } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowLeft,
  IconArrowRight,
  IconArrowsExchange,
  IconArrowUp,
  IconDots,
  IconFileUnknown,
  IconFolderOpen,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconServer,
  IconSettings,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { PairView, Progress as SyncProgress } from '../../../src-preload/contract/model.ts';
import type { StorageView } from '../../../src-preload/contract/storage.ts';
import { useAppState, useNow } from '../../store.ts';
import { formatBytes, formatDuration } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { bucketWords } from '../../strings/storage-words.ts';
import { anywayWords, isQuiet, pairWords } from '../../strings/words.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { BucketText, PathText, PlaceText } from '../../ui/path-text.tsx';
import { isCounted, ProgressBar } from '../../ui/progress-bar.tsx';
import { StateMark, toneOf } from '../../ui/state-mark.tsx';
import { FolderSettings } from '../folders/folder-settings.tsx';
import { type PairActs, usePairActs } from '../folders/use-pair-acts.ts';
import { WhyDialog } from '../folders/why-dialog.tsx';
import { limitedWords } from '../settings/bandwidth-words.ts';
import { PauseItems } from '../shell/pause-items.tsx';
import { useTuning } from '../tuning/use-tuning.ts';

export function PairCard({ pair }: { readonly pair: PairView }) {
  const now = useNow();
  const acts = usePairActs(pair.id);
  return (
    <Paper className="card" p="md" component="article" aria-label={pair.name}>
      <Group wrap="nowrap" gap="md" align="flex-start">
        <StateMark state={pair.state} size={34} />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Group justify="space-between" wrap="nowrap" gap="md">
            <Text fw={600} truncate maw="50%" style={{ flex: 'none' }}>
              {pair.name}
            </Text>
            <Text size="sm" fw={550} className={`tone-${toneOf(pair.state)} tone-text numbers`} ta="end">
              {pairWords(pair, now)}
            </Text>
          </Group>
          <Group justify="space-between" wrap="nowrap" gap="md">
            <Group gap={6} wrap="nowrap" style={{ minWidth: 0 }}>
              <PlaceText text={pair.source} className="place-here" />
              <DirectionMark pair={pair} />
              <BackupPlace storage={pair.storage} />
            </Group>
            <Text size="sm" c="dimmed" className="numbers" style={{ flex: 'none' }}>
              {say.subline.files(pair.files, formatBytes(pair.bytes))}
            </Text>
          </Group>
          {pair.progress !== null && pair.state !== 'paused' && <PairProgress name={pair.name} progress={pair.progress} />}
          {acts.error !== null && (
            <Box mt={10}>
              <ErrorNote error={acts.error} />
            </Box>
          )}
        </div>
        <PairMenu pair={pair} acts={acts} />
      </Group>
    </Paper>
  );
}

function BackupPlace({ storage }: { readonly storage: StorageView }) {
  if (storage.kind === 'folder') return <PlaceText text={storage.path} className="place-there" />;
  return <BucketText {...bucketWords(storage)} className="place-there" />;
}

const ARROWS = { two_way: IconArrowsExchange, upload_only: IconArrowRight, download_only: IconArrowLeft };

function DirectionMark({ pair }: { readonly pair: PairView }) {
  const { direction } = useTuning(pair);
  const Arrow = ARROWS[direction];
  return <Arrow size={15} stroke={1.7} style={{ flex: 'none' }} role="img" aria-label={say.tuning.directions[direction]} />;
}

function PairProgress({ name, progress }: { readonly name: string; readonly progress: SyncProgress }) {
  const { settings } = useAppState();
  const now = useNow();
  const { phase, done, total, bytes, totalBytes, rate, etaSeconds, inFlight } = progress;
  const words = isCounted(progress)
    ? [
        say.progress.working(done, total),
        totalBytes > 0 ? say.progress.bytes(formatBytes(bytes), formatBytes(totalBytes)) : '',
        rate === null ? '' : say.progress.rate(formatBytes(rate)),
        limitedWords(settings, inFlight, now),
        etaSeconds === null ? '' : say.progress.eta(formatDuration(etaSeconds)),
      ]
    : [phase === 'planning' ? say.progress.planning : say.progress.looking(done)];
  return (
    <Stack gap={6} mt={10}>
      <ProgressBar progress={progress} label={say.progress.label(name)} />
      <Text size="sm" c="dimmed" className="numbers">
        {words.filter((word) => word !== '').join(' · ')}
      </Text>
      {inFlight.map((transfer) => {
        const Icon = transfer.direction === 'up' ? IconArrowUp : IconArrowDown;
        return (
          <Group key={transfer.path} gap={8} wrap="nowrap">
            <Icon size={14} style={{ flex: 'none' }} aria-label={transfer.direction === 'up' ? say.progress.up : say.progress.down} role="img" />
            <div style={{ flex: 1, minWidth: 0 }}>
              <PathText path={transfer.path} />
            </div>
            <Text size="xs" c="dimmed" className="numbers" style={{ flex: 'none' }}>
              {say.progress.bytes(formatBytes(transfer.bytes), formatBytes(transfer.totalBytes))}
            </Text>
          </Group>
        );
      })}
    </Stack>
  );
}

function PairMenu({ pair, acts }: { readonly pair: PairView; readonly acts: PairActs }) {
  const now = useNow();
  const { name, paused, storage } = pair;
  const [asking, setAsking] = useState(false);
  const [setting, setSetting] = useState(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={say.action.folderMenu(name)}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFolderOpen size={16} />} onClick={() => acts.open('source')}>
            {say.action.openFolder}
          </Menu.Item>
          {storage.kind === 'folder' && (
            <Menu.Item leftSection={<IconServer size={16} />} onClick={() => acts.open('target')}>
              {say.action.openBackup}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconFileUnknown size={16} />} onClick={() => setAsking(true)}>
            {say.why.open}
          </Menu.Item>
          <Menu.Item leftSection={<IconSettings size={16} />} onClick={() => setSetting(true)}>
            {say.folder.edit}
          </Menu.Item>
          <Menu.Divider />
          {paused ? (
            <Menu.Item leftSection={<IconPlayerPlay size={16} />} onClick={acts.resume}>
              {say.action.resume}
            </Menu.Item>
          ) : (
            <>
              <Menu.Item leftSection={<IconRefresh size={16} />} onClick={acts.sync}>
                {say.action.syncNow}
              </Menu.Item>
              {isQuiet(pair) && (
                <Menu.Item leftSection={<IconPlayerPlay size={16} />} onClick={acts.resume}>
                  {anywayWords([pair], now)}
                </Menu.Item>
              )}
              <Menu.Sub>
                <Menu.Sub.Target>
                  <Menu.Sub.Item leftSection={<IconPlayerPause size={16} />}>{say.action.pause}</Menu.Sub.Item>
                </Menu.Sub.Target>
                <Menu.Sub.Dropdown>
                  <PauseItems onChoose={acts.pause} />
                </Menu.Sub.Dropdown>
              </Menu.Sub>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <WhyDialog pair={pair} opened={asking} onClose={() => setAsking(false)} />
      <FolderSettings pair={pair} opened={setting} onClose={() => setSetting(false)} />
    </>
  );
}
