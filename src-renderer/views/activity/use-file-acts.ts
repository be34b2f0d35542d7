import { useMemo } from 'react';
import type { ErrorView } from '../../../src-preload/contract/model.ts';
import { useAnyRequest } from '../../use-request.ts';

export interface FileActs {
  readonly open: (pair: string, path: string) => void;
  readonly reveal: (pair: string, path: string) => void;
}

/** What can be done with the files of a list, and what went wrong with the last that was clicked. The same object as long as the list stands. */
export function useFileActs(): { readonly acts: FileActs; readonly error: ErrorView | null } {
  const { send, error } = useAnyRequest();
  const acts = useMemo<FileActs>(
    () => ({
      open: (pair, path) => void send('pair/open-file', { pair, path }),
      reveal: (pair, path) => void send('pair/reveal', { pair, path }),
    }),
    [send],
  );
  return { acts, error };
}
