import { Autocomplete, Button, Group, Stack, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ErrorView } from '../../../src-preload/contract/model.ts';
import type { BucketsAnswer, S3Access } from '../../../src-preload/contract/storage.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Note } from '../../ui/note.tsx';
import { useRequest } from '../../use-request.ts';

interface BucketFieldProps {
  readonly access: S3Access;
  readonly bucket: string;
  readonly onBucket: (bucket: string) => void;
  /** The store does not take the sign-in. The function is to be the same each time. */
  readonly onRefused: (error: ErrorView) => void;
}

/** One of the account's buckets, one that is named, or a new one. */
export function BucketField({ access, bucket, onBucket, onRefused }: BucketFieldProps) {
  const [known, setKnown] = useState<BucketsAnswer | null>(null);
  const [created, setCreated] = useState<string | null>(null);
  const list = useRequest('storage/buckets');
  const create = useRequest('storage/create');
  const { send } = list;
  const asked = JSON.stringify(access);
  useEffect(() => {
    let current = true;
    void send(JSON.parse(asked) as S3Access).then((answer) => current && answer !== undefined && setKnown(answer.value));
    return () => {
      current = false;
    };
  }, [asked, send]);
  useEffect(() => {
    if (list.error?.code === 'refused') onRefused(list.error);
  }, [list.error, onRefused]);
  const names = [...(known?.kind === 'listed' ? known.buckets : []), ...(created === null ? [] : [created])];
  const name = bucket.trim();
  const onCreate = async (): Promise<void> => {
    if ((await create.send({ ...access, bucket: name })) !== undefined) setCreated(name);
  };
  return (
    <Stack gap={4}>
      <Group gap="sm" align="flex-end" wrap="nowrap">
        <Autocomplete
          label={say.storage.bucket}
          placeholder={list.busy ? say.storage.bucketsLooking : say.storage.bucketHint}
          data={names}
          value={bucket}
          maxLength={255}
          spellCheck={false}
          style={{ flex: 1 }}
          onChange={(value) => {
            create.clear();
            onBucket(value);
          }}
        />
        <Button variant="default" disabled={name.length < 3 || names.includes(name)} loading={create.busy} onClick={() => void onCreate()} style={{ flex: 'none' }}>
          {say.storage.bucketCreate}
        </Button>
      </Group>
      <div role="status">
        {created !== null && created === name && (
          <Text size="sm" c="dimmed">
            {say.storage.bucketCreated(created)}
          </Text>
        )}
      </div>
      {known?.kind === 'not-listed' && (
        <Note Icon={IconInfoCircle} tone="quiet">
          {say.storage.bucketsHidden}
        </Note>
      )}
      <ErrorNote error={list.error ?? create.error} />
    </Stack>
  );
}
