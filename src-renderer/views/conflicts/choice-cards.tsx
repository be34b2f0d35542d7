import { Group, Radio, SimpleGrid, Text } from '@mantine/core';
import type { Choice, ConflictView } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';
import { losesWords } from './giving-way.ts';

export const CHOICES: readonly Choice[] = ['both', 'local', 'remote'];

/** What can be chosen, each with what it lets go of: in words for one conflict, in general for many. `forGood`: the backup keeps no old versions. */
export function ChoiceCards({ conflict, forGood = false }: { readonly conflict?: ConflictView; readonly forGood?: boolean }) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={8} mt={6}>
      {CHOICES.map((each) => (
        <Radio.Card key={each} value={each} className="choice" aria-label={say.conflict.choice[each].title}>
          <Group wrap="nowrap" gap="xs" align="flex-start" mb={4}>
            <Radio.Indicator mt={1} />
            <Text fw={550} size="sm">
              {say.conflict.choice[each].title}
            </Text>
          </Group>
          <Text size="sm" c="dimmed">
            {conflict === undefined || each === 'both' ? say.conflict.choice[each].text : losesWords(each, conflict, forGood)}
          </Text>
        </Radio.Card>
      ))}
    </SimpleGrid>
  );
}
