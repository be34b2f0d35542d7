import { Group, Text } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Tone } from './state-mark.tsx';

/** One fact with its mark. */
export function Note({ Icon, tone, children }: { readonly Icon: Icon; readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <Group gap={8} wrap="nowrap" align="flex-start" className={`tone-${tone}`}>
      <Icon size={18} className="tone-text" style={{ flex: 'none', marginTop: 1 }} aria-hidden="true" />
      <Text size="sm" component="div" style={{ minWidth: 0 }}>
        {children}
      </Text>
    </Group>
  );
}
