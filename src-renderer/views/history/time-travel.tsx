import { Anchor, Badge, Breadcrumbs, Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconChevronRight, IconFile, IconFolder, IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import { PAST_STATES, type PastEntry, type PastFolder, type PastState } from '../../../src-preload/contract/history.ts';
import { formatBytes, formatInstant } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Rows } from '../../ui/rows.tsx';
import type { Tone } from '../../ui/state-mark.tsx';
import { useAnswer } from '../../use-answer.ts';
import { chooseElsewhere } from './choose-elsewhere.ts';
import type { HistoryPart } from './history.tsx';
import type { RestoreTask } from './restore-dialog.tsx';
import { TimeSlider } from './time-slider.tsx';

const ROW_HEIGHT = 45;
const TONES: Readonly<Record<PastState, Tone>> = { same: 'quiet', changed: 'busy', gone: 'warn', added: 'quiet', lost: 'bad' };

/** The folder at any point in time, beside what it is now. */
export function TimeTravel({ pair, name, news, onVersions, onRestore }: HistoryPart) {
  const [folder, setFolder] = useState<string | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const range = useAnswer('history/range', { pair, folder: null }, news);
  const to = range.value?.to ?? null;
  const moment = at ?? to;
  const listing = useAnswer('history/folder', moment === null ? null : { pair, folder, at: moment }, news);
  const entries = listing.value?.entries;
  const isNow = at === null;
  const open = ({ name: child, kind }: PastEntry): void => {
    const path = folder === null ? child : `${folder}/${child}`;
    if (kind === 'folder') setFolder(path);
    else onVersions(path);
  };
  const task: RestoreTask | null =
    moment === null
      ? null
      : { what: { kind: 'moment', at: moment, folder }, name: folder?.split('/').at(-1) ?? name, note: say.history.restore.asOf(formatInstant(moment)), at: moment };
  const saveElsewhere = async (): Promise<void> => {
    const next = task === null ? null : await chooseElsewhere(task);
    if (next !== null) onRestore(next);
  };
  const hidden = (entries?.total ?? 0) - (entries?.items.length ?? 0);
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
      <ErrorNote error={range.error ?? listing.error} />
      {range.value !== null && <TimeSlider range={range.value} at={at} onChange={setAt} />}
      <Group justify="space-between" gap="md">
        <Where name={name} folder={folder} onGo={setFolder} />
        <Group gap="xs" style={{ flex: 'none' }}>
          <Button variant="default" disabled={task === null} onClick={() => void saveElsewhere()}>
            {say.history.elsewhere}
          </Button>
          <Button variant="light" disabled={isNow || task === null} onClick={() => task !== null && onRestore(task)}>
            {say.history.time.restore}
          </Button>
        </Group>
      </Group>
      {listing.value !== null && !isNow && <Summary counts={listing.value.counts} />}
      {listing.error === null && range.error === null && (
        <Rows
          items={entries?.items ?? []}
          height={ROW_HEIGHT}
          label={say.history.time.list}
          empty={isNow ? say.history.time.emptyNow : say.history.time.empty}
          loading={range.loading || listing.loading ? say.history.looking : null}
          row={(entry) => <EntryRow entry={entry} onOpen={() => open(entry)} />}
          after={
            hidden > 0 && (
              <Text size="sm" c="dimmed" p="md">
                {say.history.time.more(hidden)}
              </Text>
            )
          }
        />
      )}
    </Stack>
  );
}

function Where({ name, folder, onGo }: { readonly name: string; readonly folder: string | null; readonly onGo: (folder: string | null) => void }) {
  const parts = folder === null ? [] : folder.split('/');
  const steps = [{ label: name, to: null as string | null }, ...parts.map((label, i) => ({ label, to: parts.slice(0, i + 1).join('/') }))];
  return (
    <Breadcrumbs component="nav" aria-label={say.history.time.path} separator={<IconChevronRight size={14} aria-hidden="true" />} separatorMargin={4} className="crumbs">
      {steps.map(({ label, to }, i) =>
        i === steps.length - 1 ? (
          <Text key={to ?? ''} size="sm" fw={600} aria-current="location" className="crumb">
            {label}
          </Text>
        ) : (
          <Anchor key={to ?? ''} component="button" type="button" size="sm" onClick={() => onGo(to)} className="crumb">
            {label}
          </Anchor>
        ),
      )}
    </Breadcrumbs>
  );
}

function Summary({ counts }: { readonly counts: PastFolder['counts'] }) {
  const told = PAST_STATES.filter((state) => state !== 'same' && counts[state] > 0);
  return (
    <Group gap={6} role="status">
      {told.length === 0 && (
        <Text size="sm" c="dimmed">
          {say.history.time.unchanged}
        </Text>
      )}
      {told.map((state) => (
        <StateBadge key={state} state={state} text={say.history.time.counts[state](counts[state])} />
      ))}
    </Group>
  );
}

function StateBadge({ state, text }: { readonly state: PastState; readonly text: string }) {
  return (
    <Badge tt="none" size="md" fw={500} className={`numbers tone-${TONES[state]}`} style={{ background: 'var(--tone-ground)', color: 'var(--tone)', flex: 'none' }}>
      {text}
    </Badge>
  );
}

function EntryRow({ entry, onOpen }: { readonly entry: PastEntry; readonly onOpen: () => void }) {
  const { name, kind, size, state, differs } = entry;
  const isFolder = kind === 'folder';
  const isLink = kind === 'link';
  const Icon = isFolder ? IconFolder : isLink ? IconLink : IconFile;
  const mark = state === 'same' ? '' : isFolder && state === 'changed' ? differWords(differs) : say.history.time.state[state];
  const label = isFolder ? say.history.time.open(name) : isLink ? say.history.time.versionsOfLink(name) : say.history.time.versionsOf(name);
  return (
    <UnstyledButton className="row row-button" aria-label={mark === '' ? label : `${label}, ${mark}`} onClick={onOpen}>
      <Icon size={19} stroke={1.7} className={isFolder ? 'tone-busy tone-text' : 'tone-quiet tone-text'} style={{ flex: 'none' }} aria-hidden="true" />
      <Text size="sm" truncate className={state === 'added' ? 'foreign later' : 'foreign'} style={{ flex: 1, minWidth: 0 }} title={name}>
        {name}
      </Text>
      {mark !== '' && <StateBadge state={state} text={mark} />}
      <Text size="xs" c="dimmed" className="numbers" ta="end" w={76} style={{ flex: 'none' }}>
        {isLink ? say.history.time.link : size === null ? '' : formatBytes(size)}
      </Text>
      <IconChevronRight size={16} className="tone-quiet tone-text" style={{ flex: 'none' }} aria-hidden="true" />
    </UnstyledButton>
  );
}

function differWords(n: number): string {
  return n === 1 ? say.history.time.differsOne : say.history.time.differs(n);
}
