import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ErrorView } from '../../src-preload/contract/model.ts';
import { errorAndHint } from '../strings/error-words.ts';
import { say } from '../strings/say.ts';
import { useIntoView } from './use-into-view.ts';

export interface ErrorNoteProps {
  readonly error: ErrorView | null;
  /** What it means here; left out: what kind of thing it is. */
  readonly title?: string;
  /** What is so all the same. */
  readonly more?: string;
}

/** What went wrong and what can be done about it; read out when it appears. */
export function ErrorNote({ error, title, more }: ErrorNoteProps) {
  const note = useIntoView(error);
  if (error === null) return null;
  return (
    <Alert
      ref={note}
      role="alert"
      variant="default"
      className="attention tone-bad"
      icon={<IconAlertTriangle size={18} className="tone-text" />}
      title={title ?? say.errors.kinds[error.code]}
    >
      {errorAndHint(error, title === undefined)} {more}
    </Alert>
  );
}
