import { Select } from '@mantine/core';
import type { ConflictPolicy } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';

const POLICIES: readonly ConflictPolicy[] = ['keep_both', 'manual', 'keep_local', 'keep_remote'];

export function PolicySelect({ value, onChange }: { readonly value: ConflictPolicy; readonly onChange: (policy: ConflictPolicy) => void }) {
  return (
    <Select
      label={say.settings.policy}
      description={say.settings.policies[value].text}
      inputWrapperOrder={['label', 'input', 'description']}
      data={POLICIES.map((policy) => ({ value: policy, label: say.settings.policies[policy].title }))}
      value={value}
      allowDeselect={false}
      onChange={(next) => {
        const policy = POLICIES.find((known) => known === next);
        if (policy !== undefined) onChange(policy);
      }}
    />
  );
}
