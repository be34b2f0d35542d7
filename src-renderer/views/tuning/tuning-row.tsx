import { Button, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import type { TuningKey } from '../../../src-preload/contract/tuning.ts';
import { say } from '../../strings/say.ts';
import { isOwn, type TuningForm } from './tuning-form.ts';
import { valueWords } from './tuning-words.ts';

/** What ties a control to its words. */
export interface RowIds {
  readonly id: string;
  readonly 'aria-labelledby': string;
  readonly 'aria-describedby': string;
}

export interface TuningRowProps {
  readonly form: TuningForm;
  readonly field: TuningKey;
  readonly title: string;
  readonly hint: string;
  /** Besides taking the value back. */
  readonly onReset?: () => void;
  readonly children: (ids: RowIds) => ReactNode;
}

/** One setting: its words, where its value comes from and the way back, and the control. */
export function TuningRow({ form, field, title, hint, onReset, children }: TuningRowProps) {
  const id = useId();
  const ids: RowIds = { id, 'aria-labelledby': `${id}-title`, 'aria-describedby': `${id}-hint ${id}-origin` };
  const own = isOwn(form, field);
  const { origin, back, backLabel } = say.tuning;
  const value = valueWords(field, form.base);
  const onBack = (): void => {
    form.reset(field);
    onReset?.();
    // The button goes with what it took back.
    document.getElementById(id)?.focus();
  };
  return (
    <div className="tuning-row">
      <div className="tuning-words">
        <Text size="sm" fw={550} id={`${id}-title`}>
          {title}
        </Text>
        <Text size="sm" c="dimmed" id={`${id}-hint`}>
          {hint}
        </Text>
        <div className="tuning-origin">
          <Text size="xs" {...(own ? { fw: 550, className: 'tone-busy tone-text' } : { c: 'dimmed' })} id={`${id}-origin`}>
            {form.of === 'folder' ? (own ? origin.own : origin.inherited) : own ? origin.changed : origin.standard}
          </Text>
          {own && (
            <Button variant="subtle" size="compact-xs" aria-label={backLabel(title, value)} onClick={onBack}>
              {back(value)}
            </Button>
          )}
        </div>
      </div>
      <div className="tuning-control">{children(ids)}</div>
    </div>
  );
}
