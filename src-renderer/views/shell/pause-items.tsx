import { Menu } from '@mantine/core';
import { PAUSE_LENGTHS, type PauseLength } from '../../../src-preload/contract/channels.ts';
import { say } from '../../strings/say.ts';

/** How long a pause is to be, as items of a menu. */
export function PauseItems({ onChoose }: { readonly onChoose: (length: PauseLength) => void }) {
  return PAUSE_LENGTHS.map((length) => (
    <Menu.Item key={length} onClick={() => onChoose(length)}>
      {say.pauseLength[length]}
    </Menu.Item>
  ));
}
