import { ActionIcon, Text, Tooltip } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowDown,
  IconArrowUp,
  IconExternalLink,
  IconFolder,
  IconFolderSearch,
  IconGitCompare,
  IconHistory,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react';
import { memo } from 'react';
import type { ActivityItem } from '../../../src-preload/contract/model.ts';
import { useNavigation } from '../../store.ts';
import { formatAgo, formatMoment } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { MovedText, PathText } from '../../ui/path-text.tsx';
import type { Tone } from '../../ui/state-mark.tsx';
import { isFileThere, placeOf } from './place.ts';
import { rowWords } from './row-words.ts';
import type { FileActs } from './use-file-acts.ts';

export interface ActivityRowProps {
  readonly item: ActivityItem;
  readonly now: number;
  /** Null where there is only one folder. */
  readonly pairName: string | null;
  readonly acts: FileActs;
}

/** One thing that was done, or failed: what, to which file, when, why. */
export function ActivityRow({ now, ...rest }: ActivityRowProps) {
  return <Row {...rest} ago={formatAgo(rest.item.at, now)} />;
}

/** Drawn again only when what it says is another: a list that is scrolled asks for all of its rows in each frame. */
const Row = memo(function Row({ item, ago, pairName, acts }: Omit<ActivityRowProps, 'now'> & { readonly ago: string }) {
  const { Icon, tone } = markOf(item);
  const words = rowWords(item, pairName);
  const isGone = item.what.startsWith('remove');
  const hasVersions = !item.what.endsWith('-folder') && item.what !== 'problem';
  const isFile = isFileThere(item);
  const place = placeOf(item);
  const { go } = useNavigation();
  return (
    <div className="row">
      <span className={`state-mark tone-${tone}`} style={{ width: 28, height: 28 }} aria-hidden="true">
        <Icon size={16} stroke={1.9} />
      </span>
      <div style={{ flex: 1, minWidth: 0 }}>
        {item.to === null ? <PathText path={item.path} /> : <MovedText path={item.path} to={item.to} />}
        <Text size="xs" c="dimmed" truncate className="numbers" title={words}>
          {words}
        </Text>
      </div>
      <Text size="xs" c="dimmed" className="numbers" style={{ flex: 'none' }} title={formatMoment(item.at)}>
        {ago}
      </Text>
      {isFile && (
        <Tooltip label={say.system.openFile} openDelay={400}>
          <ActionIcon variant="subtle" color="gray" aria-label={`${say.system.openFile}: ${place}`} onClick={() => acts.open(item.pair, place)}>
            <IconExternalLink size={17} />
          </ActionIcon>
        </Tooltip>
      )}
      {hasVersions && (
        <Tooltip label={say.action.versions} openDelay={400}>
          <ActionIcon variant="subtle" color="gray" aria-label={`${say.action.versions}: ${place}`} onClick={() => go('history', { pair: item.pair, path: place })}>
            <IconHistory size={17} />
          </ActionIcon>
        </Tooltip>
      )}
      {!isGone && (
        <Tooltip label={say.action.reveal} openDelay={400}>
          <ActionIcon variant="subtle" color="gray" aria-label={`${say.action.reveal}: ${place}`} onClick={() => acts.reveal(item.pair, place)}>
            <IconFolderSearch size={17} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
});

function markOf({ what, outcome, story }: ActivityItem): { readonly Icon: typeof IconArrowUp; readonly tone: Tone } {
  if (outcome === 'failed' || what === 'problem') return { Icon: IconAlertTriangle, tone: 'bad' };
  if (story === 'brought-back' || story === 'undone') return { Icon: IconArrowBackUp, tone: 'good' };
  if (what === 'upload') return { Icon: IconArrowUp, tone: 'busy' };
  if (what === 'download') return { Icon: IconArrowDown, tone: 'good' };
  if (what.startsWith('remove')) return { Icon: IconTrash, tone: 'quiet' };
  if (what.startsWith('move')) return { Icon: IconPencil, tone: 'quiet' };
  if (what.startsWith('set-aside')) return { Icon: IconGitCompare, tone: 'warn' };
  return { Icon: IconFolder, tone: 'quiet' };
}
