import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import type { ErrorView, PairView } from '../../../src-preload/contract/model.ts';
import type { KeepPlace } from '../../../src-preload/contract/storage.ts';
import { say } from '../../strings/say.ts';
import { storageWords } from '../../strings/storage-words.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useRequest } from '../../use-request.ts';
import { NoKeychain } from '../storage/no-keychain.tsx';
import { SecretInput } from './secret-input.tsx';

export interface UnlockDialogProps {
  readonly pair: PairView;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** What opens the vault of a folder, typed again: where the keychain does not have it, or it was changed on another device (C74, C69). */
export function UnlockDialog({ pair, opened, onClose }: UnlockDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={say.protection.unlockTitle(pair.name)} size="md" closeOnClickOutside={false}>
      {opened && <UnlockForm pair={pair} onClose={onClose} />}
    </Modal>
  );
}

function UnlockForm({ pair, onClose }: Omit<UnlockDialogProps, 'opened'>) {
  const field = useRef<HTMLInputElement>(null);
  const [ready, setReady] = useState(false);
  const [noKeychain, setNoKeychain] = useState<ErrorView | null>(null);
  const unlock = useRequest('pair/unlock');
  const onOpen = async (keep: KeepPlace): Promise<void> => {
    setNoKeychain(null);
    const answer = await unlock.send({ pair: pair.id, text: field.current?.value ?? '', keep });
    if (answer?.value.kind === 'changed') onClose();
    else if (answer !== undefined) setNoKeychain(answer.value.error);
  };
  return (
    <Stack
      gap="md"
      component="form"
      onSubmit={(event: { preventDefault(): void }) => {
        event.preventDefault();
        if (ready && !unlock.busy) void onOpen('keychain');
      }}
    >
      <Text size="sm" c="dimmed">
        {say.protection.unlockIntro(storageWords(pair.storage))}
      </Text>
      <SecretInput field={field} label={say.protection.secret} description={say.protection.secretHint} onText={(text) => setReady(text.trim() !== '')} />
      <NoKeychain error={noKeychain} busy={unlock.busy} onKeep={(keep) => void onOpen(keep)} />
      <ErrorNote error={unlock.error} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {say.action.cancel}
        </Button>
        <Button type="submit" disabled={!ready} loading={unlock.busy}>
          {say.protection.unlock}
        </Button>
      </Group>
    </Stack>
  );
}
