import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { Limits, Tuning, TuningKey } from '../../../src-preload/contract/tuning.ts';
import { formatNumber } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { readNumber, type Scale, type TuningForm } from './tuning-form.ts';
import { TuningRow } from './tuning-row.tsx';

export type NumberKey = { readonly [K in TuningKey]: Tuning[K] extends number | null ? K : never }[TuningKey];

export interface NumberRowProps {
  readonly form: TuningForm;
  readonly field: NumberKey;
  readonly title: string;
  readonly hint: string;
  readonly limits: Limits;
  readonly scale?: Scale;
  readonly unit?: string | ((n: number) => string);
  /** Said in an empty field, which then means no limit. */
  readonly none?: string;
}

const WHOLE: Scale = { unit: 1, decimals: 0 };

/** A number within limits. What does not fit stays to be mended, with the limits beside it; nothing is put right behind the user's back. */
export function NumberRow({ form, field, title, hint, limits, scale = WHOLE, unit, none }: NumberRowProps) {
  const [typed, setTyped] = useState<number | string | null>(null);
  const value: number | null = form.now[field];
  const shown = typed ?? (value === null ? '' : value / scale.unit);
  const mayBeEmpty = none !== undefined;
  const isGood = typed === null || (typed === '' ? mayBeEmpty : readNumber(typed, limits, scale) !== null);
  const onChange = (next: number | string): void => {
    setTyped(next);
    const read = next === '' ? null : readNumber(next, limits, scale);
    // Only a field that may be empty is set to null.
    if (read !== null || (next === '' && mayBeEmpty)) form.set(field, read as Tuning[NumberKey] & number);
    else form.judge(field, false);
  };
  const suffix = typeof unit === 'function' ? unit(Number(shown)) : unit;
  return (
    <TuningRow form={form} field={field} title={title} hint={hint} onReset={() => setTyped(null)}>
      {(ids) => (
        <NumberInput
          {...ids}
          {...numberFormat()}
          value={shown}
          onChange={onChange}
          onBlur={() => isGood && setTyped(null)}
          allowDecimal={scale.decimals > 0}
          decimalScale={scale.decimals}
          {...(suffix === undefined ? {} : { suffix: ` ${suffix}` })}
          {...(none === undefined ? {} : { placeholder: none })}
          error={isGood ? undefined : rangeWords(limits, scale, mayBeEmpty)}
        />
      )}
    </TuningRow>
  );
}

/** Digits as they are written in the language that is spoken; too large a number can be typed, to be told of. */
export function numberFormat() {
  return {
    allowNegative: false,
    hideControls: true,
    clampBehavior: 'none',
    thousandSeparator: formatNumber(1_000).charAt(1),
    decimalSeparator: formatNumber(1.5).charAt(1),
  } as const;
}

function rangeWords({ min, max }: Limits, { unit, decimals }: Scale, canBeEmpty: boolean): string {
  const [least, most] = [formatNumber(min / unit), formatNumber(max / unit)];
  if (canBeEmpty) return say.tuning.rangeOrNone(least, most);
  return decimals > 0 ? say.tuning.range(least, most) : say.tuning.wholeRange(least, most);
}
