import { List, Text } from '@mantine/core';
import type { ScheduleView } from '../../../src-preload/contract/desktop.ts';
import { useNow } from '../../store.ts';
import { formatRun } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useAnswer } from '../../use-answer.ts';
import { scheduleFaultWords } from './schedule-words.ts';

/** The next five syncs of a schedule in words, or what is wrong with it. */
export function NextRuns({ schedule }: { readonly schedule: ScheduleView }) {
  const now = useNow();
  const { value: preview, error } = useAnswer('schedule/preview', schedule);
  if (error !== null) return <ErrorNote error={error} />;
  if (preview === null) return null;
  const { runs, fault } = preview;
  if (fault !== null) {
    return (
      <Text size="sm" className="tone-bad tone-text" role="alert">
        {scheduleFaultWords(fault, schedule)}
      </Text>
    );
  }
  if (runs.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {schedule.quiet.length > 0 ? say.schedule.nextLiveQuiet : say.schedule.nextLive}
      </Text>
    );
  }
  return (
    <section aria-label={say.schedule.next}>
      <Text size="sm" fw={500}>
        {say.schedule.next}
      </Text>
      <List size="sm" c="dimmed" className="numbers">
        {runs.map((at) => (
          <List.Item key={at}>{formatRun(at, now)}</List.Item>
        ))}
      </List>
    </section>
  );
}
