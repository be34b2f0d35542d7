import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconKeyOff } from '@tabler/icons-react';
import type { ErrorView } from '../../../src-preload/contract/model.ts';
import type { KeepPlace } from '../../../src-preload/contract/storage.ts';
import { errorAndHint } from '../../strings/error-words.ts';
import { say } from '../../strings/say.ts';

export interface NoKeychainProps {
  readonly error: ErrorView | null;
  readonly busy: boolean;
  readonly onKeep: (keep: KeepPlace) => void;
}

/** The keychain did not take the keys: try it again, or do without (C74). */
export function NoKeychain({ error, busy, onKeep }: NoKeychainProps) {
  if (error === null) return null;
  return (
    <Alert role="alert" variant="default" className="attention tone-warn" icon={<IconKeyOff size={18} className="tone-text" />} title={say.storage.noKeychainTitle}>
      <Stack gap="sm">
        <Text size="sm">{errorAndHint(error)}</Text>
        <Text size="sm">{say.storage.noKeychainText}</Text>
        <Group gap="sm">
          <Button variant="default" size="xs" loading={busy} onClick={() => onKeep('keychain')}>
            {say.storage.tryAgain}
          </Button>
          <Button variant="default" size="xs" loading={busy} onClick={() => onKeep('session')}>
            {say.storage.sessionOnly}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
