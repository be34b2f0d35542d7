import { Checkbox, SimpleGrid, Stack, Text } from '@mantine/core';
import { NOTIFY_EVENTS, NOTIFY_LEVELS, ROUTINE_EVENTS } from '../../../src-preload/contract/desktop.ts';
import type { SettingsView } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';
import { ChoiceSetting } from './choice-setting.tsx';
import type { ChangeSettings } from './settings.tsx';

/** Three levels, and a switch for each event of the level that is on. */
export function NotificationSettings({ settings: { notify, notifyEvents }, onChange }: { readonly settings: SettingsView; readonly onChange: ChangeSettings }) {
  const events = NOTIFY_EVENTS.filter((event) => notify === 'all' || !ROUTINE_EVENTS.includes(event));
  return (
    <>
      <ChoiceSetting
        title={say.notifications.tell}
        {...(notify === 'all' ? {} : { hint: say.settings.notifyHint })}
        choices={NOTIFY_LEVELS}
        words={say.notifications.levels}
        value={notify}
        onChange={(value) => onChange({ notify: value })}
      />
      {notify !== 'off' && (
        <Stack gap={8} className="within" role="group" aria-label={say.notifications.which}>
          <Text size="sm" fw={500}>
            {say.notifications.which}
          </Text>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing={8}>
            {events.map((event) => (
              <Checkbox
                key={event}
                label={say.notifications.events[event]}
                checked={notifyEvents[event]}
                onChange={({ currentTarget: { checked } }) => onChange({ notifyEvents: { ...notifyEvents, [event]: checked } })}
              />
            ))}
          </SimpleGrid>
        </Stack>
      )}
    </>
  );
}
