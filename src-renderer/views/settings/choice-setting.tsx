import { SegmentedControl, Switch } from '@mantine/core';
import { Setting } from './setting.tsx';

export interface ChoiceSettingProps<T extends string> {
  readonly title: string;
  readonly hint?: string;
  readonly choices: readonly T[];
  readonly words: Readonly<Record<T, string>>;
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** One of a few. */
export function ChoiceSetting<T extends string>({ title, hint, choices, words, value, onChange }: ChoiceSettingProps<T>) {
  return (
    <Setting title={title} {...(hint === undefined ? {} : { hint })}>
      {(label) => (
        <SegmentedControl
          aria-labelledby={label}
          style={{ flex: 'none' }}
          data={choices.map((choice) => ({ value: choice, label: words[choice] }))}
          value={value}
          onChange={(next) => {
            const choice = choices.find((known) => known === next);
            if (choice !== undefined) onChange(choice);
          }}
        />
      )}
    </Setting>
  );
}

export interface SwitchSettingProps {
  readonly title: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (on: boolean) => void;
}

export function SwitchSetting({ title, hint, checked, disabled = false, onChange }: SwitchSettingProps) {
  return (
    <Setting title={title} {...(hint === undefined ? {} : { hint })}>
      {(label) => <Switch size="md" aria-labelledby={label} checked={checked} disabled={disabled} onChange={(event) => onChange(event.currentTarget.checked)} />}
    </Setting>
  );
}
