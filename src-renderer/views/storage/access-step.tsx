import { Button, Group, Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import type { ErrorView } from '../../../src-preload/contract/model.ts';
import type { ImportedStorage, S3Access } from '../../../src-preload/contract/storage.ts';
import { ask } from '../../bridge.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Fold } from '../../ui/fold.tsx';
import { Step } from '../../ui/step.tsx';
import { useRequest } from '../../use-request.ts';
import { AccessFields } from './access-fields.tsx';
import { type AccessForm, isSignInFault, placeOf, withImported } from './access-form.ts';
import { AdvancedFields } from './advanced-fields.tsx';
import { SessionTokenField, SignInFields } from './sign-in-fields.tsx';
import type { SignInState } from './use-sign-in.ts';

export interface AccessStepProps {
  readonly form: AccessForm;
  readonly onForm: (form: AccessForm) => void;
  readonly signIn: SignInState;
  /** What the store said of the sign-in that was tried last. */
  readonly refused: ErrorView | null;
  readonly onRefused: (error: ErrorView) => void;
  readonly onImported: (imported: ImportedStorage) => void;
  readonly onBack: () => void;
  readonly onNext: (access: S3Access) => void;
}

/** Which service, and how to sign in to it. */
export function AccessStep({ form, onForm, signIn, refused, onRefused, onImported, onBack, onNext }: AccessStepProps) {
  const [busy, setBusy] = useState(false);
  const place = placeOf(form);
  const change = (patch: Partial<AccessForm>): void => onForm({ ...form, ...patch });
  const onContinue = async (): Promise<void> => {
    if (place === null) return;
    setBusy(true);
    const settled = await signIn.settle();
    const access = settled === undefined ? null : { ...place, signIn: settled };
    const fault = access === null ? null : await signInFault(access);
    setBusy(false);
    if (fault !== null) {
      onRefused(fault);
      // What was typed is typed again.
      signIn.change({ held: null });
    } else if (access !== null) onNext(access);
  };
  return (
    <Step
      at={{ step: 1, of: 4 }}
      title={say.storage.accessTitle}
      onBack={onBack}
      next={{ label: say.add.next, enabled: place !== null && signIn.isComplete, busy, onNext: () => void onContinue() }}
    >
      <Import
        onImported={(imported) => {
          onForm(withImported(form, imported));
          if (imported.keys !== null) signIn.change({ kind: 'keys', held: imported.keys });
          else if (imported.profile !== null && signIn.profiles.includes(imported.profile)) signIn.change({ kind: 'profile', profile: imported.profile });
          onImported(imported);
        }}
      />
      <AccessFields form={form} change={change} />
      <ErrorNote error={refused} title={say.storage.refused} />
      <SignInFields signIn={signIn} />
      <Fold title={say.storage.advanced}>
        <SessionTokenField signIn={signIn} />
        <AdvancedFields form={form} change={change} />
      </Fold>
    </Step>
  );
}

/** Longer nobody waits for a store that does not answer; the next step says what it says. */
const ASK_MS = 10_000;

/** What the store says to the sign-in, where it says that it does not take it. */
async function signInFault(access: S3Access): Promise<ErrorView | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), ASK_MS));
  const answer = await Promise.race([ask('storage/buckets', access), late]);
  return answer !== null && !answer.ok && isSignInFault(answer.error) ? answer.error : null;
}

function Import({ onImported }: { readonly onImported: (imported: ImportedStorage) => void }) {
  const [file, setFile] = useState<string | null>(null);
  const request = useRequest('storage/import');
  const onClick = async (): Promise<void> => {
    const answer = await request.send(null);
    if (answer?.value == null) return;
    setFile(answer.value.file);
    onImported(answer.value);
  };
  return (
    <>
      <Group gap="sm" wrap="nowrap">
        <Button variant="subtle" size="compact-sm" ml={-8} leftSection={<IconFileImport size={15} />} onClick={() => void onClick()} style={{ flex: 'none' }}>
          {say.storage.import}
        </Button>
        <Text size="xs" c="dimmed" role="status" style={{ overflowWrap: 'anywhere' }}>
          {file === null ? '' : say.storage.imported(file)}
        </Text>
      </Group>
      <ErrorNote error={request.error} />
    </>
  );
}
