import { ActionIcon, Group, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ConflictOverride } from '../../../src-preload/contract/desktop.ts';
import { lowerFirst } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';

/** What was decided once and for all in the conflicts, to take back. */
export function OverrideList({ overrides, onChange }: { readonly overrides: readonly ConflictOverride[]; readonly onChange: (overrides: readonly ConflictOverride[]) => void }) {
  if (overrides.length === 0) return null;
  return (
    <section aria-label={say.rules.overrides}>
      <Text size="sm" fw={500}>
        {say.rules.overrides}
      </Text>
      {overrides.map((override) => (
        <Group key={override.pattern} gap={6} wrap="nowrap">
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {say.rules.overrideLine(override.pattern, lowerFirst(say.settings.policies[override.policy].title))}
          </Text>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={say.rules.removeOverride(override.pattern)}
            onClick={() => onChange(overrides.filter(({ pattern }) => pattern !== override.pattern))}
          >
            <IconX size={14} />
          </ActionIcon>
        </Group>
      ))}
      <Text size="xs" c="dimmed">
        {say.rules.overridesHint}
      </Text>
    </section>
  );
}
