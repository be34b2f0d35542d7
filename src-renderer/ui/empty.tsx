import { Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** What a list says when there is nothing in it. */
export function Empty({ icon, title, text, children }: { readonly icon?: ReactNode; readonly title: string; readonly text?: string; readonly children?: ReactNode }) {
  return (
    <Paper className="card" p="xl">
      <Stack align="center" gap={8} ta="center">
        {icon}
        <Text fw={550}>{title}</Text>
        {text !== undefined && (
          <Text c="dimmed" size="sm" maw={460}>
            {text}
          </Text>
        )}
        {children}
      </Stack>
    </Paper>
  );
}
