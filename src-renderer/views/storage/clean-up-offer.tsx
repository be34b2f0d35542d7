import { Button, Group, Text } from '@mantine/core';
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { S3Place } from '../../../src-preload/contract/storage.ts';
import { errorAndHint } from '../../strings/error-words.ts';
import { say } from '../../strings/say.ts';
import { Note } from '../../ui/note.tsx';
import { useRequest } from '../../use-request.ts';

/** For a bucket that does not give up unfinished uploads by itself: it can, and need not. */
export function CleanUpOffer({ place }: { readonly place: S3Place }) {
  const [added, setAdded] = useState(false);
  const done = useRef<HTMLDivElement>(null);
  const { send, busy, error } = useRequest('storage/clean-up');
  useEffect(() => {
    // The button that was pressed is gone.
    if (added) done.current?.focus();
  }, [added]);
  if (added) {
    return (
      <div ref={done} tabIndex={-1} role="status" className="told">
        <Note Icon={IconCircleCheck} tone="good">
          {say.storage.cleanUpAdded}
        </Note>
      </div>
    );
  }
  const onAdd = async (): Promise<void> => setAdded((await send(place)) !== undefined);
  return (
    <div>
      <Group gap={6}>
        <Button variant="subtle" size="compact-sm" ml={-8} loading={busy} onClick={() => void onAdd()}>
          {say.storage.cleanUp}
        </Button>
        <Text size="sm" c="dimmed">
          {say.storage.cleanUpWhy}
        </Text>
      </Group>
      <div aria-live="polite">
        {error !== null && (
          <Note Icon={IconInfoCircle} tone="quiet">
            {`${errorAndHint(error)} ${say.storage.cleanUpOptional}`}
          </Note>
        )}
      </div>
    </div>
  );
}
