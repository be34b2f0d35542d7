import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';

export interface DialogBodyProps {
  readonly children: ReactNode;
  /** What the dialog asks: with the class `dialog-buttons`. */
  readonly buttons: ReactNode;
  readonly gap?: 'md' | 'lg';
  /** Makes it a form. */
  readonly onSubmit?: () => void;
}

/** What a dialog shows, and below it what it asks: only the first scrolls, so what is asked stays in sight however long the dialog is. */
export function DialogBody({ children, buttons, gap = 'md', onSubmit }: DialogBodyProps) {
  const parts = (
    <>
      <Stack gap={gap} className="dialog-scroll">
        {children}
      </Stack>
      {buttons}
    </>
  );
  if (onSubmit === undefined) return <div className="dialog-body">{parts}</div>;
  return (
    <form
      className="dialog-body"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {parts}
    </form>
  );
}
