import { NumberInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { formatNumber } from '../../strings/format.ts';
import { Setting } from './setting.tsx';

const SETTLE_MS = 500;

export interface NumberSettingProps {
  readonly title: string;
  readonly hint: string;
  readonly unit: string;
  readonly value: number;
  readonly max: number;
  /** Told once the typing rests; whole numbers from 1 on. */
  readonly onChange: (value: number) => void;
}

export function NumberSetting({ title, hint, ...field }: NumberSettingProps) {
  return (
    <Setting title={title} hint={hint}>
      {(label) => <WholeInput {...field} labelledBy={label} />}
    </Setting>
  );
}

function WholeInput({ unit, value, max, labelledBy, onChange }: Omit<NumberSettingProps, 'title' | 'hint'> & { readonly labelledBy: string }) {
  const [typed, setTyped] = useState<number | string>(value);
  const save = useDebouncedCallback(onChange, { delay: SETTLE_MS, flushOnUnmount: true });
  return (
    <NumberInput
      aria-labelledby={labelledBy}
      min={1}
      max={max}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      thousandSeparator={formatNumber(1_000).charAt(1)}
      decimalSeparator={formatNumber(1.5).charAt(1)}
      suffix={` ${unit}`}
      w={150}
      style={{ flex: 'none' }}
      value={typed}
      onChange={(next) => {
        setTyped(next);
        if (typeof next === 'number' && Number.isSafeInteger(next) && next >= 1 && next <= max) save(next);
      }}
      onBlur={() => typed === '' && setTyped(value)}
    />
  );
}
