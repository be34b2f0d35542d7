import { useEffect, useState } from 'react';
import type { Channel, Requests } from '../src-preload/contract/channels.ts';
import type { ErrorView } from '../src-preload/contract/model.ts';
import { ask } from './bridge.ts';

export interface Fetched<T> {
  /** The last answer; while another is on its way it stays. */
  readonly value: T | null;
  readonly loading: boolean;
  readonly error: ErrorView | null;
}

/** The answer to a question that is asked again whenever it, or `again`, changes. Null: nothing is asked. */
export function useAnswer<C extends Channel>(channel: C, input: Requests[C]['input'] | null, again?: string | number): Fetched<Requests[C]['answer']> {
  const [state, setState] = useState<Fetched<Requests[C]['answer']>>({ value: null, loading: input !== null, error: null });
  const key = input === null ? null : JSON.stringify(input);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` is the sign that the answer may be another one
  useEffect(() => {
    if (key === null) return;
    let wanted = true;
    setState(({ value }) => ({ value, loading: true, error: null }));
    void ask(channel, JSON.parse(key) as Requests[C]['input']).then((answer) => {
      if (!wanted) return;
      if (answer.ok) setState({ value: answer.value, loading: false, error: null });
      else setState(({ value }) => ({ value, loading: false, error: answer.error.code === 'aborted' ? null : answer.error }));
    });
    return () => {
      wanted = false;
    };
  }, [channel, key, again]);
  return state;
}
