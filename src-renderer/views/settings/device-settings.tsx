import { NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { DEVICE_NAME, LOG_LEVELS } from '../../../src-preload/contract/tuning.ts';
import { useAppState } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { Setting } from './setting.tsx';
import type { ChangeSettings } from './settings.tsx';

/** A change makes engines anew, so it waits until the typing rests. */
const SETTLE_MS = 1_000;

/** How other devices call this one; empty for the computer's own name. */
export function DeviceNameSetting({ onChange }: { readonly onChange: ChangeSettings }) {
  const { settings, computer } = useAppState();
  const [typed, setTyped] = useState(settings.deviceName ?? '');
  const isGood = (text: string): boolean => text.trim() === '' || DEVICE_NAME.test(text.trim());
  const save = useDebouncedCallback((text: string) => onChange({ deviceName: text.trim() || null }), { delay: SETTLE_MS, flushOnUnmount: true });
  return (
    <Setting title={say.tuning.deviceName} hint={say.tuning.deviceNameHint}>
      {(label) => (
        <TextInput
          aria-labelledby={label}
          value={typed}
          placeholder={computer}
          maxLength={64}
          spellCheck={false}
          error={isGood(typed) ? undefined : say.tuning.deviceNameFault}
          onChange={({ currentTarget: { value } }) => {
            setTyped(value);
            if (isGood(value)) save(value);
            else save.cancel();
          }}
          style={{ flex: '0 0 220px' }}
        />
      )}
    </Setting>
  );
}

export function LogSetting({ onChange }: { readonly onChange: ChangeSettings }) {
  const { settings } = useAppState();
  return (
    <Setting title={say.tuning.log} hint={say.tuning.logHint}>
      {(label) => (
        <NativeSelect
          aria-labelledby={label}
          data={LOG_LEVELS.map((value) => ({ value, label: say.tuning.logs[value] }))}
          value={settings.logLevel}
          onChange={(event) => {
            const level = LOG_LEVELS.find((known) => known === event.currentTarget.value);
            if (level !== undefined) onChange({ logLevel: level });
          }}
          style={{ flex: '0 0 220px' }}
        />
      )}
    </Setting>
  );
}
