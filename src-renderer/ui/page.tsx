import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export interface PageProps {
  readonly title: string;
  readonly intro?: string;
  /** Buttons beside the title. */
  readonly actions?: ReactNode;
  /** Fills the window's height, for a list that scrolls by itself. */
  readonly fixed?: boolean;
  readonly children: ReactNode;
}

export function Page({ title, intro, actions, fixed = false, children }: PageProps) {
  return (
    <div className={fixed ? 'page page-fixed' : 'page'}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" mb="lg" gap="lg">
        <Stack gap={4}>
          <Title order={1} fz={24}>
            {title}
          </Title>
          {intro !== undefined && (
            <Text c="dimmed" size="sm" maw={560}>
              {intro}
            </Text>
          )}
        </Stack>
        {actions}
      </Group>
      {children}
    </div>
  );
}

export function Section({ title, aside, children }: { readonly title: string; readonly aside?: ReactNode; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Group justify="space-between" mb={8} mt={28}>
        <Title order={2} fz={15} fw={600}>
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </section>
  );
}
