import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { PairView } from '../../../src-preload/contract/model.ts';
import { useAppState } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Fold } from '../../ui/fold.tsx';
import { useRequest } from '../../use-request.ts';
import { profileCommand } from './cli-command.ts';

/** The same on the command line, to copy. */
export function CommandFold({ pair }: { readonly pair: PairView }) {
  const { pairs } = useAppState();
  const [copied, setCopied] = useState(false);
  const { send, error } = useRequest('app/copy');
  const text = profileCommand(pair, pairs);
  const kept = keptPlaces(pair);
  return (
    <Fold title={say.command.title}>
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {[say.command.hint, kept.includes('keychain') ? say.command.secrets : '', kept.includes('session') ? say.command.session : ''].filter((part) => part !== '').join(' ')}
        </Text>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the region scrolls */}
        <section className="report" tabIndex={0} aria-label={say.command.label}>
          <pre className="code">{text}</pre>
        </section>
        <Text size="sm" c="dimmed">
          {say.command.settings(profileCommand(pair, pairs, 'config list'))}
        </Text>
        <Group gap="sm">
          <Button variant="default" size="xs" onClick={() => void send({ text }).then((answer) => setCopied(answer !== undefined))}>
            {say.command.copy}
          </Button>
          <Text size="sm" c="dimmed" aria-live="polite">
            {copied ? say.command.copied : ''}
          </Text>
        </Group>
        <ErrorNote error={error} />
      </Stack>
    </Fold>
  );
}

/** Where the secrets of a folder lie that a command has to find. */
function keptPlaces({ storage, protection }: PairView): readonly string[] {
  return [...(storage.kind === 's3' ? [storage.signIn.kind] : []), ...(protection?.keep == null ? [] : [protection.keep])];
}
