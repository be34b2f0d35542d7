import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { View } from '../../../src-preload/contract/channels.ts';
import { bridge } from '../../bridge.ts';
import { AppStateContext, type HistoryPlace, type Navigation, NavigationContext, useAppStateFeed } from '../../store.ts';
import { Activity } from '../activity/activity.tsx';
import { Conflicts } from '../conflicts/conflicts.tsx';
import { Folders } from '../folders/folders.tsx';
import { History } from '../history/history.tsx';
import { Overview } from '../overview/overview.tsx';
import { Settings } from '../settings/settings.tsx';
import { Sidebar } from './sidebar.tsx';

const PAGES: { readonly [V in View]: () => React.JSX.Element } = {
  overview: Overview,
  folders: Folders,
  conflicts: Conflicts,
  history: History,
  activity: Activity,
  settings: Settings,
};

export function App() {
  const state = useAppStateFeed();
  const [{ view, place }, setShown] = useState<{ readonly view: View; readonly place: HistoryPlace | null }>({ view: 'overview', place: null });
  const main = useRef<HTMLElement>(null);
  const go = useCallback((next: View, at?: HistoryPlace) => {
    setShown({ view: next, place: at ?? null });
    main.current?.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => bridge.on('navigate', ({ view: next }) => go(next)), [go]);
  const navigation = useMemo<Navigation>(() => ({ view, place, go }), [view, place, go]);
  const Shown = PAGES[view];
  if (state === null) return null;
  return (
    <AppStateContext value={state}>
      <NavigationContext value={navigation}>
        <div className="frame">
          <Sidebar />
          <main className="main" ref={main} tabIndex={-1}>
            <Shown key={view} />
          </main>
        </div>
      </NavigationContext>
    </AppStateContext>
  );
}
