import { Button, Group, Input, PasswordInput, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import type { SignInForm, SignInState } from './use-sign-in.ts';

const KINDS: readonly SignInForm['kind'][] = ['keys', 'profile'];

/** How a bucket is signed in to: keys that are typed, or a profile of this computer. */
export function SignInFields({ signIn, autoFocus = false }: { readonly signIn: SignInState; readonly autoFocus?: boolean }) {
  const { form, change, profiles } = signIn;
  return (
    <Stack gap="sm">
      {profiles.length > 0 && (
        <Input.Wrapper label={say.storage.signInWith} labelElement="div">
          <SegmentedControl
            fullWidth
            aria-label={say.storage.signInWith}
            data={KINDS.map((value) => ({ value, label: say.storage.signInKinds[value] }))}
            value={form.kind}
            onChange={(value) => change({ kind: value === 'profile' ? 'profile' : 'keys' })}
          />
        </Input.Wrapper>
      )}
      {form.kind === 'profile' ? (
        <Select
          label={say.storage.profile}
          description={say.storage.profileHint}
          inputWrapperOrder={['label', 'input', 'description']}
          data={[...profiles]}
          value={form.profile}
          allowDeselect={false}
          onChange={(profile) => change({ profile })}
        />
      ) : form.held !== null ? (
        <Group gap="sm" className="held-keys" wrap="nowrap">
          <IconKey size={18} aria-hidden="true" style={{ flex: 'none' }} />
          <Text size="sm" style={{ flex: 1 }}>
            {say.storage.heldKeys(form.held.ending)}
          </Text>
          <Button variant="subtle" size="compact-sm" onClick={() => change({ held: null })}>
            {say.storage.otherKeys}
          </Button>
        </Group>
      ) : (
        <KeyFields form={form} change={change} autoFocus={autoFocus} />
      )}
      <ErrorNote error={signIn.error} />
    </Stack>
  );
}

function KeyFields({ form, change, autoFocus }: Pick<SignInState, 'form' | 'change'> & { readonly autoFocus: boolean }) {
  const plain = { autoComplete: 'off', spellCheck: false } as const;
  const secret = useRef<HTMLInputElement>(null);
  const isRefused = useRef(form.accessKeyId !== '' && form.secretAccessKey === '');
  // What was typed and refused is forgotten, and is the next thing to type.
  useEffect(() => {
    if (isRefused.current) secret.current?.focus();
  }, []);
  return (
    <>
      <TextInput
        {...plain}
        {...(autoFocus ? { 'data-autofocus': true } : {})}
        label={say.storage.accessKeyId}
        value={form.accessKeyId}
        maxLength={256}
        onChange={(event) => change({ accessKeyId: event.currentTarget.value })}
      />
      <PasswordInput
        {...plain}
        ref={secret}
        label={say.storage.secretAccessKey}
        description={say.storage.secretNote}
        inputWrapperOrder={['label', 'input', 'description']}
        value={form.secretAccessKey}
        maxLength={1024}
        visibilityToggleButtonProps={{ 'aria-label': say.storage.showSecret }}
        onChange={(event) => change({ secretAccessKey: event.currentTarget.value })}
      />
    </>
  );
}

/** For temporary keys alone, so it is folded away with what few need. */
export function SessionTokenField({ signIn: { form, change } }: { readonly signIn: SignInState }) {
  if (form.kind === 'profile' || form.held !== null) return null;
  return (
    <PasswordInput
      autoComplete="off"
      label={say.storage.sessionToken}
      description={say.storage.sessionTokenHint}
      inputWrapperOrder={['label', 'input', 'description']}
      value={form.sessionToken}
      maxLength={8192}
      visibilityToggleButtonProps={{ 'aria-label': say.storage.showSecret }}
      onChange={(event) => change({ sessionToken: event.currentTarget.value })}
    />
  );
}
