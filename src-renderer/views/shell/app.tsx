import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { VIEWS, type View } from '../../../src-preload/contract/channels.ts';
import type { AppState } from '../../../src-preload/contract/model.ts';
import { bridge } from '../../bridge.ts';
import { AppStateContext, type HistoryPlace, type Navigation, NavigationContext } from '../../store.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useAppearance } from '../../ui/use-appearance.ts';
import { asText, useKept } from '../../use-kept.ts';
import { useAnyRequest } from '../../use-request.ts';
import { Activity } from '../activity/activity.tsx';
import { Conflicts } from '../conflicts/conflicts.tsx';
import { Folders } from '../folders/folders.tsx';
import { History } from '../history/history.tsx';
import { Overview } from '../overview/overview.tsx';
import { RateHistory } from '../overview/rate-history.tsx';
import { Settings } from '../settings/settings.tsx';
import { PageGuard } from './page-guard.tsx';
import { Sidebar } from './sidebar.tsx';

const PAGES: { readonly [V in View]: () => React.JSX.Element } = {
  overview: Overview,
  folders: Folders,
  conflicts: Conflicts,
  history: History,
  activity: Activity,
  settings: Settings,
};

const asView = (value: unknown): View | undefined => VIEWS.find((known) => known === value);

/** What a view begins with. */
interface Aim {
  readonly place: HistoryPlace | null;
  readonly pair: string | null;
}

/** Null: nothing is known yet. */
export function App({ state }: { readonly state: AppState | null }) {
  const [view, setView] = useKept<View>('view', 'overview', asView);
  const [place, setPlace] = useState<HistoryPlace | null>(null);
  // Kept, since another language draws the page anew.
  const [pair, setPair] = useKept<string | null>('pair', null, asText);
  const main = useRef<HTMLElement>(null);
  const pausing = useAnyRequest();
  const { clear } = pausing;
  useAppearance(state?.settings ?? null);
  const show = useCallback(
    (next: View, aim: Aim) => {
      setView(next);
      setPlace(aim.place);
      setPair(aim.pair);
      clear();
      main.current?.scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    },
    [setView, setPair, clear],
  );
  const go = useCallback((next: View, at?: HistoryPlace) => show(next, { place: at ?? null, pair: null }), [show]);
  // Before the first state is there, too: what the window was opened for comes with it.
  useEffect(() => bridge.on('navigate', ({ view: next, pair: folder }) => show(next, { place: null, pair: folder ?? null })), [show]);
  const navigation = useMemo<Navigation>(() => ({ view, place, pair, go }), [view, place, pair, go]);
  const Shown = PAGES[view];
  if (state === null) return null;
  return (
    <AppStateContext value={state}>
      <NavigationContext value={navigation}>
        <RateHistory pairs={state.pairs}>
          <div className="frame">
            <Sidebar pausing={pausing} />
            <main className="main" ref={main} tabIndex={-1}>
              {pausing.error !== null && (
                <div className="above-page">
                  <ErrorNote error={pausing.error} />
                </div>
              )}
              <PageGuard key={view}>
                <Shown />
              </PageGuard>
            </main>
          </div>
        </RateHistory>
      </NavigationContext>
    </AppStateContext>
  );
}
