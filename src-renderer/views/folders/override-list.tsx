import { ActionIcon, Group, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ConflictOverride } from '../../../src-preload/contract/desktop.ts';
import { en } from '../../strings/en.ts';
import { lowerFirst } from '../../strings/format.ts';

/** What was decided once and for all in the conflicts, to take back. */
export function OverrideList({ overrides, onChange }: { readonly overrides: readonly ConflictOverride[]; readonly onChange: (overrides: readonly ConflictOverride[]) => void }) {
  if (overrides.length === 0) return null;
  return (
    <section aria-label={en.rules.overrides}>
      <Text size="sm" fw={500}>
        {en.rules.overrides}
      </Text>
      {overrides.map((override) => (
        <Group key={override.pattern} gap={6} wrap="nowrap">
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {en.rules.overrideLine(override.pattern, lowerFirst(en.settings.policies[override.policy].title))}
          </Text>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={en.rules.removeOverride(override.pattern)}
            onClick={() => onChange(overrides.filter(({ pattern }) => pattern !== override.pattern))}
          >
            <IconX size={14} />
          </ActionIcon>
        </Group>
      ))}
      <Text size="xs" c="dimmed">
        {en.rules.overridesHint}
      </Text>
    </section>
  );
}
