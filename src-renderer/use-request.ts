import { useCallback, useState } from 'react';
import type { Channel, Requests } from '../src-preload/contract/channels.ts';
import type { ErrorView } from '../src-preload/contract/model.ts';
import { ask } from './bridge.ts';

export interface Request<C extends Channel> {
  /** Resolves to the answer, or to undefined when it failed; the failure is in `error` then. */
  readonly send: (input: Requests[C]['input']) => Promise<{ readonly value: Requests[C]['answer'] } | undefined>;
  readonly busy: boolean;
  readonly error: ErrorView | null;
  readonly clear: () => void;
}

/** One kind of request with its waiting and its last failure. */
export function useRequest<C extends Channel>(channel: C): Request<C> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorView | null>(null);
  const send = useCallback<Request<C>['send']>(
    async (input) => {
      setBusy(true);
      setError(null);
      const answer = await ask(channel, input);
      setBusy(false);
      if (answer.ok) return { value: answer.value };
      // What the user stopped is no failure.
      if (answer.error.code !== 'aborted') setError(answer.error);
      return undefined;
    },
    [channel],
  );
  const clear = useCallback(() => setError(null), []);
  return { send, busy, error, clear };
}
