import { Button, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import type { TargetChoice } from '../../../src-preload/contract/storage.ts';
import type { RecoverySheet, VaultChoice, VaultLook } from '../../../src-preload/contract/vault.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Note } from '../../ui/note.tsx';
import { Step } from '../../ui/step.tsx';
import { useRequest } from '../../use-request.ts';
import { LoginChoice } from '../folders/login-choice.tsx';
import type { NewPair } from '../folders/use-new-pair.ts';
import { NoKeychain } from '../storage/no-keychain.tsx';
import { ConfirmStep } from './confirm-step.tsx';
import { JoinStep } from './join-step.tsx';
import { NewVaultStep, type VaultForm } from './new-vault-step.tsx';
import { SheetStep } from './sheet-step.tsx';

export interface ProtectionFlowProps {
  readonly target: TargetChoice;
  readonly pair: NewPair;
  /** How many steps came before. */
  readonly before: number;
  readonly onBack: () => void;
}

type At = { readonly step: 'choose' } | { readonly step: 'sheet' | 'confirm'; readonly sheet: RecoverySheet };
const EMPTY: VaultForm = { compression: false, encryption: false, hideNames: false, kind: 'passphrase' };

/** The last steps to a pair: how its files are to lie on the other side, or what opens them there. What is there already decides which. */
export function ProtectionFlow({ target, pair, before, onBack }: ProtectionFlowProps) {
  const [form, setForm] = useState(EMPTY);
  const [at, setAt] = useState<At>({ step: 'choose' });
  const { look, busy, error, again } = useVaultLook(target);
  const step = (n: number) => ({ step: before + n, of: before + (look?.holds === 'nothing' && form.encryption ? 3 : 1) });
  if (look === null) {
    return (
      <Step at={step(1)} title={say.protection.title} onBack={onBack} next={{ label: say.add.button, enabled: false, busy, onNext: () => undefined }}>
        <Text size="sm" c="dimmed" role="status">
          {busy ? say.protection.looking : ''}
        </Text>
        <ErrorNote error={error} />
        {error !== null && (
          <Button variant="default" onClick={again} style={{ alignSelf: 'flex-start' }}>
            {say.action.retry}
          </Button>
        )}
      </Step>
    );
  }
  if (look.holds === 'encrypted') return <JoinStep at={step(1)} target={target} look={look} pair={pair} onBack={onBack} />;
  if (look.holds !== 'nothing') return <StaysStep at={step(1)} holds={look.holds} pair={pair} onBack={onBack} />;
  switch (at.step) {
    case 'choose':
      return <NewVaultStep at={step(1)} form={form} onForm={setForm} pair={pair} onBack={onBack} onSheet={(sheet) => setAt({ step: 'sheet', sheet })} />;
    case 'sheet':
      return (
        <SheetStep
          at={step(2)}
          sheet={at.sheet}
          choice={{ source: pair.source?.token ?? '', target }}
          name={pair.name.trim() || (pair.source?.name ?? '')}
          onBack={() => setAt({ step: 'choose' })}
          onNext={() => setAt({ step: 'confirm', sheet: at.sheet })}
        />
      );
    case 'confirm':
      return <ConfirmStep at={step(3)} sheet={at.sheet} pair={pair} onBack={() => setAt({ step: 'sheet', sheet: at.sheet })} />;
  }
}

interface StaysStepProps {
  readonly at: { readonly step: number; readonly of: number };
  readonly holds: 'files' | 'plain' | 'compressed';
  readonly pair: NewPair;
  readonly onBack: () => void;
}

/** Where something lies already it stays as it is. */
function StaysStep({ at, holds, pair, onBack }: StaysStepProps) {
  const vault: VaultChoice = { kind: holds === 'compressed' ? 'compressed' : 'plain' };
  return (
    <Step at={at} title={say.protection.title} onBack={onBack} next={{ label: say.add.button, enabled: true, busy: pair.adding, onNext: () => pair.add('keychain', vault) }}>
      <Note Icon={IconInfoCircle} tone="quiet">
        {say.protection.stays[holds]}
      </Note>
      <LoginChoice pair={pair} />
      <NoKeychain error={pair.noKeychain} busy={pair.adding} onKeep={(keep) => pair.add(keep, vault)} />
      <ErrorNote error={pair.error} />
    </Step>
  );
}

function useVaultLook(
  target: TargetChoice,
): { readonly look: VaultLook | null } & Pick<ReturnType<typeof useRequest<'vault/look'>>, 'busy' | 'error'> & { readonly again: () => void } {
  const [look, setLook] = useState<VaultLook | null>(null);
  const { send, busy, error } = useRequest('vault/look');
  const place = JSON.stringify(target);
  const again = useCallback(() => {
    void send(JSON.parse(place) as TargetChoice).then((answer) => answer !== undefined && setLook(answer.value));
  }, [place, send]);
  useEffect(again, [again]);
  return { look, busy, error, again };
}
