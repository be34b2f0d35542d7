import { Button, Menu } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useAppState, useNow } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { anywayWords, isQuiet, isResumable } from '../../strings/words.ts';
import type { AnyRequest } from '../../use-request.ts';
import { PauseItems } from './pause-items.tsx';

/** Pauses every folder, for as long as the user says; or lets them go on, also in quiet hours. There is no room beside it for what went wrong: whoever holds `request` shows that. */
export function PauseButton({ request: { send, busy } }: { readonly request: AnyRequest }) {
  const { pairs } = useAppState();
  const now = useNow();
  if (pairs.every(isResumable)) {
    return (
      <Button
        variant="light"
        fullWidth
        leftSection={<IconPlayerPlay size={16} />}
        loading={busy}
        onClick={() => void send('sync/resume', { pair: null })}
        aria-label={say.tray.resume}
        {...(pairs.some(isQuiet) ? { title: anywayWords(pairs, now) } : {})}
      >
        <span className="wide">{say.action.resume}</span>
      </Button>
    );
  }
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button variant="default" fullWidth leftSection={<IconPlayerPause size={16} />} loading={busy} aria-label={say.tray.pause}>
          <span className="wide">{say.action.pause}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <PauseItems onChoose={(length) => void send('sync/pause', { pair: null, length })} />
      </Menu.Dropdown>
    </Menu>
  );
}
