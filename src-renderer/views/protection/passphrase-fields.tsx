import { Group, Progress, Stack, Text } from '@mantine/core';
import { type RefObject, useRef, useState } from 'react';
import { say } from '../../strings/say.ts';
import { SecretInput } from './secret-input.tsx';
import { STRENGTHS, type Strength, strengthOf } from './strength.ts';

export interface PassphraseFieldsProps {
  readonly field: RefObject<HTMLInputElement | null>;
  /** Whether it is long enough and typed twice. */
  readonly onReady: (ready: boolean) => void;
}

/** A new passphrase, typed twice, with a hint how good it is. */
export function PassphraseFields({ field, onReady }: PassphraseFieldsProps) {
  const again = useRef<HTMLInputElement>(null);
  const [strength, setStrength] = useState<Strength | null>(null);
  const [differs, setDiffers] = useState(false);
  const look = (): void => {
    const [text, second] = [field.current?.value ?? '', again.current?.value ?? ''];
    const now = text === '' ? null : strengthOf(text);
    setStrength(now);
    setDiffers(second !== '' && second !== text);
    onReady(now !== null && now !== 'short' && second === text);
  };
  return (
    <Stack gap="sm">
      <SecretInput field={field} label={say.protection.passphrase} description={say.protection.passphraseHint} onText={look} />
      <StrengthLine strength={strength} />
      <SecretInput field={again} label={say.protection.again} error={differs && say.protection.notSame} onText={look} />
    </Stack>
  );
}

const TONES = { short: 'bad', weak: 'bad', fair: 'warn', good: 'good', strong: 'good' } as const satisfies Record<Strength, string>;
const COLOURS = { short: 'red', weak: 'red', fair: 'yellow', good: 'green', strong: 'green' } as const satisfies Record<Strength, string>;

function StrengthLine({ strength }: { readonly strength: Strength | null }) {
  const level = strength === null ? 0 : (STRENGTHS.indexOf(strength) / (STRENGTHS.length - 1)) * 100;
  return (
    <Group gap="sm" wrap="nowrap">
      <Progress
        value={strength === null ? 0 : Math.max(level, 4)}
        color={strength === null ? 'gray' : COLOURS[strength]}
        w={120}
        size={6}
        aria-label={say.protection.strengthLabel}
      />
      <Text size="sm" role="status" className={strength === null ? undefined : `tone-${TONES[strength]} tone-text`}>
        {strength === null ? '' : say.protection.strengths[strength]}
      </Text>
    </Group>
  );
}
