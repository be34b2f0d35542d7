import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import type { PairView } from '../../../src-preload/contract/model.ts';
import { type Rates, rateOf, sampleOf, withRate } from './rates.ts';

const RatesContext = createContext<Rates>([]);

export function useRates(): Rates {
  return useContext(RatesContext);
}

/** Keeps the rate of the last two minutes, whatever view is shown. It rests while nothing moves and nothing of it is left to show. */
export function RateHistory({ pairs, children }: { readonly pairs: readonly PairView[]; readonly children: ReactNode }) {
  const [rates, setRates] = useState<Rates>([]);
  const now = rateOf(pairs);
  const latest = useRef(now);
  latest.current = now;
  const isAwake = sampleOf(now) > 0 || rates.some((rate) => rate > 0);
  useEffect(() => {
    if (!isAwake) return;
    const timer = setInterval(() => setRates((known) => withRate(known, sampleOf(latest.current))), 1_000);
    return () => clearInterval(timer);
  }, [isAwake]);
  return <RatesContext value={rates}>{children}</RatesContext>;
}
