import { Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { useAppState } from '../../store.ts';
import { formatBytes, formatDollars, formatNumber } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { Section } from '../../ui/page.tsx';
import { monthNumbers } from './month.ts';

/** What lies in the backups and what they cost this month. */
export function MonthNumbers() {
  const { pairs } = useAppState();
  const { stored, versions, requests, cost, prices } = monthNumbers(pairs);
  return (
    <Section title={say.numbers.month}>
      <Paper className="card" p="md">
        <SimpleGrid cols={{ base: 1, xs: cost === undefined ? (requests === null ? 1 : 2) : 3 }} spacing="md">
          <Figure label={say.numbers.stored} value={formatBytes(stored)} note={versions.count === 0 ? '' : say.numbers.versions(versions.count, formatBytes(versions.bytes))} />
          {requests !== null && <Figure label={say.numbers.requests} value={formatNumber(requests)} />}
          {cost !== undefined && (
            <Figure
              label={say.numbers.cost}
              value={cost === null ? say.numbers.unknownCost : formatDollars(cost)}
              note={cost === null ? say.numbers.unknownCostNote : say.numbers.costNotes[prices]}
            />
          )}
        </SimpleGrid>
      </Paper>
    </Section>
  );
}

function Figure({ label, value, note = '' }: { readonly label: string; readonly value: string; readonly note?: string }) {
  return (
    <Stack gap={2}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Group gap={8} align="baseline">
        <Text fw={650} fz={20} className="numbers">
          {value}
        </Text>
      </Group>
      {note !== '' && (
        <Text size="xs" c="dimmed" className="numbers">
          {note}
        </Text>
      )}
    </Stack>
  );
}
