import { useMediaQuery } from '@mantine/hooks';
import { useEffect } from 'react';
import type { SettingsView } from '../../src-preload/contract/model.ts';

/** Hands contrast and movement to the style sheet. What is left to the system follows it; movement the style sheet asks itself. */
export function useAppearance(settings: Pick<SettingsView, 'contrast' | 'motion'> | null): void {
  const { contrast, motion } = settings ?? { contrast: 'system', motion: 'system' };
  const systemWantsMore = useMediaQuery('(prefers-contrast: more)');
  const isHigh = contrast === 'high' || systemWantsMore;
  useEffect(() => {
    const root = document.documentElement;
    root.dataset['contrast'] = isHigh ? 'high' : 'system';
    root.dataset['motion'] = motion;
  }, [isHigh, motion]);
}
