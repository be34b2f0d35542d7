import { Select, Tabs } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconArrowBackUp, IconClock, IconFileOff, IconHistory, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { type HistoryPlace, useAppState, useNavigation } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { asText, useKept } from '../../use-kept.ts';
import { Deleted } from './deleted.tsx';
import { RestoreDialog, type RestoreTask } from './restore-dialog.tsx';
import { Runs } from './runs.tsx';
import { TimeTravel } from './time-travel.tsx';
import { TrashList } from './trash-list.tsx';
import { VersionsDialog } from './versions-dialog.tsx';

/** What every part of the history gets: the pair, the sign that something changed, and the ways to its dialogs. */
export interface HistoryPart {
  readonly pair: string;
  readonly name: string;
  readonly news: number;
  readonly onVersions: (path: string) => void;
  readonly onRestore: (task: RestoreTask) => void;
  readonly onTimeTravel: () => void;
}

type Tab = NonNullable<HistoryPlace['tab']>;
const TABS: { readonly [T in Tab]: typeof IconClock } = { time: IconClock, deleted: IconFileOff, runs: IconArrowBackUp, trash: IconTrash };
const TAB_NAMES = Object.keys(TABS) as Tab[];
const asTab = (value: unknown): Tab => TAB_NAMES.find((each) => each === value) ?? 'time';

/** What is shown of it. */
interface Last {
  readonly pair: string | null;
  readonly tab: Tab;
}
function asLast(value: unknown): Last | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return { pair: 'pair' in value ? (asText(value.pair) ?? null) : null, tab: asTab('tab' in value ? value.tab : null) };
}

/** What is read is read anew when nothing has happened for so long, not at each file. */
const REST_MS = 1_200;

export function History() {
  const { pairs, recent } = useAppState();
  const { place } = useNavigation();
  // Where one was is where one comes back to, unless one comes for something else.
  const [last, setLast] = useKept<Last>('history', { pair: null, tab: 'time' }, asLast);
  const [{ pair: chosen, tab }, setShown] = useState<Last>(place === null ? last : { pair: place.pair, tab: place.tab ?? 'time' });
  const show = (next: Partial<Last>): void => {
    const shown = { pair: chosen, tab, ...next };
    setShown(shown);
    setLast(shown);
  };
  const [versions, setVersions] = useState<string | null>(place?.path ?? null);
  const [task, setTask] = useState<RestoreTask | null>(null);
  const pair = pairs.find(({ id }) => id === chosen) ?? pairs[0];
  const [news] = useDebouncedValue(recent.find((item) => item.pair === pair?.id)?.at ?? 0, REST_MS);
  if (pair === undefined)
    return (
      <Page title={say.history.title}>
        <Empty icon={<IconHistory size={36} stroke={1.4} />} title={say.history.nothingYet} text={say.history.nothingYetText} />
      </Page>
    );
  const part: HistoryPart = { pair: pair.id, name: pair.name, news, onVersions: setVersions, onRestore: setTask, onTimeTravel: () => show({ tab: 'time' }) };
  const parts: { readonly [T in Tab]: React.JSX.Element } = {
    time: <TimeTravel {...part} />,
    deleted: <Deleted {...part} />,
    runs: <Runs {...part} />,
    trash: <TrashList {...part} />,
  };
  return (
    <Page
      title={say.history.title}
      fixed
      actions={
        pairs.length > 1 && (
          <Select
            aria-label={say.history.folder}
            data={pairs.map(({ id, name }) => ({ value: id, label: name }))}
            value={pair.id}
            allowDeselect={false}
            onChange={(next) => show({ pair: next })}
            w={200}
          />
        )
      }
    >
      <Tabs value={tab} onChange={(value) => show({ tab: asTab(value) })} keepMounted={false} className="tabs">
        <Tabs.List mb="md" className="tabs-list" aria-label={say.history.title}>
          {TAB_NAMES.map((name) => {
            const Icon = TABS[name];
            return (
              <Tabs.Tab key={name} value={name} leftSection={<Icon size={16} stroke={1.8} aria-hidden="true" />}>
                {say.history.tabs[name]}
              </Tabs.Tab>
            );
          })}
        </Tabs.List>
        {TAB_NAMES.map((name) => (
          <Tabs.Panel key={`${pair.id} ${name}`} value={name} className="tabs-panel">
            {parts[name]}
          </Tabs.Panel>
        ))}
      </Tabs>
      <VersionsDialog
        pair={pair.id}
        path={versions}
        onClose={() => setVersions(null)}
        onRestore={(next) => {
          setVersions(null);
          setTask(next);
        }}
      />
      <RestoreDialog pair={pair.id} task={task} onClose={() => setTask(null)} />
    </Page>
  );
}
