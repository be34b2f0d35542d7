import { PasswordInput } from '@mantine/core';
import type { ClipboardEvent, RefObject } from 'react';
import { say } from '../../strings/say.ts';

export interface SecretInputProps {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly label: string;
  readonly description?: string;
  readonly error?: string | false;
  readonly onText: (text: string) => void;
}

/** A secret as it is typed. The text stays in the field itself, which nobody else keeps: were it given back as a value, it would stand in the page as an attribute. */
export function SecretInput({ field, label, description, error = false, onText }: SecretInputProps) {
  return (
    <PasswordInput
      ref={field}
      label={label}
      {...(description === undefined ? {} : { description })}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      error={error}
      maxLength={1024}
      autoComplete="off"
      spellCheck={false}
      visibilityToggleButtonProps={{ 'aria-label': say.protection.show }}
      onInput={(event) => onText(event.currentTarget.value)}
      onPaste={(event) => pasteInOneLine(event, onText)}
    />
  );
}

/** Words that stand one below the other stay apart: a field of one line would join them. */
function pasteInOneLine(event: ClipboardEvent<HTMLInputElement>, onText: (text: string) => void): void {
  const text = event.clipboardData.getData('text');
  if (!/[\r\n]/.test(text.trim())) return;
  event.preventDefault();
  const field = event.currentTarget;
  field.setRangeText(text.trim().replaceAll(/\s+/g, ' '), field.selectionStart ?? 0, field.selectionEnd ?? field.value.length, 'end');
  onText(field.value);
}

/** Takes the text and leaves the field empty. */
export function takeText({ current }: RefObject<HTMLInputElement | null>): string {
  const text = current?.value ?? '';
  if (current !== null) current.value = '';
  return text;
}
