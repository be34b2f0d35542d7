import { Group, Paper, Text } from '@mantine/core';
import { useAppState } from '../../store.ts';
import { formatBytes } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { useRates } from './rate-history.tsx';
import { HEIGHT, points, rateOf, sampleOf, WIDTH } from './rates.ts';

/** The rate of the last two minutes as a line, and in words the one that the cards tell now, which the line takes up with its next second; nothing where nothing was transferred. */
export function RateGraph() {
  const rates = useRates();
  const { pairs } = useAppState();
  const peak = Math.max(0, ...rates);
  if (peak === 0) return null;
  const live = rateOf(pairs);
  const sample = sampleOf(live);
  const [now, most] = [formatBytes(sample), formatBytes(Math.max(peak, sample))];
  const line = points(rates, peak);
  return (
    <Paper className="card" p="md" mt="sm">
      <Group justify="space-between" mb={8} gap="md">
        <Text size="sm" fw={600}>
          {live === null ? (
            say.numbers.rateNone
          ) : (
            <>
              {say.numbers.rate}: <span className="numbers">{live === 'measuring' ? say.numbers.rateMeasuring : say.numbers.rateNow(now)}</span>
            </>
          )}
        </Text>
        <Text size="xs" c="dimmed" className="numbers">
          {say.numbers.peak(most)}
        </Text>
      </Group>
      <svg className="rate-graph" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={say.numbers.rateGraph(now, most)}>
        <path className="rate-area" d={`M${line.at(0)?.split(',')[0] ?? 0},${HEIGHT} L${line.join(' L')} L${WIDTH},${HEIGHT} Z`} />
        <path className="rate-line" d={`M${line.join(' L')}`} />
      </svg>
    </Paper>
  );
}
