import { Button, Text } from '@mantine/core';
import { IconSettings } from '@tabler/icons-react';
import { useState } from 'react';
import type { SettingsPatch } from '../../../src-preload/contract/channels.ts';
import { CONTRASTS, LANGUAGE_CHOICES, MOTIONS } from '../../../src-preload/contract/desktop.ts';
import { type PairView, type SettingsView, THEMES } from '../../../src-preload/contract/model.ts';
import { useAppState } from '../../store.ts';
import { lowerFirst } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { useRequest } from '../../use-request.ts';
import { FolderSettings } from '../folders/folder-settings.tsx';
import { NoticeCard } from '../overview/app-cards.tsx';
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
  const { settings, pairs, version, notices } = useAppState();
  const set = useRequest('app/set');
  const onChange: ChangeSettings = (patch) => void set.send(patch);
  return (
    <Page title={say.settings.title} intro={say.settings.intro}>
      <ErrorNote error={set.error} />
      {notices
        .filter(({ kind }) => kind === 'settings-unwritten')
        .map((notice) => (
          <NoticeCard key={notice.id} notice={notice} />
        ))}
      <Section title={say.settings.general}>
        <Card>
          <SwitchSetting
            title={say.settings.startAtLogin}
            hint={say.settings.startAtLoginHint}
            checked={settings.startAtLogin}
            onChange={(startAtLogin) => onChange({ startAtLogin })}
          />
          <DeviceNameSetting onChange={onChange} />
        </Card>
      </Section>
      <Section title={say.settings.notifications}>
        <Card>
          <NotificationSettings settings={settings} onChange={onChange} />
        </Card>
      </Section>
      <Section title={say.settings.appearance}>
        <Card>
          <AppearanceSettings settings={settings} onChange={onChange} />
        </Card>
      </Section>
      <Section title={say.schedule.section}>
        <Card>
          <ScheduleSettings settings={settings} />
        </Card>
      </Section>
      <Section title={say.system.power}>
        <Card>
          <PowerSettings onChange={onChange} />
        </Card>
      </Section>
      <Section title={say.settings.bandwidth}>
        <Card>
          <BandwidthSetting limits={settings.bandwidth} onLimits={(bandwidth) => onChange({ bandwidth })} />
          <TimetableSetting settings={settings} onRows={(bandwidthTimetable) => onChange({ bandwidthTimetable })} />
        </Card>
      </Section>
      <Section title={say.tuning.section}>
        <Card>
          <Text size="sm" c="dimmed">
            {say.tuning.sectionHint}
          </Text>
          <TuningSettings />
        </Card>
      </Section>
      <Section title={say.settings.folders}>
        <Card>
          <RulesSettings settings={settings} onChange={onChange} />
          {pairs.length === 0 && (
            <Text c="dimmed" size="sm">
              {say.settings.noFolders}
            </Text>
          )}
          {pairs.map((pair) => (
            <PairSetting key={pair.id} pair={pair} />
          ))}
        </Card>
      </Section>
      <Section title={say.settings.about}>
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
        title={say.appearance.language}
        {...(language === 'en' ? {} : { hint: say.appearance.languageHint })}
        choices={LANGUAGE_CHOICES}
        words={say.appearance.languages}
        value={settings.language}
        onChange={(choice) => onChange({ language: choice })}
      />
      <ChoiceSetting title={say.settings.theme} choices={THEMES} words={say.settings.themes} value={settings.theme} onChange={(theme) => onChange({ theme })} />
      <ChoiceSetting
        title={say.appearance.contrast}
        choices={CONTRASTS}
        words={say.appearance.contrasts}
        value={settings.contrast}
        onChange={(contrast) => onChange({ contrast })}
      />
      <ChoiceSetting title={say.appearance.motion} choices={MOTIONS} words={say.appearance.motions} value={settings.motion} onChange={(motion) => onChange({ motion })} />
    </>
  );
}

/** What runs unseen is not ended unasked. */
function QuitSetting({ version }: { readonly version: string }) {
  const [asking, setAsking] = useState(false);
  const quit = useRequest('app/quit');
  return (
    <Setting title={say.settings.version(version)} hint={say.settings.license}>
      {() => (
        <>
          <Button variant="default" onClick={() => setAsking(true)}>
            {say.action.quit}…
          </Button>
          <ConfirmDialog
            opened={asking}
            title={say.settings.quitTitle}
            yes={say.action.quit}
            no={say.action.cancel}
            busy={false}
            error={quit.error}
            onYes={() => void quit.send(null)}
            onClose={() => setAsking(false)}
          >
            <Text size="sm">{say.settings.quitText}</Text>
          </ConfirmDialog>
        </>
      )}
    </Setting>
  );
}

function PairSetting({ pair }: { readonly pair: PairView }) {
  const [opened, setOpened] = useState(false);
  const { conflictPolicy, conflictOverrides, ignorePatterns, tuning } = pair.settings;
  const own = ownGroups(tuning).map((group) => say.tuning.groups[group]);
  return (
    <Setting
      title={pair.name}
      hint={[
        `${say.settings.policy}: ${lowerFirst(say.settings.policies[conflictPolicy].title)}${conflictOverrides.length === 0 ? '' : `, ${say.settings.exceptions(conflictOverrides.length)}`}`,
        ...(ignorePatterns.length > 0 ? [`${say.settings.ignore}: ${ignorePatterns.join(', ')}`] : []),
        ...(own.length > 0 ? [say.tuning.ownOf(own.join(', '))] : []),
      ].join(' · ')}
    >
      {() => (
        <>
          <Button
            variant="default"
            leftSection={<IconSettings size={15} />}
            onClick={() => setOpened(true)}
            style={{ flex: 'none' }}
            aria-label={`${say.folder.settings}: ${pair.name}`}
          >
            {say.action.change}
          </Button>
          <FolderSettings pair={pair} opened={opened} onClose={() => setOpened(false)} />
        </>
      )}
    </Setting>
  );
}
