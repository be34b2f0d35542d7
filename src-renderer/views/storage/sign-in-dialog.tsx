import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { ErrorView, PairView } from '../../../src-preload/contract/model.ts';
import type { KeepPlace } from '../../../src-preload/contract/storage.ts';
import { errorWords } from '../../strings/error-words.ts';
import { say } from '../../strings/say.ts';
import { signInWords, storageWords } from '../../strings/storage-words.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Fold } from '../../ui/fold.tsx';
import { useIntoView } from '../../ui/use-into-view.ts';
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
    <Modal opened={opened} onClose={onClose} title={say.storage.signInTitle(pair.name)} size="md" closeOnClickOutside={false}>
      {opened && <SignInForm pair={pair} onClose={onClose} />}
    </Modal>
  );
}

function SignInForm({ pair, onClose }: Omit<SignInDialogProps, 'opened'>) {
  const signIn = useSignIn();
  const change = useRequest('pair/credentials');
  const [noKeychain, setNoKeychain] = useState<ErrorView | null>(null);
  const [silent, setSilent] = useState<ErrorView | null>(null);
  const [untried, setUntried] = useState(false);
  const { value } = useAnswer('pair/key-id', { pair: pair.id });
  const inUse = value?.id != null ? say.storage.keyInUse(value.id) : pair.storage.kind === 's3' ? say.storage.inUse(signInWords(pair.storage)) : '';
  const onSave = async (keep: KeepPlace, asItIs: boolean): Promise<void> => {
    setNoKeychain(null);
    setSilent(null);
    setUntried(asItIs);
    const settled = await signIn.settle();
    if (settled === undefined) return;
    const answer = await change.send({ pair: pair.id, signIn: settled, keep, untried: asItIs });
    // What was typed and refused is typed again.
    if (answer === undefined) signIn.change({ held: null });
    else if (answer.value.kind === 'changed') onClose();
    else (answer.value.kind === 'untried' ? setSilent : setNoKeychain)(answer.value.error);
  };
  return (
    <Stack
      gap="md"
      component="form"
      onSubmit={(event: { preventDefault(): void }) => {
        event.preventDefault();
        void onSave('keychain', false);
      }}
    >
      <Text size="sm" c="dimmed">
        {say.storage.signInIntro(storageWords(pair.storage))}
      </Text>
      <Text size="sm" className="numbers" style={{ overflowWrap: 'anywhere' }} role="status">
        {inUse}
      </Text>
      <SignInFields signIn={signIn} autoFocus />
      <Fold title={say.storage.advanced}>
        <SessionTokenField signIn={signIn} />
      </Fold>
      <NoKeychain error={noKeychain} busy={change.busy} onKeep={(keep) => void onSave(keep, untried)} />
      <Untried error={silent} busy={change.busy} onAnyway={() => void onSave('keychain', true)} />
      <ErrorNote error={change.error} title={say.storage.refused} more={say.storage.oldStays} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {say.action.cancel}
        </Button>
        <Button type="submit" disabled={!signIn.isComplete} loading={change.busy}>
          {say.storage.signInSave}
        </Button>
      </Group>
    </Stack>
  );
}

/** The store is not there to be asked: what was typed can be kept as it is. */
function Untried({ error, busy, onAnyway }: { readonly error: ErrorView | null; readonly busy: boolean; readonly onAnyway: () => void }) {
  const note = useIntoView(error);
  if (error === null) return null;
  return (
    <Alert ref={note} role="alert" variant="default" className="attention tone-warn" icon={<IconCloudOff size={18} className="tone-text" />} title={say.storage.untriedTitle}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {errorWords(error)} {say.storage.untriedText}
        </Text>
        <Button variant="default" size="xs" loading={busy} onClick={onAnyway}>
          {say.storage.untriedKeep}
        </Button>
      </Stack>
    </Alert>
  );
}
