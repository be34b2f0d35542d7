import { ActionIcon, Button, Group, Paper, Slider, Text, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import type { HistoryRange } from '../../../src-preload/contract/history.ts';
import { formatDate, formatInstant, formatMoment } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { binsOf } from './bins.ts';

const BINS = 96;

export interface TimeSliderProps {
  readonly range: HistoryRange;
  /** Null: now. */
  readonly at: number | null;
  readonly onChange: (at: number | null) => void;
}

/** A point in time, from change to change: in between nothing is different. */
export function TimeSlider({ range, at, onChange }: TimeSliderProps) {
  const { from, to, moments } = range;
  // While the thumb is drawn along, only the label follows.
  const [drawn, setDrawn] = useState(at ?? to);
  useEffect(() => setDrawn(at ?? to), [at, to]);
  const bins = useMemo(() => binsOf(range, BINS), [range]);
  // Since the last change all is as it is now.
  const stops = useMemo(() => moments.slice(0, -1).map((moment) => moment.at), [moments]);
  const marks = useMemo(() => [...stops, to].map((value) => ({ value })), [stops, to]);
  const settle = (value: number): void => onChange(value >= to ? null : value);
  const earlier = stops.filter((stop) => stop < drawn).at(-1);
  const later = stops.find((stop) => stop > drawn) ?? to;
  const sameDay = new Date(from).toDateString() === new Date(to).toDateString();
  return (
    <Paper className="card" p="md" pb="sm">
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Text fw={600} size="sm" className="numbers" role="status">
          {drawn >= to ? say.history.time.isNow : say.history.time.asOf(formatInstant(drawn))}
        </Text>
        <Group gap={4} wrap="nowrap">
          <Step label={say.history.time.previous} Icon={IconChevronLeft} onClick={earlier === undefined ? undefined : () => settle(earlier)} />
          <Step label={say.history.time.next} Icon={IconChevronRight} onClick={drawn >= to ? undefined : () => settle(later)} />
          <Button variant="subtle" size="compact-sm" disabled={at === null} onClick={() => onChange(null)}>
            {say.history.time.now}
          </Button>
        </Group>
      </Group>
      <div className="bins" aria-hidden="true">
        {bins.map(({ from: start, height, changes }) => (
          <span key={start} style={{ height: `${height * 100}%` }} className={start > drawn ? 'bin bin-later' : 'bin'} title={changes === 0 ? undefined : formatMoment(start)} />
        ))}
      </div>
      <Slider
        min={from}
        max={Math.max(to, from + 1)}
        value={drawn}
        marks={marks}
        restrictToMarks
        size="sm"
        // The line above says it.
        label={null}
        thumbLabel={say.history.time.slider}
        thumbValueText={(value) => (value >= to ? say.history.time.isNow : formatInstant(value))}
        classNames={{ markWrapper: 'slider-mark' }}
        onChange={setDrawn}
        onChangeEnd={settle}
      />
      <Group justify="space-between" mt={6}>
        <Text size="xs" c="dimmed" className="numbers">
          {sameDay ? formatMoment(from) : formatDate(from)}
        </Text>
        <Text size="xs" c="dimmed">
          {say.history.clock}
        </Text>
        <Text size="xs" c="dimmed">
          {say.history.time.now}
        </Text>
      </Group>
    </Paper>
  );
}

function Step({ label, Icon, onClick }: { readonly label: string; readonly Icon: typeof IconChevronLeft; readonly onClick: (() => void) | undefined }) {
  return (
    <Tooltip label={label} openDelay={400} withinPortal={false}>
      <ActionIcon variant="default" aria-label={label} disabled={onClick === undefined} onClick={onClick}>
        <Icon size={17} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}
