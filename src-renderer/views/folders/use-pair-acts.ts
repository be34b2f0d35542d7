import type { PauseLength } from '../../../src-preload/contract/channels.ts';
import type { ErrorView } from '../../../src-preload/contract/model.ts';
import { useAnyRequest } from '../../use-request.ts';

export interface PairActs {
  readonly open: (side: 'source' | 'target') => void;
  readonly sync: () => void;
  readonly pause: (length: PauseLength) => void;
  /** Goes on, also in quiet hours. */
  readonly resume: () => void;
  /** What went wrong with the last of them. */
  readonly error: ErrorView | null;
}

/** What is done with a folder by one click. Whoever uses it shows its error. */
export function usePairActs(pair: string): PairActs {
  const { send, error } = useAnyRequest();
  return {
    open: (side) => void send('pair/open', { pair, side }),
    sync: () => void send('sync/now', { pair }),
    pause: (length) => void send('sync/pause', { pair, length }),
    resume: () => void send('sync/resume', { pair }),
    error,
  };
}
