import { Chip, Group, Text } from '@mantine/core';
import { weekdayName } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';

const WEEK = [1, 2, 3, 4, 5, 6, 0];

/** Weekdays to choose from; 0 is Sunday. */
export function DayChips({ days, onDays }: { readonly days: readonly number[]; readonly onDays: (days: readonly number[]) => void }) {
  return (
    <fieldset className="plain-fieldset">
      <Text component="legend" size="sm" fw={500} mb={4}>
        {say.schedule.days}
      </Text>
      <Group gap={6}>
        {WEEK.map((day) => (
          <Chip
            key={day}
            size="sm"
            variant="light"
            checked={days.includes(day)}
            onChange={(on) => onDays(on ? [...days, day] : days.filter((known) => known !== day))}
            aria-label={weekdayName(day, 'long')}
          >
            {weekdayName(day, 'short')}
          </Chip>
        ))}
      </Group>
    </fieldset>
  );
}
