import { Group, Paper, Stack, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';

export function Card({ children }: { readonly children: ReactNode }) {
  return (
    <Paper className="card" p="lg">
      <Stack gap="lg">{children}</Stack>
    </Paper>
  );
}

/** A setting's words on the left, which also name the control on the right. */
export function Setting({ title, hint, children }: { readonly title: string; readonly hint?: string; readonly children: (label: string) => ReactNode }) {
  const label = useId();
  return (
    <Group justify="space-between" gap="lg" style={{ rowGap: 8 }}>
      <div style={{ minWidth: 0, flex: '1 1 200px' }}>
        <Text size="sm" fw={550} id={label}>
          {title}
        </Text>
        {hint !== undefined && (
          <Text size="sm" c="dimmed">
            {hint}
          </Text>
        )}
      </div>
      {children(label)}
    </Group>
  );
}
