import { NativeSelect, Switch } from '@mantine/core';
import type { Tuning, TuningKey } from '../../../src-preload/contract/tuning.ts';
import type { TuningForm } from './tuning-form.ts';
import { TuningRow } from './tuning-row.tsx';

type KeysOf<T> = { readonly [K in TuningKey]: Tuning[K] extends T ? K : never }[TuningKey];

export interface WordRowProps<K extends KeysOf<string>> {
  readonly form: TuningForm;
  readonly field: K;
  readonly title: string;
  readonly choices: readonly Tuning[K][];
  readonly words: Readonly<Record<Tuning[K], string>>;
  readonly hints: Readonly<Record<Tuning[K], string>>;
}

/** One of a few, with what the chosen one means. */
export function WordRow<K extends KeysOf<string>>({ form, field, title, choices, words, hints }: WordRowProps<K>) {
  const value = form.now[field];
  return (
    <TuningRow form={form} field={field} title={title} hint={hints[value]}>
      {(ids) => (
        <NativeSelect
          {...ids}
          data={choices.map((choice) => ({ value: choice, label: words[choice] }))}
          value={value}
          onChange={(event) => {
            const chosen = choices.find((known) => known === event.currentTarget.value);
            if (chosen !== undefined) form.set(field, chosen);
          }}
        />
      )}
    </TuningRow>
  );
}

export function SwitchRow({ form, field, title, hint }: { readonly form: TuningForm; readonly field: KeysOf<boolean>; readonly title: string; readonly hint: string }) {
  return (
    <TuningRow form={form} field={field} title={title} hint={hint}>
      {(ids) => <Switch {...ids} size="md" checked={form.now[field]} onChange={(event) => form.set(field, event.currentTarget.checked)} />}
    </TuningRow>
  );
}
