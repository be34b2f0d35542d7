import { Group, NumberInput, Stack, Text } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import type { SettingsView } from '../../../src-preload/contract/model.ts';
import { en } from '../../strings/en.ts';
import { formatNumber } from '../../strings/format.ts';

const KB = 1_000;
/** One setting is written, not every digit on the way to it. */
const SETTLE_MS = 500;

type Limits = SettingsView['bandwidth'];

/** How fast transfers may be, both ways; empty for no limit. */
export function BandwidthSetting({ limits, onLimits }: { readonly limits: Limits; readonly onLimits: (limits: Limits) => void }) {
  const [typed, setTyped] = useState({ up: inKb(limits.up), down: inKb(limits.down) });
  const save = useDebouncedCallback((next: typeof typed) => onLimits({ up: inBytes(next.up), down: inBytes(next.down) }), SETTLE_MS);
  const change = (patch: Partial<typeof typed>): void => {
    const next = { ...typed, ...patch };
    setTyped(next);
    save(next);
  };
  const field = {
    min: 1,
    max: 100_000_000,
    allowDecimal: false,
    allowNegative: false,
    hideControls: true,
    thousandSeparator: formatNumber(1_000).charAt(1),
    decimalSeparator: formatNumber(1.5).charAt(1),
    placeholder: en.settings.bandwidthNone,
    suffix: ` ${en.settings.bandwidthUnit}`,
  };
  return (
    <Stack gap="sm">
      <Group gap="lg" grow>
        <NumberInput {...field} label={en.settings.bandwidthUp} value={typed.up} onChange={(up) => change({ up })} />
        <NumberInput {...field} label={en.settings.bandwidthDown} value={typed.down} onChange={(down) => change({ down })} />
      </Group>
      <Text size="sm" c="dimmed">
        {en.settings.bandwidthHint}
      </Text>
    </Stack>
  );
}

function inKb(bytes: number | null): number | string {
  return bytes === null ? '' : Math.max(1, Math.round(bytes / KB));
}

function inBytes(kb: number | string): number | null {
  const value = Number(kb);
  return kb === '' || !Number.isFinite(value) || value < 1 ? null : Math.round(value) * KB;
}
