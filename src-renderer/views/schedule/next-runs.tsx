import { List, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { SchedulePreview, ScheduleView } from '../../../src-preload/contract/desktop.ts';
import { ask } from '../../bridge.ts';
import { useNow } from '../../store.ts';
import { en } from '../../strings/en.ts';
import { formatRun, sentence } from '../../strings/format.ts';

/** The next five syncs of a schedule in words, or what is wrong with it. */
export function NextRuns({ schedule }: { readonly schedule: ScheduleView }) {
  const now = useNow();
  const [preview, setPreview] = useState<SchedulePreview | null>(null);
  const text = JSON.stringify(schedule);
  useEffect(() => {
    let over = false;
    void ask('schedule/preview', JSON.parse(text) as ScheduleView).then((answer) => {
      if (!over) setPreview(answer.ok ? answer.value : { runs: [], fault: answer.error.message });
    });
    return () => {
      over = true;
    };
  }, [text]);
  if (preview === null) return null;
  const { runs, fault } = preview;
  if (fault !== null) {
    return (
      <Text size="sm" className="tone-bad tone-text" role="alert">
        {sentence(fault)}
      </Text>
    );
  }
  if (runs.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {schedule.quiet.length > 0 ? en.schedule.nextLiveQuiet : en.schedule.nextLive}
      </Text>
    );
  }
  return (
    <section aria-label={en.schedule.next}>
      <Text size="sm" fw={500}>
        {en.schedule.next}
      </Text>
      <List size="sm" c="dimmed" className="numbers">
        {runs.map((at) => (
          <List.Item key={at}>{formatRun(at, now)}</List.Item>
        ))}
      </List>
    </section>
  );
}
