import { Select, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { presetOf, S3_PRESET_IDS } from '../../../src-preload/contract/providers.ts';
import { say } from '../../strings/say.ts';
import { providerName, regionWords } from '../../strings/storage-words.ts';
import { Note } from '../../ui/note.tsx';
import { addressOf, asks, emptyAccess, isPlainHttp } from './access-form.ts';
import type { AccessFieldsProps } from './advanced-fields.tsx';

const BELOW = ['label', 'input', 'description'] as const;

/** The provider, and what its address is made of. */
export function AccessFields({ form, change }: AccessFieldsProps) {
  const preset = presetOf(form.provider);
  const asked = asks(preset);
  const text = { spellCheck: false, maxLength: 512, inputWrapperOrder: [...BELOW] };
  return (
    <>
      <Select
        label={say.storage.provider}
        data={S3_PRESET_IDS.map((value) => ({ value, label: providerName(value) }))}
        value={form.provider}
        allowDeselect={false}
        maxDropdownHeight={320}
        onChange={(next) => {
          const id = S3_PRESET_IDS.find((known) => known === next);
          if (id !== undefined) change({ ...emptyAccess(id), endpoint: form.endpoint });
        }}
      />
      {asked.account && (
        <TextInput
          {...text}
          label={say.storage.account}
          description={say.storage.accountHint(preset.accountHint ?? '')}
          value={form.account}
          onChange={(event) => change({ account: event.currentTarget.value })}
        />
      )}
      {asked.endpoint && (
        <TextInput
          {...text}
          label={say.storage.endpoint}
          description={endpointWords(form.endpoint)}
          error={isWrong(form.endpoint) ? say.storage.endpointFault : undefined}
          value={form.endpoint}
          onChange={(event) => change({ endpoint: event.currentTarget.value })}
        />
      )}
      {isPlainHttp(form) && (
        <Note Icon={IconAlertTriangle} tone="warn">
          {say.storage.plainHttp}
        </Note>
      )}
      {asked.region && (
        <TextInput {...text} label={say.storage.region} description={regionWords(preset)} value={form.region} onChange={(event) => change({ region: event.currentTarget.value })} />
      )}
    </>
  );
}

/** What is taken where that is not what was typed. */
function endpointWords(typed: string): string {
  const address = addressOf(typed);
  if (address === null || typed.includes('://')) return say.storage.endpointHint;
  const { endpointTaken, endpointPlain } = say.storage;
  return address.startsWith('https:') ? `${endpointTaken(address)} ${endpointPlain}` : endpointTaken(address);
}

/** Not while the scheme is being typed. */
function isWrong(typed: string): boolean {
  return addressOf(typed) === null && !/^(?:h|ht|htt|https?(?::\/?\/?)?)?$/i.test(typed.trim());
}
