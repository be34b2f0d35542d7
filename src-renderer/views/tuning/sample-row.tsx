import { Group, NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { isSample, type Sample } from '../../../src-preload/contract/tuning.ts';
import { formatNumber } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { numberFormat } from './number-row.tsx';
import type { TuningForm } from './tuning-form.ts';
import { TuningRow } from './tuning-row.tsx';

const KINDS = ['count', 'part'] as const satisfies readonly Sample['kind'][];
/** As core/sample.ts reads it. */
const MOST = { count: 9_999_999, part: 100 };

/** How many files a check fetches: a number, or a part of all. */
export function SampleRow({ form }: { readonly form: TuningForm }) {
  const [typed, setTyped] = useState<number | string | null>(null);
  const sample = form.now.verifySample;
  const isGood = typed === null || readSample(sample.kind, typed) !== null;
  const change = (kind: Sample['kind'], number: number | string): void => {
    const next = readSample(kind, number);
    if (next === null) form.judge('verifySample', false);
    else form.set('verifySample', next);
  };
  const amount = sample.kind === 'count' ? sample.files : sample.percent;
  return (
    <TuningRow form={form} field="verifySample" title={say.tuning.verifySample} hint={say.tuning.verifySampleHint} onReset={() => setTyped(null)}>
      {(ids) => (
        <Group gap={6} wrap="nowrap" align="flex-start">
          <NumberInput
            {...ids}
            {...numberFormat()}
            value={typed ?? amount}
            allowDecimal={sample.kind === 'part'}
            decimalScale={3}
            onChange={(next) => {
              setTyped(next);
              change(sample.kind, next);
            }}
            onBlur={() => isGood && setTyped(null)}
            error={isGood ? undefined : say.tuning.range(formatNumber(1), formatNumber(MOST[sample.kind]))}
            style={{ flex: '1 1 70px' }}
          />
          <NativeSelect
            aria-label={say.tuning.sampleUnit}
            data={KINDS.map((value) => ({ value, label: say.tuning.sampleUnits[value] }))}
            value={sample.kind}
            onChange={({ currentTarget: { value } }) => {
              const kind = KINDS.find((known) => known === value);
              // A number of files is hardly ever meant as a part of them.
              setTyped(null);
              if (kind !== undefined) change(kind, kind === 'part' ? 1 : 25);
            }}
          />
        </Group>
      )}
    </TuningRow>
  );
}

function readSample(kind: Sample['kind'], typed: number | string): Sample | null {
  const sample: Sample = kind === 'count' ? { kind, files: Number(typed) } : { kind, percent: Number(typed) };
  return typed !== '' && isSample(sample) ? sample : null;
}
