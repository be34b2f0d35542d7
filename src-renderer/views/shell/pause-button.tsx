import { Button, Menu } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useAppState, useNow } from '../../store.ts';
import { en } from '../../strings/en.ts';
import { anywayWords, isQuiet, isResumable } from '../../strings/words.ts';
import { useRequest } from '../../use-request.ts';
import { PauseItems } from './pause-items.tsx';

/** Pauses every folder, for as long as the user says; or lets them go on, also in quiet hours. */
export function PauseButton() {
  const { pairs } = useAppState();
  const pause = useRequest('sync/pause');
  const resume = useRequest('sync/resume');
  const now = useNow();
  if (pairs.every(isResumable)) {
    return (
      <Button
        variant="light"
        fullWidth
        leftSection={<IconPlayerPlay size={16} />}
        loading={resume.busy}
        onClick={() => void resume.send({ pair: null })}
        aria-label={en.tray.resume}
        {...(pairs.some(isQuiet) ? { title: anywayWords(pairs, now) } : {})}
      >
        <span className="wide">{en.action.resume}</span>
      </Button>
    );
  }
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button variant="default" fullWidth leftSection={<IconPlayerPause size={16} />} loading={pause.busy} aria-label={en.tray.pause}>
          <span className="wide">{en.action.pause}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <PauseItems onChoose={(length) => void pause.send({ pair: null, length })} />
      </Menu.Dropdown>
    </Menu>
  );
}
