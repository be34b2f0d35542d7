import { ActionIcon, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ScheduleView } from '../../../src-preload/contract/desktop.ts';
import { say } from '../../strings/say.ts';
import { DayChips } from './day-chips.tsx';
import { NextRuns } from './next-runs.tsx';
import { HOURS, isFilledIn, isTime, SCHEDULE_KINDS, type ScheduleForm, type ScheduleKind, scheduleOf } from './schedule-form.ts';
import { scheduleWords } from './schedule-words.ts';

export interface ScheduleFieldsProps {
  readonly form: ScheduleForm;
  readonly onForm: (form: ScheduleForm) => void;
  /** What all folders go by; null where this is that itself. */
  readonly inherited: ScheduleView | null;
}

/** A schedule to fill in, with what it means in words below. */
export function ScheduleFields({ form, onForm, inherited }: ScheduleFieldsProps) {
  const { kind } = form;
  const change = (patch: Partial<ScheduleForm>): void => onForm({ ...form, ...patch });
  const kinds = SCHEDULE_KINDS.filter((each) => each !== 'inherit' || inherited !== null);
  const meant = scheduleOf(form) ?? inherited;
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-end" wrap="wrap">
        <NativeSelect
          label={say.schedule.title}
          data={kinds.map((value) => ({ value, label: say.schedule.kinds[value] }))}
          value={kind}
          onChange={(event) =>
            change(
              chosen(
                kinds.find((known) => known === event.currentTarget.value),
                form,
              ),
            )
          }
          style={{ flex: '1 1 220px' }}
        />
        <WhenFields form={form} change={change} />
      </Group>
      {kind === 'weekly' && <DayChips days={form.days} onDays={(days) => change({ days })} />}
      {kind === 'inherit' && inherited !== null ? (
        <Text size="sm" c="dimmed">
          {say.schedule.inherited(scheduleWords(inherited))}
        </Text>
      ) : (
        <QuietFields quiet={form.quiet} onQuiet={(quiet) => change({ quiet })} />
      )}
      {meant !== null && isFilledIn(form) && <NextRuns schedule={meant} />}
    </Stack>
  );
}

/** Going over to a cron expression begins with what the form says by then. */
function chosen(kind: ScheduleKind | undefined, form: ScheduleForm): Partial<ScheduleForm> {
  if (kind === undefined) return {};
  return kind === 'cron' && form.cron === '' ? { kind, cron: scheduleOf(form)?.cron ?? '30 2 * * *' } : { kind };
}

function WhenFields({ form, change }: { readonly form: ScheduleForm; readonly change: (patch: Partial<ScheduleForm>) => void }) {
  switch (form.kind) {
    case 'hourly':
      return (
        <NativeSelect
          label={say.schedule.every}
          data={HOURS.map((hours) => ({ value: String(hours), label: say.schedule.hours(hours) }))}
          value={String(form.hours)}
          onChange={(event) => change({ hours: Number(event.currentTarget.value) })}
        />
      );
    case 'daily':
    case 'weekly':
      return <TextInput type="time" label={say.schedule.at} value={form.time} onChange={(event) => change({ time: event.currentTarget.value })} w={130} />;
    case 'cron':
      return (
        <TextInput
          label={say.schedule.cron}
          value={form.cron}
          maxLength={120}
          spellCheck={false}
          onChange={(event) => change({ cron: event.currentTarget.value })}
          style={{ flex: '1 1 180px' }}
        />
      );
    case 'inherit':
    case 'live':
      return null;
  }
}

const FIRST_QUIET = '22:00-07:00';
const MOST_QUIET = 5;

function QuietFields({ quiet, onQuiet }: { readonly quiet: readonly string[]; readonly onQuiet: (quiet: readonly string[]) => void }) {
  const set = (index: number, hours: string): void => onQuiet(quiet.map((known, i) => (i === index ? hours : known)));
  return (
    <Stack gap={6}>
      {quiet.map((hours, index) => {
        const [from = '', to = ''] = hours.split('-');
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is what tells two of them apart
          <Group key={index} gap="sm" align="flex-end" wrap="nowrap">
            <TextInput
              type="time"
              label={`${say.schedule.quiet}: ${say.schedule.from}`}
              value={from}
              onChange={(event) => isTime(event.currentTarget.value) && set(index, `${event.currentTarget.value}-${to}`)}
              w={150}
            />
            <TextInput
              type="time"
              label={say.schedule.to}
              value={to}
              onChange={(event) => isTime(event.currentTarget.value) && set(index, `${from}-${event.currentTarget.value}`)}
              w={150}
            />
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={say.schedule.removeQuiet(hours)} onClick={() => onQuiet(quiet.filter((_, i) => i !== index))}>
              <IconX size={16} />
            </ActionIcon>
          </Group>
        );
      })}
      {quiet.length < MOST_QUIET && (
        <div>
          <Button variant="subtle" size="compact-sm" ml={-8} leftSection={<IconPlus size={14} />} onClick={() => onQuiet([...quiet, FIRST_QUIET])}>
            {say.schedule.addQuiet}
          </Button>
        </div>
      )}
      {quiet.length > 0 && (
        <Text size="xs" c="dimmed">
          {say.schedule.quietHint}
        </Text>
      )}
    </Stack>
  );
}
