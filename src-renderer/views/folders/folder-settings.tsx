import { Button, Group, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { type RefObject, useState } from 'react';
import type { PairView } from '../../../src-preload/contract/model.ts';
import type { S3View } from '../../../src-preload/contract/storage.ts';
import { useAppState, useNow } from '../../store.ts';
import { protectionWords } from '../../strings/protection-words.ts';
import { say } from '../../strings/say.ts';
import { signInWords } from '../../strings/storage-words.ts';
import { DialogBody } from '../../ui/dialog-body.tsx';
import { EditDialog, useChanged } from '../../ui/edit-dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { SaveButtons } from '../../ui/save-buttons.tsx';
import { useRequest } from '../../use-request.ts';
import { UnlockDialog } from '../protection/unlock-dialog.tsx';
import { ScheduleFields } from '../schedule/schedule-fields.tsx';
import { formOf, isFilledIn, scheduleOf } from '../schedule/schedule-form.ts';
import { bandwidthWords } from '../settings/bandwidth-words.ts';
import { SignInDialog } from '../storage/sign-in-dialog.tsx';
import { TuningFolds } from '../tuning/tuning-folds.tsx';
import { useFolderForm } from '../tuning/tuning-form.ts';
import { Losses } from '../tuning/warnings.tsx';
import { CommandFold } from './command-fold.tsx';
import { type FolderForm, folderPatch } from './folder-patch.ts';
import { IgnorePreview } from './ignore-preview.tsx';
import { OverrideList } from './override-list.tsx';
import { patternLines } from './pattern-lines.ts';
import { PolicySelect } from './policy-select.tsx';

export interface FolderSettingsProps {
  readonly pair: PairView;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Everything that is set for one folder. */
export function FolderSettings({ pair, opened, onClose }: FolderSettingsProps) {
  const [signingIn, setSigningIn] = useState(false);
  const [unlocking, setUnlocking] = useState(false);
  return (
    <>
      <EditDialog opened={opened} onClose={onClose} covered={signingIn || unlocking} title={`${say.folder.settings}: ${pair.name}`}>
        {(isChanged) => <SettingsForm pair={pair} isChanged={isChanged} onClose={onClose} onSignIn={() => setSigningIn(true)} onUnlock={() => setUnlocking(true)} />}
      </EditDialog>
      <SignInDialog pair={pair} opened={signingIn} onClose={() => setSigningIn(false)} />
      <UnlockDialog pair={pair} opened={unlocking} onClose={() => setUnlocking(false)} />
    </>
  );
}

interface SettingsFormProps extends Omit<FolderSettingsProps, 'opened'> {
  readonly isChanged: RefObject<boolean>;
  readonly onSignIn: () => void;
  readonly onUnlock: () => void;
}

function SettingsForm({ pair, isChanged, onClose, onSignIn, onUnlock }: SettingsFormProps) {
  const { settings } = pair;
  const [name, setName] = useState(pair.name);
  const [policy, setPolicy] = useState(settings.conflictPolicy);
  const [patterns, setPatterns] = useState(settings.ignorePatterns.join('\n'));
  const [junk, setJunk] = useState(settings.ignoreJunk);
  const [overrides, setOverrides] = useState(settings.conflictOverrides);
  const [form, setForm] = useState(() => formOf(settings.schedule));
  const now = useNow();
  const { settings: every } = useAppState();
  const tuning = useFolderForm(every.tuning, settings.tuning);
  const change = useRequest('pair/change');
  const ignorePatterns = patternLines(patterns);
  const filled: FolderForm = { name, conflictPolicy: policy, ignorePatterns, ignoreJunk: junk, conflictOverrides: overrides, schedule: scheduleOf(form), tuning: tuning.own };
  // What others set while it is open is not what was changed here.
  const [before] = useState(filled);
  const patch = folderPatch(filled, before);
  useChanged(isChanged, Object.keys(patch).length > 0 || !isFilledIn(form) || !tuning.isValid);
  const onSave = async (): Promise<void> => {
    if ((await change.send({ pair: pair.id, ...patch })) !== undefined) onClose();
  };
  return (
    <DialogBody
      gap="lg"
      buttons={
        <div className="dialog-buttons">
          <Losses form={tuning} />
          <SaveButtons busy={change.busy} disabled={!isFilledIn(form) || !tuning.isValid} onSave={() => void onSave()} onCancel={onClose} />
        </div>
      }
    >
      <TextInput label={say.folder.name} value={name} maxLength={80} onChange={(event) => setName(event.currentTarget.value)} />
      <PolicySelect value={policy} onChange={setPolicy} />
      <OverrideList overrides={overrides} onChange={setOverrides} />
      <Textarea
        label={say.settings.ignore}
        description={say.settings.ignoreHint}
        inputWrapperOrder={['label', 'input', 'description']}
        placeholder={say.settings.ignorePlaceholder}
        value={patterns}
        onChange={(event) => setPatterns(event.currentTarget.value)}
        autosize
        minRows={4}
        maxRows={10}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <Switch label={say.settings.ignoreJunk} description={say.settings.ignoreJunkHint} checked={junk} onChange={(event) => setJunk(event.currentTarget.checked)} />
      {every.ignorePatterns.length > 0 && (
        <Text size="sm" c="dimmed" mt={-8}>
          {say.rules.inherited(every.ignorePatterns.join(', '))}
        </Text>
      )}
      <IgnorePreview pair={pair.id} patterns={patterns} junk={junk} />
      <ScheduleFields form={form} onForm={setForm} inherited={every.schedule} />
      <TuningFolds pair={pair} form={tuning} />
      <div>
        <Text size="sm" fw={500}>
          {say.timetable.inherited}
        </Text>
        <Text size="sm" c="dimmed">
          {bandwidthWords(every, now)}
        </Text>
      </div>
      {pair.storage.kind === 's3' && <SignInSetting storage={pair.storage} onSignIn={onSignIn} />}
      <ProtectionSetting pair={pair} onUnlock={onUnlock} />
      <CommandFold pair={pair} />
      <ErrorNote error={change.error} />
    </DialogBody>
  );
}

function ProtectionSetting({ pair: { protection, wantsSecret }, onUnlock }: { readonly pair: PairView; readonly onUnlock: () => void }) {
  const { keep = null, vault = null, encrypted = false } = protection ?? {};
  const words = [`${protectionWords(protection)}.`, vault === null ? '' : say.protection.vault(vault), keep === null ? '' : say.protection.keeps[keep]];
  return (
    <Group justify="space-between" gap="lg" wrap="nowrap">
      <div>
        <Text size="sm" fw={500}>
          {say.protection.setting}
        </Text>
        <Text size="sm" c="dimmed">
          {words.filter((part) => part !== '').join(' ')}
        </Text>
      </div>
      {/* What the keychain has opens it already. */}
      {(wantsSecret || (encrypted && keep !== 'keychain')) && (
        <Button variant="default" onClick={onUnlock} style={{ flex: 'none' }}>
          {say.protection.enter}
        </Button>
      )}
    </Group>
  );
}

function SignInSetting({ storage, onSignIn }: { readonly storage: S3View; readonly onSignIn: () => void }) {
  return (
    <Group justify="space-between" gap="lg" wrap="nowrap">
      <div>
        <Text size="sm" fw={500}>
          {say.storage.signIn}
        </Text>
        <Text size="sm" c="dimmed">
          {signInWords(storage)}
        </Text>
      </div>
      <Button variant="default" onClick={onSignIn} style={{ flex: 'none' }}>
        {say.storage.changeSignIn}
      </Button>
    </Group>
  );
}
