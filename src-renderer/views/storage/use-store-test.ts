import { useEffect, useRef, useState } from 'react';
import type { ErrorView } from '../../../src-preload/contract/model.ts';
import type { S3Place, TestAnswer } from '../../../src-preload/contract/storage.ts';
import { ask } from '../../bridge.ts';
import { useRequest } from '../../use-request.ts';

export interface StoreTest {
  readonly tested: { readonly place: S3Place; readonly report: TestAnswer } | null;
  readonly busy: boolean;
  /** The user stopped the last one. */
  readonly stopped: boolean;
  readonly error: ErrorView | null;
  readonly begin: (place: S3Place) => Promise<void>;
  readonly stop: () => void;
  /** What was found, or is being found, is about another place. */
  readonly drop: () => void;
}

/** The test of a store, which ends with the step that asked for it. */
export function useStoreTest(): StoreTest {
  const [tested, setTested] = useState<StoreTest['tested']>(null);
  const [stopped, setStopped] = useState(false);
  const current = useRef(0);
  const { send, busy, error, clear } = useRequest('storage/test');
  useEffect(() => () => void ask('storage/stop', null), []);
  const end = (): void => {
    current.current++;
    setTested(null);
    if (busy) void ask('storage/stop', null);
  };
  const begin = async (place: S3Place): Promise<void> => {
    const mine = ++current.current;
    setTested(null);
    setStopped(false);
    const answer = await send(place);
    if (answer !== undefined && mine === current.current) setTested({ place, report: answer.value });
  };
  const stop = (): void => {
    end();
    setStopped(true);
  };
  const drop = (): void => {
    end();
    setStopped(false);
    clear();
  };
  return { tested, busy, stopped, error, begin, stop, drop };
}
