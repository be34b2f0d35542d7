import { Button, Group, Input, Select, Text, TextInput } from '@mantine/core';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useRequest } from '../../use-request.ts';
import { type AccessForm, ADDRESSINGS } from './access-form.ts';

export interface AccessFieldsProps {
  readonly form: AccessForm;
  readonly change: (patch: Partial<AccessForm>) => void;
}

export function AdvancedFields({ form, change }: AccessFieldsProps) {
  const choose = useRequest('file/choose-ca');
  const onChoose = async (): Promise<void> => {
    const answer = await choose.send(null);
    if (answer?.value != null) change({ ca: answer.value });
  };
  return (
    <>
      <Select
        label={say.storage.addressing}
        data={ADDRESSINGS.map((value) => ({ value, label: say.storage.addressings[value] }))}
        value={form.addressing}
        allowDeselect={false}
        onChange={(next) => change({ addressing: ADDRESSINGS.find((known) => known === next) ?? 'auto' })}
      />
      <TextInput
        label={say.storage.proxy}
        description={say.storage.proxyHint}
        inputWrapperOrder={['label', 'input', 'description']}
        value={form.proxy}
        maxLength={512}
        spellCheck={false}
        onChange={(event) => change({ proxy: event.currentTarget.value })}
      />
      <Input.Wrapper label={say.storage.ca} description={say.storage.caHint} inputWrapperOrder={['label', 'input', 'description']} labelElement="div">
        <Group gap="sm" wrap="nowrap" mb={4}>
          <Text size="sm" style={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }} {...(form.ca === null ? { c: 'dimmed' } : {})}>
            {form.ca?.path ?? say.storage.caNone}
          </Text>
          {form.ca !== null && (
            <Button variant="subtle" size="compact-sm" onClick={() => change({ ca: null })}>
              {say.storage.caRemove}
            </Button>
          )}
          <Button variant="default" size="compact-sm" onClick={() => void onChoose()} aria-label={`${say.storage.ca}: ${say.action.choose}`}>
            {say.action.choose}
          </Button>
        </Group>
      </Input.Wrapper>
      <ErrorNote error={choose.error} />
    </>
  );
}
