import { Autocomplete, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconInfoCircle, IconPlugConnected } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { asPrefix } from '../../../src-preload/contract/providers.ts';
import type { BucketsAnswer, S3Access, S3Place, TestAnswer } from '../../../src-preload/contract/storage.ts';
import { en } from '../../strings/en.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Note } from '../../ui/note.tsx';
import { Step } from '../../ui/step.tsx';
import { useRequest } from '../../use-request.ts';
import { isUsable, StoreReport } from './store-report.tsx';

export interface PlaceForm {
  readonly bucket: string;
  readonly prefix: string;
}
export interface PlaceStepProps {
  readonly access: S3Access;
  readonly form: PlaceForm;
  readonly onForm: (form: PlaceForm) => void;
  readonly onBack: () => void;
  readonly onNext: (place: S3Place, report: TestAnswer) => void;
}

/** Which bucket and folder, and whether it can be used: nothing goes on before it was tried. */
export function PlaceStep({ access, form, onForm, onBack, onNext }: PlaceStepProps) {
  const [tested, setTested] = useState<{ readonly place: S3Place; readonly report: TestAnswer } | null>(null);
  const test = useRequest('storage/test');
  const place: S3Place = { ...access, bucket: form.bucket.trim(), prefix: asPrefix(form.prefix.trim()) };
  const change = (patch: Partial<PlaceForm>): void => {
    setTested(null);
    test.clear();
    onForm({ ...form, ...patch });
  };
  const onTest = async (): Promise<void> => {
    setTested(null);
    const answer = await test.send(place);
    if (answer !== undefined) setTested({ place, report: answer.value });
  };
  const isReady = tested !== null && isUsable(tested.report);
  return (
    <Step
      at={{ step: 2, of: 3 }}
      title={en.storage.placeTitle}
      onBack={onBack}
      next={{ label: en.add.next, enabled: isReady, busy: false, onNext: () => tested !== null && onNext(tested.place, tested.report) }}
    >
      <BucketField access={access} bucket={form.bucket} onBucket={(bucket) => change({ bucket })} />
      <TextInput
        label={en.storage.prefix}
        description={en.storage.prefixHint}
        inputWrapperOrder={['label', 'input', 'description']}
        value={form.prefix}
        maxLength={500}
        spellCheck={false}
        onChange={(event) => change({ prefix: event.currentTarget.value })}
      />
      <Group gap="sm">
        <Button
          variant={isReady ? 'default' : 'light'}
          leftSection={<IconPlugConnected size={17} />}
          disabled={place.bucket === ''}
          loading={test.busy}
          onClick={() => void onTest()}
        >
          {tested === null ? en.storage.test : en.storage.testAgain}
        </Button>
        <Text size="sm" c="dimmed" role="status">
          {test.busy ? en.storage.testing : ''}
        </Text>
      </Group>
      <div aria-live="polite">{tested !== null && <StoreReport report={tested.report} />}</div>
      <ErrorNote error={test.error} />
    </Step>
  );
}

interface BucketFieldProps {
  readonly access: S3Access;
  readonly bucket: string;
  readonly onBucket: (bucket: string) => void;
}

/** One of the account's buckets, one that is named, or a new one. */
function BucketField({ access, bucket, onBucket }: BucketFieldProps) {
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
  const names = [...(known?.kind === 'listed' ? known.buckets : []), ...(created === null ? [] : [created])];
  const name = bucket.trim();
  const onCreate = async (): Promise<void> => {
    if ((await create.send({ ...access, bucket: name })) !== undefined) setCreated(name);
  };
  return (
    <Stack gap={4}>
      <Group gap="sm" align="flex-end" wrap="nowrap">
        <Autocomplete
          label={en.storage.bucket}
          placeholder={list.busy ? en.storage.bucketsLooking : en.storage.bucketHint}
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
          {en.storage.bucketCreate}
        </Button>
      </Group>
      <div role="status">
        {created !== null && created === name && (
          <Text size="sm" c="dimmed">
            {en.storage.bucketCreated(created)}
          </Text>
        )}
      </div>
      {known?.kind === 'not-listed' && (
        <Note Icon={IconInfoCircle} tone="quiet">
          {en.storage.bucketsHidden}
        </Note>
      )}
      <ErrorNote error={list.error ?? create.error} />
    </Stack>
  );
}
