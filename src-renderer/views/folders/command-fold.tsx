import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { PairView } from '../../../src-preload/contract/model.ts';
import { ask } from '../../bridge.ts';
import { useAppState } from '../../store.ts';
import { en } from '../../strings/en.ts';
import { Fold } from '../../ui/fold.tsx';
import { profileCommand } from './cli-command.ts';

/** The same on the command line, to copy. */
export function CommandFold({ pair }: { readonly pair: PairView }) {
  const { pairs } = useAppState();
  const [copied, setCopied] = useState(false);
  const text = profileCommand(pair, pairs);
  const kept = keptPlaces(pair);
  return (
    <Fold title={en.command.title}>
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {[en.command.hint, kept.includes('keychain') ? en.command.secrets : '', kept.includes('session') ? en.command.session : ''].filter((part) => part !== '').join(' ')}
        </Text>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the region scrolls */}
        <section className="report" tabIndex={0} aria-label={en.command.label}>
          <pre className="code">{text}</pre>
        </section>
        <Text size="sm" c="dimmed">
          {en.command.settings(profileCommand(pair, pairs, 'config list'))}
        </Text>
        <Group gap="sm">
          <Button variant="default" size="xs" onClick={() => void ask('app/copy', { text }).then((answer) => setCopied(answer.ok))}>
            {en.command.copy}
          </Button>
          <Text size="sm" c="dimmed" aria-live="polite">
            {copied ? en.command.copied : ''}
          </Text>
        </Group>
      </Stack>
    </Fold>
  );
}

/** Where the secrets of a folder lie that a command has to find. */
function keptPlaces({ storage, protection }: PairView): readonly string[] {
  return [...(storage.kind === 's3' ? [storage.signIn.kind] : []), ...(protection?.keep == null ? [] : [protection.keep])];
}
