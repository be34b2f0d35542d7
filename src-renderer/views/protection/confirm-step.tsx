import { Alert, Checkbox, Group, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { RecoverySheet } from '../../../src-preload/contract/vault.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Step } from '../../ui/step.tsx';
import { useRequest } from '../../use-request.ts';
import { LoginChoice } from '../folders/login-choice.tsx';
import type { NewPair } from '../folders/use-new-pair.ts';
import { NoKeychain } from '../storage/no-keychain.tsx';

export interface ConfirmStepProps {
  readonly at: { readonly step: number; readonly of: number };
  readonly sheet: RecoverySheet;
  readonly pair: NewPair;
  readonly onBack: () => void;
}

/** Some of the words, asked back: a sheet that was not written down is found out while it still can be. */
export function ConfirmStep({ at, sheet, pair, onBack }: ConfirmStepProps) {
  const fields = useRef<(HTMLInputElement | null)[]>([]);
  const [complete, setComplete] = useState(false);
  const [accepted, setAccepted] = useState(false);
  const [wrong, setWrong] = useState(false);
  const confirm = useRequest('vault/confirm');
  const typed = (): string[] => sheet.asked.map((_, i) => fields.current[i]?.value ?? '');
  const vault = { kind: 'new', token: sheet.token, withoutSheet: accepted } as const;
  const onDone = async (): Promise<void> => {
    setWrong(false);
    if (accepted) return pair.add('keychain', vault);
    const answer = await confirm.send({ token: sheet.token, words: typed() });
    if (answer?.value.right === true) pair.add('keychain', vault);
    else if (answer !== undefined) setWrong(true);
  };
  return (
    <Step
      at={at}
      title={say.protection.confirmTitle}
      onBack={onBack}
      next={{ label: say.add.button, enabled: complete || accepted, busy: confirm.busy || pair.adding, onNext: () => void onDone() }}
    >
      <Text size="sm">{say.protection.confirmText}</Text>
      <Group gap="sm" grow align="flex-start">
        {sheet.asked.map((n, i) => (
          <TextInput
            key={n}
            ref={(field) => {
              fields.current[i] = field;
            }}
            label={say.protection.word(n)}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            maxLength={64}
            disabled={accepted}
            onInput={() => {
              setWrong(false);
              setComplete(typed().every((word) => word.trim() !== ''));
            }}
          />
        ))}
      </Group>
      {wrong && (
        <Alert role="alert" variant="default" className="attention tone-bad" icon={<IconAlertTriangle size={18} className="tone-text" />}>
          {say.protection.wrongWords}
        </Alert>
      )}
      <Checkbox label={say.protection.accept} checked={accepted} onChange={(event) => setAccepted(event.currentTarget.checked)} />
      <LoginChoice pair={pair} />
      <NoKeychain error={pair.noKeychain} busy={pair.adding} onKeep={(keep) => pair.add(keep, vault)} />
      <ErrorNote error={confirm.error ?? pair.error} />
    </Step>
  );
}
