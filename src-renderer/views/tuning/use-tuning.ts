import type { PairView } from '../../../src-preload/contract/model.ts';
import { type Tuning, tuningOf } from '../../../src-preload/contract/tuning.ts';
import { useAppState } from '../../store.ts';

/** What counts for a folder now. */
export function useTuning({ settings: own }: Pick<PairView, 'settings'>): Tuning {
  const { settings } = useAppState();
  return tuningOf(settings.tuning, own.tuning);
}
