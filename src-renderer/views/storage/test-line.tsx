import { Button, Group, Text } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { S3Place } from '../../../src-preload/contract/storage.ts';
import { say } from '../../strings/say.ts';
import type { StoreTest } from './use-store-test.ts';

export interface TestLineProps {
  readonly test: StoreTest;
  readonly place: S3Place;
  readonly isReady: boolean;
}

/** Begins the test of a store, tells that it runs, and stops it. */
export function TestLine({ test: { tested, busy, stopped, begin, stop }, place, isReady }: TestLineProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that stopped it is gone.
    if (stopped && !busy) button.current?.focus();
  }, [stopped, busy]);
  return (
    <Group gap="sm">
      <Button
        ref={button}
        variant={isReady ? 'default' : 'light'}
        leftSection={<IconPlugConnected size={17} />}
        disabled={place.bucket === ''}
        loading={busy}
        onClick={() => void begin(place)}
      >
        {tested === null ? say.storage.test : say.storage.testAgain}
      </Button>
      <Text size="sm" c="dimmed" role="status">
        {busy ? say.storage.testing : stopped ? say.storage.testStopped : tested === null ? say.storage.testFirst : ''}
      </Text>
      {busy && (
        <Button variant="subtle" size="compact-sm" onClick={stop}>
          {say.storage.testStop}
        </Button>
      )}
    </Group>
  );
}
