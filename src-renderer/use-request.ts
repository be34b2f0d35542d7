import { useCallback, useState } from 'react';
import type { Channel, Requests } from '../src-preload/contract/channels.ts';
import type { ErrorView } from '../src-preload/contract/model.ts';
import { ask } from './bridge.ts';

type Sent<C extends Channel> = Promise<{ readonly value: Requests[C]['answer'] } | undefined>;

interface Told {
  readonly busy: boolean;
  readonly error: ErrorView | null;
  readonly clear: () => void;
}

export interface Request<C extends Channel> extends Told {
  /** Resolves to the answer, or to undefined when it failed; the failure is in `error` then. */
  readonly send: (input: Requests[C]['input']) => Sent<C>;
}

export interface AnyRequest extends Told {
  /** The same for requests of every kind. */
  readonly send: <C extends Channel>(channel: C, input: Requests[C]['input']) => Sent<C>;
}

/** Requests of several kinds with one place to tell the last failure. */
export function useAnyRequest(): AnyRequest {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorView | null>(null);
  const send = useCallback(async <C extends Channel>(channel: C, input: Requests[C]['input']): Sent<C> => {
    setBusy(true);
    setError(null);
    const answer = await ask(channel, input);
    setBusy(false);
    if (answer.ok) return { value: answer.value };
    // What the user stopped is no failure.
    if (answer.error.code !== 'aborted') setError(answer.error);
    return undefined;
  }, []);
  const clear = useCallback(() => setError(null), []);
  return { send, busy, error, clear };
}

/** One kind of request with its waiting and its last failure. */
export function useRequest<C extends Channel>(channel: C): Request<C> {
  const { send: sendAny, ...told } = useAnyRequest();
  const send = useCallback<Request<C>['send']>((input) => sendAny(channel, input), [sendAny, channel]);
  return { send, ...told };
}
