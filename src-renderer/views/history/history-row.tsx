import { Text, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { PathText } from '../../ui/path-text.tsx';

export interface HistoryRowProps {
  readonly path: string;
  readonly details: string;
  /** What a click on the name does; left out: nothing. */
  readonly onOpen?: { readonly label: string; readonly run: () => void };
  /** Buttons at the end. */
  readonly children: ReactNode;
}

/** A file with what is known of it in one line, and what can be done. */
export function HistoryRow({ path, details, onOpen, children }: HistoryRowProps) {
  const text = (
    <>
      <PathText path={path} />
      <Text size="xs" c="dimmed" truncate className="numbers">
        {details}
      </Text>
    </>
  );
  return (
    <div className="row">
      {onOpen === undefined ? (
        <div style={{ flex: 1, minWidth: 0 }}>{text}</div>
      ) : (
        <UnstyledButton className="row-name" aria-label={onOpen.label} onClick={onOpen.run}>
          {text}
        </UnstyledButton>
      )}
      {children}
    </div>
  );
}
