import { Stack } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** What few need, behind one line. */
export function Fold({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <details className="fold">
      <summary>
        <IconChevronRight size={16} aria-hidden="true" />
        {title}
      </summary>
      <Stack gap="sm" pt="sm">
        {children}
      </Stack>
    </details>
  );
}
