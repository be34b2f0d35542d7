import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ErrorView, PairView } from '../../../src-preload/contract/model.ts';
import type { KeepPlace } from '../../../src-preload/contract/storage.ts';
import { en } from '../../strings/en.ts';
import { signInWords, storageWords } from '../../strings/storage-words.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Fold } from '../../ui/fold.tsx';
import { useAnswer } from '../../use-answer.ts';
import { useRequest } from '../../use-request.ts';
import { NoKeychain } from './no-keychain.tsx';
import { SessionTokenField, SignInFields } from './sign-in-fields.tsx';
import { useSignIn } from './use-sign-in.ts';

export interface SignInDialogProps {
  readonly pair: PairView;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Another sign-in for the bucket of a folder: keys that expired or were replaced (C54). */
export function SignInDialog({ pair, opened, onClose }: SignInDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={en.storage.signInTitle(pair.name)} size="md" closeOnClickOutside={false}>
      {opened && <SignInForm pair={pair} onClose={onClose} />}
    </Modal>
  );
}

function SignInForm({ pair, onClose }: Omit<SignInDialogProps, 'opened'>) {
  const signIn = useSignIn();
  const change = useRequest('pair/credentials');
  const [noKeychain, setNoKeychain] = useState<ErrorView | null>(null);
  const { value } = useAnswer('pair/key-id', { pair: pair.id });
  const inUse = value?.id != null ? en.storage.keyInUse(value.id) : pair.storage.kind === 's3' ? en.storage.inUse(signInWords(pair.storage)) : '';
  const onSave = async (keep: KeepPlace): Promise<void> => {
    setNoKeychain(null);
    const settled = await signIn.settle();
    if (settled === undefined) return;
    const answer = await change.send({ pair: pair.id, signIn: settled, keep });
    if (answer?.value.kind === 'changed') onClose();
    else if (answer !== undefined) setNoKeychain(answer.value.error);
  };
  return (
    <Stack
      gap="md"
      component="form"
      onSubmit={(event: { preventDefault(): void }) => {
        event.preventDefault();
        void onSave('keychain');
      }}
    >
      <Text size="sm" c="dimmed">
        {en.storage.signInIntro(storageWords(pair.storage))}
      </Text>
      <Text size="sm" className="numbers" style={{ overflowWrap: 'anywhere' }} role="status">
        {inUse}
      </Text>
      <SignInFields signIn={signIn} autoFocus />
      <Fold title={en.storage.advanced}>
        <SessionTokenField signIn={signIn} />
      </Fold>
      <NoKeychain error={noKeychain} busy={change.busy} onKeep={(keep) => void onSave(keep)} />
      <ErrorNote error={change.error} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {en.action.cancel}
        </Button>
        <Button type="submit" disabled={!signIn.isComplete} loading={change.busy}>
          {en.storage.signInSave}
        </Button>
      </Group>
    </Stack>
  );
}
