import { useEffect, useMemo, useReducer } from 'react';
import type { ActivityRequest } from '../../../src-preload/contract/channels.ts';
import type { ActivityItem, ErrorView } from '../../../src-preload/contract/model.ts';
import { ask } from '../../bridge.ts';
import { PagedList } from './paged-list.ts';

type Filter = Pick<ActivityRequest, 'pair' | 'search' | 'only'>;

/** Activity, newest first; begun anew when the filter changes. */
export function useActivity({ pair, search, only }: Filter): PagedList<ActivityItem, ErrorView> {
  const [, redraw] = useReducer((drawn: number) => drawn + 1, 0);
  const list = useMemo(() => listOf({ pair, search, only }, redraw), [pair, search, only]);
  useEffect(() => {
    list.begin();
    return () => list.end();
  }, [list]);
  return list;
}

function listOf(filter: Filter, onChange: () => void): PagedList<ActivityItem, ErrorView> {
  return new PagedList({ fetch: (part) => ask('activity/list', { ...filter, ...part }), onChange });
}
