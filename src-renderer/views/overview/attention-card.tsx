import { Group, Paper, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, type IconProps } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import type { Tone } from '../../ui/state-mark.tsx';

export interface AttentionCardProps {
  readonly tone: Tone;
  readonly title: string;
  readonly text?: string;
  readonly Icon?: ComponentType<IconProps>;
  /** Buttons at the end. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** Something that waits for a person: what it is, what it means, what can be done. */
export function AttentionCard({ tone, title, text, Icon = IconAlertTriangle, actions, children }: AttentionCardProps) {
  return (
    <Paper className={`attention tone-${tone}`} p="md" component="article" aria-label={title}>
      <Group align="flex-start" wrap="nowrap" gap="md">
        <Icon size={22} stroke={1.9} className="tone-text" style={{ flex: 'none', marginTop: 1 }} aria-hidden="true" />
        <Stack gap={6} style={{ flex: 1, minWidth: 0 }}>
          <Text fw={600}>{title}</Text>
          {text !== undefined && (
            <Text size="sm" c="dimmed">
              {text}
            </Text>
          )}
          {children}
        </Stack>
        {actions !== undefined && (
          <Group gap="xs" style={{ flex: 'none' }}>
            {actions}
          </Group>
        )}
      </Group>
    </Paper>
  );
}
