import { Input, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import type { NewVault, RecoverySheet } from '../../../src-preload/contract/vault.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Step } from '../../ui/step.tsx';
import { useRequest } from '../../use-request.ts';
import { LoginChoice } from '../folders/login-choice.tsx';
import type { NewPair } from '../folders/use-new-pair.ts';
import { NoKeychain } from '../storage/no-keychain.tsx';
import { PassphraseFields } from './passphrase-fields.tsx';
import { SecretInput, takeText } from './secret-input.tsx';

export interface VaultForm extends Omit<NewVault, 'text'> {
  readonly encryption: boolean;
}
export interface NewVaultStepProps {
  readonly at: { readonly step: number; readonly of: number };
  readonly form: VaultForm;
  readonly onForm: (form: VaultForm) => void;
  readonly pair: NewPair;
  readonly onBack: () => void;
  readonly onSheet: (sheet: RecoverySheet) => void;
}

/** How the files of an empty place are to lie there. */
export function NewVaultStep({ at, form, onForm, pair, onBack, onSheet }: NewVaultStepProps) {
  const field = useRef<HTMLInputElement>(null);
  const [ready, setReady] = useState(false);
  const prepare = useRequest('vault/prepare');
  const { encryption, ...vault } = form;
  const open = { kind: vault.compression ? 'compressed' : 'plain' } as const;
  const change = (patch: Partial<VaultForm>): void => onForm({ ...form, ...patch });
  const onSeal = async (): Promise<void> => {
    const sheet = await prepare.send({ ...vault, text: field.current?.value ?? '' });
    if (sheet === undefined) return;
    takeText(field);
    onSheet(sheet.value);
  };
  const next = encryption
    ? { label: say.add.next, enabled: ready, busy: prepare.busy, onNext: () => void onSeal() }
    : { label: say.add.button, enabled: true, busy: pair.adding, onNext: () => pair.add('keychain', open) };
  return (
    <Step at={at} title={say.protection.title} onBack={onBack} next={next}>
      <Switch
        label={say.protection.compress}
        description={say.protection.compressHint}
        checked={form.compression}
        onChange={(event) => change({ compression: event.currentTarget.checked })}
      />
      <Switch
        label={say.protection.encrypt}
        description={
          <>
            <Text span size="sm" c="var(--mantine-color-text)" display="block" mb={4}>
              {say.protection.encryptDecide}
            </Text>
            {say.protection.encryptHint}
          </>
        }
        checked={encryption}
        onChange={(event) => {
          setReady(false);
          change({ encryption: event.currentTarget.checked });
        }}
      />
      {encryption && (
        <Stack gap="md" className="within">
          <Switch
            label={say.protection.hideNames}
            description={say.protection.hideNamesHint}
            checked={form.hideNames}
            onChange={(event) => change({ hideNames: event.currentTarget.checked })}
          />
          <Input.Wrapper label={say.protection.openWith} labelElement="div">
            <SegmentedControl
              fullWidth
              aria-label={say.protection.openWith}
              data={(['passphrase', 'key'] as const).map((value) => ({ value, label: say.protection.kinds[value] }))}
              value={form.kind}
              onChange={(value) => {
                setReady(false);
                change({ kind: value === 'key' ? 'key' : 'passphrase' });
              }}
            />
          </Input.Wrapper>
          {form.kind === 'passphrase' ? (
            <PassphraseFields field={field} onReady={setReady} />
          ) : (
            <SecretInput key="key" field={field} label={say.protection.key} description={say.protection.keyHint} onText={(text) => setReady(text.trim() !== '')} />
          )}
        </Stack>
      )}
      {!encryption && <LoginChoice pair={pair} />}
      {!encryption && <NoKeychain error={pair.noKeychain} busy={pair.adding} onKeep={(keep) => pair.add(keep, open)} />}
      <ErrorNote error={prepare.error ?? pair.error} />
    </Step>
  );
}
