import { Button, Text } from '@mantine/core';
import { IconSettings } from '@tabler/icons-react';
import { useState } from 'react';
import type { SettingsPatch } from '../../../src-preload/contract/channels.ts';
import { CONTRASTS, LANGUAGE_CHOICES, MOTIONS } from '../../../src-preload/contract/desktop.ts';
import { type PairView, type SettingsView, THEMES } from '../../../src-preload/contract/model.ts';
import { useAppState } from '../../store.ts';
import { en } from '../../strings/en.ts';
import { lowerFirst } from '../../strings/format.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { useRequest } from '../../use-request.ts';
import { FolderSettings } from '../folders/folder-settings.tsx';
import { ownGroups } from '../tuning/tuning-words.ts';
import { BandwidthSetting } from './bandwidth-setting.tsx';
import { ChoiceSetting, SwitchSetting } from './choice-setting.tsx';
import { DeviceNameSetting, LogSetting } from './device-settings.tsx';
import { DiagnosticsSetting } from './diagnostics-setting.tsx';
import { NotificationSettings } from './notification-settings.tsx';
import { PowerSettings } from './power-settings.tsx';
import { RulesSettings, ScheduleSettings } from './rules-settings.tsx';
import { Card, Setting } from './setting.tsx';
import { TimetableSetting } from './timetable-setting.tsx';
import { TuningSettings } from './tuning-settings.tsx';

export type ChangeSettings = (patch: SettingsPatch) => void;

export function Settings() {
  const { settings, pairs, version } = useAppState();
  const set = useRequest('app/set');
  const onChange: ChangeSettings = (patch) => void set.send(patch);
  return (
    <Page title={en.settings.title} intro={en.settings.intro}>
      <ErrorNote error={set.error} />
      <Section title={en.settings.general}>
        <Card>
          <SwitchSetting
            title={en.settings.startAtLogin}
            hint={en.settings.startAtLoginHint}
            checked={settings.startAtLogin}
            onChange={(startAtLogin) => onChange({ startAtLogin })}
          />
          <DeviceNameSetting onChange={onChange} />
        </Card>
      </Section>
      <Section title={en.settings.notifications}>
        <Card>
          <NotificationSettings settings={settings} onChange={onChange} />
        </Card>
      </Section>
      <Section title={en.settings.appearance}>
        <Card>
          <AppearanceSettings settings={settings} onChange={onChange} />
        </Card>
      </Section>
      <Section title={en.schedule.section}>
        <Card>
          <ScheduleSettings settings={settings} />
        </Card>
      </Section>
      <Section title={en.system.power}>
        <Card>
          <PowerSettings onChange={onChange} />
        </Card>
      </Section>
      <Section title={en.settings.bandwidth}>
        <Card>
          <BandwidthSetting limits={settings.bandwidth} onLimits={(bandwidth) => onChange({ bandwidth })} />
          <TimetableSetting settings={settings} onRows={(bandwidthTimetable) => onChange({ bandwidthTimetable })} />
        </Card>
      </Section>
      <Section title={en.tuning.section}>
        <Card>
          <Text size="sm" c="dimmed">
            {en.tuning.sectionHint}
          </Text>
          <TuningSettings />
        </Card>
      </Section>
      <Section title={en.settings.folders}>
        <Card>
          <RulesSettings settings={settings} onChange={onChange} />
          {pairs.length === 0 && (
            <Text c="dimmed" size="sm">
              {en.settings.noFolders}
            </Text>
          )}
          {pairs.map((pair) => (
            <PairSetting key={pair.id} pair={pair} />
          ))}
        </Card>
      </Section>
      <Section title={en.settings.about}>
        <Card>
          <QuitSetting version={version} />
          <LogSetting onChange={onChange} />
          <DiagnosticsSetting />
        </Card>
      </Section>
    </Page>
  );
}

function AppearanceSettings({ settings, onChange }: { readonly settings: SettingsView; readonly onChange: ChangeSettings }) {
  const { language } = useAppState();
  return (
    <>
      <ChoiceSetting
        title={en.appearance.language}
        {...(language === 'en' ? {} : { hint: en.appearance.languageHint })}
        choices={LANGUAGE_CHOICES}
        words={en.appearance.languages}
        value={settings.language}
        onChange={(choice) => onChange({ language: choice })}
      />
      <ChoiceSetting title={en.settings.theme} choices={THEMES} words={en.settings.themes} value={settings.theme} onChange={(theme) => onChange({ theme })} />
      <ChoiceSetting title={en.appearance.contrast} choices={CONTRASTS} words={en.appearance.contrasts} value={settings.contrast} onChange={(contrast) => onChange({ contrast })} />
      <ChoiceSetting title={en.appearance.motion} choices={MOTIONS} words={en.appearance.motions} value={settings.motion} onChange={(motion) => onChange({ motion })} />
    </>
  );
}

/** What runs unseen is not ended unasked. */
function QuitSetting({ version }: { readonly version: string }) {
  const [asking, setAsking] = useState(false);
  const quit = useRequest('app/quit');
  return (
    <Setting title={en.settings.version(version)} hint={en.settings.license}>
      {() => (
        <>
          <Button variant="default" onClick={() => setAsking(true)}>
            {en.action.quit}…
          </Button>
          <ConfirmDialog
            opened={asking}
            title={en.settings.quitTitle}
            yes={en.action.quit}
            no={en.action.cancel}
            busy={false}
            error={quit.error}
            onYes={() => void quit.send(null)}
            onClose={() => setAsking(false)}
          >
            <Text size="sm">{en.settings.quitText}</Text>
          </ConfirmDialog>
        </>
      )}
    </Setting>
  );
}

function PairSetting({ pair }: { readonly pair: PairView }) {
  const [opened, setOpened] = useState(false);
  const { conflictPolicy, conflictOverrides, ignorePatterns, tuning } = pair.settings;
  const own = ownGroups(tuning).map((group) => en.tuning.groups[group]);
  return (
    <Setting
      title={pair.name}
      hint={[
        `${en.settings.policy}: ${lowerFirst(en.settings.policies[conflictPolicy].title)}${conflictOverrides.length === 0 ? '' : `, ${en.settings.exceptions(conflictOverrides.length)}`}`,
        ...(ignorePatterns.length > 0 ? [`${en.settings.ignore}: ${ignorePatterns.join(', ')}`] : []),
        ...(own.length > 0 ? [en.tuning.ownOf(own.join(', '))] : []),
      ].join(' · ')}
    >
      {() => (
        <>
          <Button
            variant="default"
            leftSection={<IconSettings size={15} />}
            onClick={() => setOpened(true)}
            style={{ flex: 'none' }}
            aria-label={`${en.folder.settings}: ${pair.name}`}
          >
            {en.action.change}
          </Button>
          <FolderSettings pair={pair} opened={opened} onClose={() => setOpened(false)} />
        </>
      )}
    </Setting>
  );
}
