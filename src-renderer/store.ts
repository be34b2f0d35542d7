import { createContext, useContext, useEffect, useState } from 'react';
import type { View } from '../src-preload/contract/channels.ts';
import type { AppState } from '../src-preload/contract/model.ts';
import { ask, bridge } from './bridge.ts';

/** The app's picture as the main process last sent it; null until the first arrives. */
export function useAppStateFeed(): AppState | null {
  const [state, setState] = useState<AppState | null>(null);
  useEffect(() => {
    const stop = bridge.on('state', setState);
    void ask('app/state', null).then((answer) => answer.ok && setState((known) => known ?? answer.value));
    return stop;
  }, []);
  return state;
}

export const AppStateContext = createContext<AppState | null>(null);

export function useAppState(): AppState {
  const state = useContext(AppStateContext);
  if (state === null) throw new Error('used outside of the app');
  return state;
}

/** Where the history is to begin: with the versions of a file, or with one of its parts. */
export interface HistoryPlace {
  readonly pair: string;
  readonly path: string | null;
  readonly tab?: 'time' | 'deleted' | 'runs' | 'trash';
}

/** Which view is shown, and the way to another. */
export interface Navigation {
  readonly view: View;
  /** What the history begins with. */
  readonly place: HistoryPlace | null;
  /** The folder the user came for; null for none in particular. */
  readonly pair: string | null;
  readonly go: (view: View, place?: HistoryPlace) => void;
}
export const NavigationContext = createContext<Navigation>({ view: 'overview', place: null, pair: null, go: () => undefined });

export function useNavigation(): Navigation {
  return useContext(NavigationContext);
}

/** The time, refreshed often enough for words like "2 min ago". */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 15_000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(now, Date.now());
}
