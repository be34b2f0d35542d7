import { Button } from '@mantine/core';
import { useState } from 'react';
import { TUNING_GROUPS, type TuningGroup } from '../../../src-preload/contract/tuning.ts';
import { useAppState } from '../../store.ts';
import { upperFirst } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { TuningDialog } from '../tuning/tuning-dialog.tsx';
import { groupWords, ownGroups } from '../tuning/tuning-words.ts';
import { Setting } from './setting.tsx';

/** How every folder is synced that says nothing else, a group a line, with the folders that do. */
export function TuningSettings() {
  const { settings, pairs } = useAppState();
  const [open, setOpen] = useState<TuningGroup | null>(null);
  const groups = Object.keys(TUNING_GROUPS) as TuningGroup[];
  return (
    <>
      {groups.map((group) => {
        const others = pairs.filter((pair) => ownGroups(pair.settings.tuning).includes(group)).map(({ name }) => name);
        const words = `${upperFirst(groupWords(group, settings.tuning))}.`;
        return (
          <Setting key={group} title={say.tuning.groups[group]} hint={others.length === 0 ? words : `${words} ${say.tuning.otherIn(others.join(', '))}.`}>
            {() => (
              <Button variant="default" onClick={() => setOpen(group)} style={{ flex: 'none' }} aria-label={`${say.action.change} ${say.tuning.groups[group]}`}>
                {say.action.change}
              </Button>
            )}
          </Setting>
        );
      })}
      {groups.map((group) => (
        <TuningDialog key={group} group={group} opened={open === group} onClose={() => setOpen(null)} />
      ))}
    </>
  );
}
