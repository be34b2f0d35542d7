import { useEffect } from 'react';
import type { SettingsView } from '../../src-preload/contract/model.ts';

/** Hands contrast and movement to the style sheet; left to the system, the style sheet asks it. */
export function useAppearance(settings: Pick<SettingsView, 'contrast' | 'motion'> | null): void {
  const { contrast, motion } = settings ?? { contrast: 'system', motion: 'system' };
  useEffect(() => {
    const root = document.documentElement;
    root.dataset['contrast'] = contrast;
    root.dataset['motion'] = motion;
  }, [contrast, motion]);
}
