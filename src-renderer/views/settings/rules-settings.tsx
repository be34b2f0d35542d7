import { Textarea } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import type { SettingsView } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useRequest } from '../../use-request.ts';
import { patternLines } from '../folders/pattern-lines.ts';
import { ScheduleFields } from '../schedule/schedule-fields.tsx';
import { formOf, isFilledIn, type ScheduleForm, scheduleOf } from '../schedule/schedule-form.ts';
import type { ChangeSettings } from './settings.tsx';

/** Each change makes engines anew, so it waits until the typing rests. */
const SETTLE_MS = 1_000;

/** What every folder goes by that says nothing else: ignore rules and times. */
export function RulesSettings({ settings, onChange }: { readonly settings: SettingsView; readonly onChange: ChangeSettings }) {
  const [patterns, setPatterns] = useState(settings.ignorePatterns.join('\n'));
  const save = useDebouncedCallback((text: string) => onChange({ ignorePatterns: patternLines(text) }), { delay: SETTLE_MS, flushOnUnmount: true });
  return (
    <Textarea
      label={say.rules.everywhere}
      description={say.rules.everywhereHint}
      inputWrapperOrder={['label', 'input', 'description']}
      placeholder={say.settings.ignorePlaceholder}
      value={patterns}
      onChange={(event) => {
        setPatterns(event.currentTarget.value);
        save(event.currentTarget.value);
      }}
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  );
}

export function ScheduleSettings({ settings }: { readonly settings: SettingsView }) {
  const set = useRequest('app/set');
  const [form, setForm] = useState(() => formOf(settings.schedule));
  const save = useDebouncedCallback(
    (next: ScheduleForm) => {
      const schedule = scheduleOf(next);
      if (schedule !== null && isFilledIn(next)) void set.send({ schedule });
    },
    { delay: SETTLE_MS, flushOnUnmount: true },
  );
  return (
    <>
      <ScheduleFields
        form={form}
        inherited={null}
        onForm={(next) => {
          setForm(next);
          save(next);
        }}
      />
      {/* What is wrong with the words is said at their field. */}
      <ErrorNote error={set.error?.code === 'usage' ? null : set.error} />
    </>
  );
}
