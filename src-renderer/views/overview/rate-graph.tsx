import { Group, Paper, Text } from '@mantine/core';
import { en } from '../../strings/en.ts';
import { formatBytes } from '../../strings/format.ts';
import { useRates } from './rate-history.tsx';
import { HEIGHT, points, WIDTH } from './rates.ts';

/** The rate of the last two minutes as a line; nothing where nothing was transferred. */
export function RateGraph() {
  const rates = useRates();
  const peak = Math.max(0, ...rates);
  if (peak === 0) return null;
  const now = formatBytes(rates.at(-1) ?? 0);
  const isMoving = (rates.at(-1) ?? 0) > 0;
  const line = points(rates, peak);
  return (
    <Paper className="card" p="md" mt="sm">
      <Group justify="space-between" mb={8} gap="md">
        <Text size="sm" fw={600}>
          {isMoving ? (
            <>
              {en.numbers.rate}: <span className="numbers">{en.numbers.rateNow(now)}</span>
            </>
          ) : (
            en.numbers.rateNone
          )}
        </Text>
        <Text size="xs" c="dimmed" className="numbers">
          {en.numbers.peak(formatBytes(peak))}
        </Text>
      </Group>
      <svg className="rate-graph" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={en.numbers.rateGraph(now, formatBytes(peak))}>
        <path className="rate-area" d={`M${line.at(0)?.split(',')[0] ?? 0},${HEIGHT} L${line.join(' L')} L${WIDTH},${HEIGHT} Z`} />
        <path className="rate-line" d={`M${line.join(' L')}`} />
      </svg>
    </Paper>
  );
}
