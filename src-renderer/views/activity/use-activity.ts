import { useCallback, useEffect, useRef, useState } from 'react';
import type { ActivityRequest } from '../../../src-preload/contract/channels.ts';
import type { ActivityItem, ErrorView } from '../../../src-preload/contract/model.ts';
import { ask } from '../../bridge.ts';
import { useAppState } from '../../store.ts';

const PAGE = 200;

export interface ActivityFeed {
  readonly items: readonly ActivityItem[];
  readonly loading: boolean;
  readonly error: ErrorView | null;
  /** Fetches older ones, if there are any and none are on their way. */
  readonly more: () => void;
}

/** Pages of activity, newest first; begun anew when the filter changes or something happens while the newest are shown. */
export function useActivity({ pair, search, only }: Pick<ActivityRequest, 'pair' | 'search' | 'only'>): ActivityFeed {
  const { recent } = useAppState();
  const [items, setItems] = useState<readonly ActivityItem[]>([]);
  const [error, setError] = useState<ErrorView | null>(null);
  const [loading, setLoading] = useState(true);
  const before = useRef<number | null>(null);
  const busy = useRef(false);
  const generation = useRef(0);
  const pages = useRef(0);
  const newest = recent[0]?.at ?? 0;

  const load = useCallback(
    async (from: number | null, mine: number): Promise<void> => {
      busy.current = true;
      const answer = await ask('activity/list', { pair, search, only, before: from, limit: PAGE });
      if (mine !== generation.current) return;
      busy.current = false;
      setLoading(false);
      if (!answer.ok) {
        setError(answer.error);
        return;
      }
      before.current = answer.value.before;
      pages.current++;
      setError(null);
      setItems((known) => (from === null ? answer.value.items : [...known, ...answer.value.items]));
    },
    [pair, search, only],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: `newest` is the sign that there is something new
  useEffect(() => {
    // Someone who has scrolled far back keeps the place.
    if (pages.current > 2) return;
    pages.current = 0;
    void load(null, ++generation.current);
  }, [load, newest]);

  const more = useCallback(() => {
    if (busy.current || before.current === null) return;
    setLoading(true);
    void load(before.current, generation.current);
  }, [load]);

  return { items, loading, error, more };
}
