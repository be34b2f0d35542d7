import { Text } from '@mantine/core';
import type { SettingsView } from '../../../src-preload/contract/model.ts';
import { useNow } from '../../store.ts';
import { bandwidthWords } from './bandwidth-words.ts';

/** What limits hold now and next. */
export function BandwidthNow({ settings }: { readonly settings: SettingsView }) {
  const now = useNow();
  return (
    <Text size="sm" fw={500} className="numbers" role="status">
      {bandwidthWords(settings, now)}
    </Text>
  );
}
