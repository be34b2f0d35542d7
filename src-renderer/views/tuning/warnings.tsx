import { Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { say } from '../../strings/say.ts';
import { Note } from '../../ui/note.tsx';
import type { TuningForm } from './tuning-form.ts';
import { keepsLess } from './tuning-words.ts';

export function Warnings({ texts }: { readonly texts: readonly string[] }) {
  return (
    <div aria-live="polite" className="warnings">
      <Stack gap={6}>
        {texts.map((text) => (
          <Note key={text} Icon={IconAlertTriangle} tone="warn">
            {text}
          </Note>
        ))}
      </Stack>
    </div>
  );
}

/** What saving throws away, beside the button that does it. */
export function Losses({ form: { before, now } }: { readonly form: TuningForm }) {
  return <Warnings texts={[...(keepsLess(before, now) ? [say.tuning.fewerKept] : []), ...(now.trashDays < before.trashDays ? [say.tuning.lessTrash] : [])]} />;
}
