import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { BandwidthRow, SettingsView } from '../../../src-preload/contract/model.ts';
import { MOST_ROWS } from '../../../src-preload/contract/timetable.ts';
import { say } from '../../strings/say.ts';
import { DayChips } from '../schedule/day-chips.tsx';
import { BandwidthNow } from './bandwidth-now.tsx';
import { RateInput } from './rate-input.tsx';
import { rowFault } from './timetable-form.ts';

const SETTLE_MS = 500;
/** What people limit first: working hours, and the way that slows down everything else; half of what counts at all times, so that it changes something. */
function firstRow({ bandwidth: { up } }: SettingsView): BandwidthRow {
  return { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00', up: up === null ? 500_000 : Math.max(1_000, Math.floor(up / 2_000) * 1_000), down: null };
}

/** A row keeps its fields while others come and go. */
interface Draft {
  readonly key: number;
  readonly row: BandwidthRow;
}

export interface TimetableSettingProps {
  readonly settings: SettingsView;
  readonly onRows: (rows: readonly BandwidthRow[]) => void;
}

/** Limits of certain times, with what they mean now and next in words. Rows that are not filled in yet are kept back, with all of them. */
export function TimetableSetting({ settings, onRows }: TimetableSettingProps) {
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => settings.bandwidthTimetable.map((row, key) => ({ key, row })));
  const save = useDebouncedCallback(
    (next: readonly BandwidthRow[]) => {
      if (next.every((row) => rowFault(row) === null)) onRows(next);
    },
    { delay: SETTLE_MS, flushOnUnmount: true },
  );
  const change = (next: readonly Draft[]): void => {
    setDrafts(next);
    save(next.map(({ row }) => row));
  };
  const add = (): void => change([...drafts, { key: Math.max(-1, ...drafts.map(({ key }) => key)) + 1, row: firstRow(settings) }]);
  return (
    <section aria-label={say.timetable.title}>
      <Stack gap="sm">
        <Text size="sm" fw={550}>
          {say.timetable.title}
        </Text>
        {drafts.map(({ key, row }, index) => (
          <RowFields
            key={key}
            row={row}
            number={index + 1}
            onRow={(changed) => change(drafts.map((draft) => (draft.key === key ? { key, row: changed } : draft)))}
            onRemove={() => change(drafts.filter((draft) => draft.key !== key))}
          />
        ))}
        {drafts.length < MOST_ROWS && (
          <div>
            <Button variant="subtle" size="compact-sm" ml={-8} leftSection={<IconPlus size={14} />} onClick={add}>
              {say.timetable.add}
            </Button>
          </div>
        )}
        <Text size="sm" c="dimmed">
          {drafts.length === 0 ? say.timetable.none : say.timetable.hint}
        </Text>
        {settings.bandwidthTimetable.length > 0 && <BandwidthNow settings={settings} />}
      </Stack>
    </section>
  );
}

interface RowFieldsProps {
  readonly row: BandwidthRow;
  readonly number: number;
  readonly onRow: (row: BandwidthRow) => void;
  readonly onRemove: () => void;
}

function RowFields({ row, number, onRow, onRemove }: RowFieldsProps) {
  const change = (patch: Partial<BandwidthRow>): void => onRow({ ...row, ...patch });
  const fault = rowFault(row);
  return (
    <fieldset className="plain-fieldset" aria-label={say.timetable.row(number)}>
      <Stack gap={8} className="within">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <DayChips days={row.days} onDays={(days) => change({ days })} />
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={say.timetable.remove(number)} onClick={onRemove}>
            <IconX size={16} />
          </ActionIcon>
        </Group>
        <Group gap="sm" align="flex-end" wrap="wrap">
          <TextInput type="time" label={say.schedule.from} value={row.from} onChange={(event) => change({ from: event.currentTarget.value })} w={140} />
          <TextInput type="time" label={say.schedule.to} value={row.to} onChange={(event) => change({ to: event.currentTarget.value })} w={140} />
          <RateInput w={150} label={say.settings.bandwidthUp} rate={row.up} onRate={(up) => change({ up })} />
          <RateInput w={150} label={say.settings.bandwidthDown} rate={row.down} onRate={(down) => change({ down })} />
        </Group>
        <div aria-live="polite">
          {fault !== null ? (
            <Text size="sm" className="tone-bad tone-text">
              {say.timetable.faults[fault]}
            </Text>
          ) : (
            row.to <= row.from && (
              <Text size="sm" c="dimmed">
                {say.timetable.nextDay}
              </Text>
            )
          )}
        </div>
      </Stack>
    </fieldset>
  );
}
