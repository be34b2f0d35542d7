import { Group, Loader, Text } from '@mantine/core';

/** Something is at work; a screen reader says what. */
export function Waiting({ text }: { readonly text: string }) {
  return (
    <Group gap="sm" role="status">
      <Loader size="xs" aria-hidden="true" />
      <Text size="sm" c="dimmed">
        {text}
      </Text>
    </Group>
  );
}
