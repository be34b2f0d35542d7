import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { PairView } from '../../../src-preload/contract/model.ts';
import { useAppState } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Fold } from '../../ui/fold.tsx';
import { useRequest } from '../../use-request.ts';
import { cliCommand, profileCommand } from './cli-command.ts';

/** The same on the command line, to copy. */
export function CommandFold({ pair }: { readonly pair: PairView }) {
  const { settings } = useAppState();
  const [copied, setCopied] = useState(false);
  const { send, error } = useRequest('app/copy');
  const text = cliCommand(pair, settings);
  const keys = pair.storage.kind === 's3' && pair.storage.signIn.kind !== 'profile' && pair.storage.signIn.kind !== 'chain';
  return (
    <Fold title={say.command.title}>
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {[say.command.hint, keys ? say.command.keys : '', pair.protection?.encrypted === true ? say.command.secret : ''].filter((part) => part !== '').join(' ')}
        </Text>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the region scrolls */}
        <section className="report" tabIndex={0} aria-label={say.command.label}>
          <pre className="code">{text}</pre>
        </section>
        <Text size="sm" c="dimmed">
          {say.command.short(profileCommand(pair))}
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
