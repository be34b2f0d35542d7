import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { formatNumber } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';

const KB = 1_000;

export interface RateInputProps {
  readonly label: string;
  /** Bytes a second; null: no limit. */
  readonly rate: number | null;
  readonly onRate: (rate: number | null) => void;
  /** Left out: as wide as its place. */
  readonly w?: number;
}

/** A limit in KB a second; empty for none. */
export function RateInput({ label, rate, onRate, w }: RateInputProps) {
  const [typed, setTyped] = useState<number | string>(rate === null ? '' : Math.max(1, Math.round(rate / KB)));
  return (
    <NumberInput
      min={1}
      max={100_000_000}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      thousandSeparator={formatNumber(1_000).charAt(1)}
      decimalSeparator={formatNumber(1.5).charAt(1)}
      placeholder={say.settings.bandwidthNone}
      suffix={` ${say.settings.bandwidthUnit}`}
      label={label}
      {...(w === undefined ? {} : { w })}
      value={typed}
      onChange={(value) => {
        setTyped(value);
        onRate(inBytes(value));
      }}
    />
  );
}

function inBytes(kb: number | string): number | null {
  const value = Number(kb);
  return kb === '' || !Number.isFinite(value) || value < 1 ? null : Math.round(value) * KB;
}
