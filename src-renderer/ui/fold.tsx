import { Stack } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** What few need, behind one line; `note` says what is in it as long as nobody looks. */
export function Fold({ title, note, children }: { readonly title: string; readonly note?: string; readonly children: ReactNode }) {
  return (
    <details className="fold">
      <summary>
        <IconChevronRight size={16} aria-hidden="true" />
        <span>{title}</span>
        {/* The blank is heard, not seen. */}
        {note !== undefined && <span className="fold-note"> {note}</span>}
      </summary>
      <Stack gap="sm" pt="sm">
        {children}
      </Stack>
    </details>
  );
}
