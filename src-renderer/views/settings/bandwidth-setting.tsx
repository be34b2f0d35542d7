import { Group, Stack, Text } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import type { SettingsView } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';
import { RateInput } from './rate-input.tsx';

/** One setting is written, not every digit on the way to it. */
const SETTLE_MS = 500;

type Limits = SettingsView['bandwidth'];

/** How fast transfers may be, both ways; empty for no limit. */
export function BandwidthSetting({ limits, onLimits }: { readonly limits: Limits; readonly onLimits: (limits: Limits) => void }) {
  const [typed, setTyped] = useState(limits);
  const save = useDebouncedCallback(onLimits, { delay: SETTLE_MS, flushOnUnmount: true });
  const change = (patch: Partial<Limits>): void => {
    const next = { ...typed, ...patch };
    setTyped(next);
    save(next);
  };
  return (
    <Stack gap="sm">
      <Group gap="lg" grow>
        <RateInput label={say.settings.bandwidthUp} rate={typed.up} onRate={(up) => change({ up })} />
        <RateInput label={say.settings.bandwidthDown} rate={typed.down} onRate={(down) => change({ down })} />
      </Group>
      <Text size="sm" c="dimmed">
        {say.settings.bandwidthHint}
      </Text>
    </Stack>
  );
}
