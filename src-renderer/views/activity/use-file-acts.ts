import { useMemo } from 'react';
import type { ErrorView } from '../../../src-preload/contract/model.ts';
import { useRequest } from '../../use-request.ts';

export interface FileActs {
  readonly open: (pair: string, path: string) => void;
  readonly reveal: (pair: string, path: string) => void;
}

/** What can be done with the files of a list, and what went wrong with the last that was clicked. The same object as long as the list stands. */
export function useFileActs(): { readonly acts: FileActs; readonly error: ErrorView | null } {
  const { send: open, clear: clearOpen, error: notOpened } = useRequest('pair/open-file');
  const { send: reveal, clear: clearReveal, error: notRevealed } = useRequest('pair/reveal');
  const acts = useMemo<FileActs>(
    () => ({
      open: (pair, path) => {
        clearReveal();
        void open({ pair, path });
      },
      reveal: (pair, path) => {
        clearOpen();
        void reveal({ pair, path });
      },
    }),
    [open, reveal, clearOpen, clearReveal],
  );
  return { acts, error: notOpened ?? notRevealed };
}
