import { Button, Group, Input, Select, Text, TextInput } from '@mantine/core';
import { en } from '../../strings/en.ts';
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
        label={en.storage.addressing}
        data={ADDRESSINGS.map((value) => ({ value, label: en.storage.addressings[value] }))}
        value={form.addressing}
        allowDeselect={false}
        onChange={(next) => change({ addressing: ADDRESSINGS.find((known) => known === next) ?? 'auto' })}
      />
      <TextInput
        label={en.storage.proxy}
        description={en.storage.proxyHint}
        inputWrapperOrder={['label', 'input', 'description']}
        value={form.proxy}
        maxLength={512}
        spellCheck={false}
        onChange={(event) => change({ proxy: event.currentTarget.value })}
      />
      <Input.Wrapper label={en.storage.ca} description={en.storage.caHint} inputWrapperOrder={['label', 'input', 'description']} labelElement="div">
        <Group gap="sm" wrap="nowrap" mb={4}>
          <Text size="sm" style={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }} {...(form.ca === null ? { c: 'dimmed' } : {})}>
            {form.ca?.path ?? en.storage.caNone}
          </Text>
          {form.ca !== null && (
            <Button variant="subtle" size="compact-sm" onClick={() => change({ ca: null })}>
              {en.storage.caRemove}
            </Button>
          )}
          <Button variant="default" size="compact-sm" onClick={() => void onChoose()} aria-label={`${en.storage.ca}: ${en.action.choose}`}>
            {en.action.choose}
          </Button>
        </Group>
      </Input.Wrapper>
      <ErrorNote error={choose.error} />
    </>
  );
}
