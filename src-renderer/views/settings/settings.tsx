import { Button, Group, Paper, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { IconSettings } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { NOTIFY_LEVELS, type PairView, THEMES } from '../../../src-preload/contract/model.ts';
import { ask } from '../../bridge.ts';
import { useAppState } from '../../store.ts';
import { en } from '../../strings/en.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { useRequest } from '../../use-request.ts';
import { FolderSettings } from '../folders/folder-settings.tsx';
import { BandwidthSetting } from './bandwidth-setting.tsx';

export function Settings() {
  const { settings, pairs, version } = useAppState();
  const set = useRequest('app/set');
  return (
    <Page title={en.settings.title}>
      <ErrorNote error={set.error} />
      <Section title={en.settings.general}>
        <Card>
          <Setting title={en.settings.startAtLogin} hint={en.settings.startAtLoginHint}>
            {(label) => (
              <Switch size="md" aria-labelledby={label} checked={settings.startAtLogin} onChange={(event) => void set.send({ startAtLogin: event.currentTarget.checked })} />
            )}
          </Setting>
          <Setting title={en.settings.notifications} hint={en.settings.notifyHint}>
            {(label) => (
              <SegmentedControl
                aria-labelledby={label}
                data={NOTIFY_LEVELS.map((value) => ({ value, label: en.settings.notify[value] }))}
                value={settings.notify}
                onChange={(value) => void set.send({ notify: NOTIFY_LEVELS.find((known) => known === value) })}
              />
            )}
          </Setting>
        </Card>
      </Section>
      <Section title={en.settings.appearance}>
        <Card>
          <Setting title={en.settings.theme}>
            {(label) => (
              <SegmentedControl
                aria-labelledby={label}
                data={THEMES.map((value) => ({ value, label: en.settings.themes[value] }))}
                value={settings.theme}
                onChange={(value) => void set.send({ theme: THEMES.find((known) => known === value) })}
              />
            )}
          </Setting>
        </Card>
      </Section>
      <Section title={en.settings.bandwidth}>
        <Card>
          <BandwidthSetting limits={settings.bandwidth} onLimits={(bandwidth) => void set.send({ bandwidth })} />
        </Card>
      </Section>
      <Section title={en.settings.folders}>
        <Card>
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
          <Setting title={en.settings.version(version)} hint={en.settings.license}>
            {() => (
              <Button variant="default" onClick={() => void ask('app/quit', null)} title={en.settings.quitHint}>
                {en.action.quit}
              </Button>
            )}
          </Setting>
        </Card>
      </Section>
    </Page>
  );
}

function Card({ children }: { readonly children: ReactNode }) {
  return (
    <Paper className="card" p="lg">
      <Stack gap="lg">{children}</Stack>
    </Paper>
  );
}

/** A setting's words on the left, which also name the control on the right. */
function Setting({ title, hint, children }: { readonly title: string; readonly hint?: string; readonly children: (label: string) => ReactNode }) {
  const label = useId();
  return (
    <Group justify="space-between" gap="lg" wrap="nowrap">
      <div>
        <Text size="sm" fw={550} id={label}>
          {title}
        </Text>
        {hint !== undefined && (
          <Text size="sm" c="dimmed">
            {hint}
          </Text>
        )}
      </div>
      {children(label)}
    </Group>
  );
}

function PairSetting({ pair }: { readonly pair: PairView }) {
  const [opened, setOpened] = useState(false);
  const { conflictPolicy, ignorePatterns } = pair.settings;
  return (
    <Setting
      title={pair.name}
      hint={`${en.settings.policy}: ${en.settings.policies[conflictPolicy].title.toLowerCase()}${ignorePatterns.length > 0 ? ` · ${en.settings.ignore}: ${ignorePatterns.join(', ')}` : ''}`}
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
