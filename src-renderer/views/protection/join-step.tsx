import { IconCircleCheck, IconLock } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { TargetChoice } from '../../../src-preload/contract/storage.ts';
import type { VaultChoice, VaultLook } from '../../../src-preload/contract/vault.ts';
import { joinWords } from '../../strings/protection-words.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Note } from '../../ui/note.tsx';
import { Step } from '../../ui/step.tsx';
import { useRequest } from '../../use-request.ts';
import { LoginChoice } from '../folders/login-choice.tsx';
import type { NewPair } from '../folders/use-new-pair.ts';
import { NoKeychain } from '../storage/no-keychain.tsx';
import { SecretInput } from './secret-input.tsx';

export interface JoinStepProps {
  readonly at: { readonly step: number; readonly of: number };
  readonly target: TargetChoice;
  readonly look: Extract<VaultLook, { readonly holds: 'encrypted' }>;
  readonly pair: NewPair;
  readonly onBack: () => void;
}

/** A place that is encrypted already: it is opened before anything is written, without a question where this computer's keychain has what opens it. */
export function JoinStep({ at, target, look, pair, onBack }: JoinStepProps) {
  const field = useRef<HTMLInputElement>(null);
  const [ready, setReady] = useState(false);
  const [vault, setVault] = useState<VaultChoice | null>(look.kept === undefined ? null : { kind: 'join', token: look.kept });
  const open = useRequest('vault/open');
  const openTyped = async (): Promise<VaultChoice | null> => {
    const answer = await open.send({ target, text: field.current?.value ?? '' });
    return answer === undefined ? null : { kind: 'join', token: answer.value.token };
  };
  const onJoin = async (): Promise<void> => {
    const opened = vault ?? (await openTyped());
    if (opened === null) return;
    setVault(opened);
    pair.add('keychain', opened);
  };
  return (
    <Step
      at={at}
      title={say.protection.joinTitle}
      onBack={onBack}
      next={{ label: say.add.button, enabled: ready || vault !== null, busy: open.busy || pair.adding, onNext: () => void onJoin() }}
    >
      <Note Icon={IconLock} tone="quiet">
        {look.kept === undefined ? joinWords(look.wants) : say.protection.joinKept}
      </Note>
      {vault === null ? (
        <SecretInput
          field={field}
          label={say.protection.secret}
          description={say.protection.secretHint}
          onText={(text) => {
            open.clear();
            setReady(text.trim() !== '');
          }}
        />
      ) : (
        <Note Icon={IconCircleCheck} tone="good">
          {look.kept === undefined ? say.protection.opened : say.protection.openedKept}
        </Note>
      )}
      <LoginChoice pair={pair} />
      <NoKeychain error={pair.noKeychain} busy={pair.adding} onKeep={(keep) => vault !== null && pair.add(keep, vault)} />
      <ErrorNote error={open.error ?? pair.error} />
    </Step>
  );
}
