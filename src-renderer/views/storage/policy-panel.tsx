import { Button, Group, Text, Textarea } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { iamPolicy, takesBack } from '../../../src-preload/contract/providers.ts';
import type { S3Place } from '../../../src-preload/contract/storage.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Fold } from '../../ui/fold.tsx';
import { useRequest } from '../../use-request.ts';

/** The least that keys for this place must be allowed, for the provider's console. */
export function PolicyPanel({ place }: { readonly place: S3Place }) {
  const policy = JSON.stringify(iamPolicy(place, { lifecycle: true }), null, 2);
  return (
    <Fold title={say.storage.policy}>
      {place.bucket === '' ? (
        <Text size="sm" c="dimmed">
          {say.storage.policyNoBucket}
        </Text>
      ) : (
        <PolicyText key={policy} policy={policy} hint={takesBack(place) ? say.storage.policyTakesBack : ''} />
      )}
    </Fold>
  );
}

function PolicyText({ policy, hint }: { readonly policy: string; readonly hint: string }) {
  const [copied, setCopied] = useState(false);
  const { send, error } = useRequest('app/copy');
  const onCopy = async (): Promise<void> => {
    setCopied(false);
    setCopied((await send({ text: policy })) !== undefined);
  };
  return (
    <>
      <Textarea
        label={say.storage.policyLabel}
        description={`${say.storage.policyHint} ${hint}`.trim()}
        inputWrapperOrder={['label', 'input', 'description']}
        value={policy}
        readOnly
        rows={11}
        spellCheck={false}
        classNames={{ input: 'code' }}
      />
      <Group gap="sm">
        <Button variant="default" size="xs" leftSection={<IconCopy size={15} />} onClick={() => void onCopy()}>
          {say.storage.policyCopy}
        </Button>
        <Text size="sm" c="dimmed" role="status">
          {copied ? say.storage.policyCopied : ''}
        </Text>
      </Group>
      <ErrorNote error={error} />
    </>
  );
}
