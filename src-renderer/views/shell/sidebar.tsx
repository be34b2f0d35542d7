import { Badge, Group, NavLink, Text } from '@mantine/core';
import { IconActivity, IconFolders, IconGitCompare, IconHistory, IconHome, IconSettings } from '@tabler/icons-react';
import icon from '../../../assets/icon.png';
import type { View } from '../../../src-preload/contract/channels.ts';
import { useAppState, useNavigation } from '../../store.ts';
import { say } from '../../strings/say.ts';
import type { AnyRequest } from '../../use-request.ts';
import { PauseButton } from './pause-button.tsx';

const ICONS: { readonly [V in View]: typeof IconHome } = {
  overview: IconHome,
  folders: IconFolders,
  conflicts: IconGitCompare,
  history: IconHistory,
  activity: IconActivity,
  settings: IconSettings,
};

export function Sidebar({ pausing }: { readonly pausing: AnyRequest }) {
  const { pairs } = useAppState();
  const { view, go } = useNavigation();
  const conflicts = pairs.reduce((sum, pair) => sum + pair.conflicts.total, 0);
  return (
    <aside className="sidebar" aria-label={say.app}>
      <Group gap={10} px={6} mb={18} wrap="nowrap">
        <img src={icon} width={30} height={30} alt="" />
        <Text fw={650} fz={16} className="wide">
          {say.app}
        </Text>
      </Group>
      <nav aria-label={say.nav.label}>
        {(Object.keys(ICONS) as View[]).map((name) => {
          const Icon = ICONS[name];
          const waiting = name === 'conflicts' ? conflicts : 0;
          return (
            <NavLink
              key={name}
              component="button"
              label={<span className="wide">{say.nav[name]}</span>}
              aria-label={waiting > 0 ? `${say.nav[name]}, ${say.nav.waiting(waiting)}` : say.nav[name]}
              aria-current={view === name ? 'page' : undefined}
              leftSection={<Icon size={19} stroke={1.8} />}
              rightSection={
                waiting > 0 && (
                  <Badge size="sm" circle={waiting < 10} color="orange.9" className="wide">
                    {waiting}
                  </Badge>
                )
              }
              active={view === name}
              variant="light"
              onClick={() => go(name)}
              className={view === name ? 'nav-item nav-here' : 'nav-item'}
            />
          );
        })}
      </nav>
      <div style={{ flex: 1 }} />
      {pairs.length > 0 && <PauseButton request={pausing} />}
    </aside>
  );
}
