import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRef } from 'react';
import { say } from '../../strings/say.ts';

/** Emptied by its button or by Escape, and kept at hand for the next word. */
export function SearchField({ text, onChange }: { readonly text: string; readonly onChange: (text: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const clear = (): void => {
    onChange('');
    field.current?.focus();
  };
  return (
    <TextInput
      ref={field}
      aria-label={say.activity.search}
      placeholder={say.activity.search}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      rightSection={text !== '' && <CloseButton size="sm" aria-label={say.activity.clearSearch} onClick={clear} />}
      rightSectionPointerEvents="all"
      value={text}
      maxLength={200}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') clear();
      }}
      style={{ flex: 1, minWidth: 200 }}
    />
  );
}
