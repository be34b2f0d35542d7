import { IconAlertTriangle, IconCheck, IconCloudOff, IconFolderPlus, IconPlayerPause, IconRefresh, IconX } from '@tabler/icons-react';
import type { PairState } from '../../src-preload/contract/model.ts';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';

const MARKS = {
  'not-set-up': { tone: 'busy', Icon: IconFolderPlus },
  ok: { tone: 'good', Icon: IconCheck },
  syncing: { tone: 'busy', Icon: IconRefresh },
  paused: { tone: 'quiet', Icon: IconPlayerPause },
  offline: { tone: 'quiet', Icon: IconCloudOff },
  attention: { tone: 'warn', Icon: IconAlertTriangle },
  error: { tone: 'bad', Icon: IconX },
} as const satisfies Record<PairState, { readonly tone: Tone; readonly Icon: typeof IconCheck }>;

export function toneOf(state: PairState): Tone {
  return MARKS[state].tone;
}

/** A state by shape and colour; the words for it stand beside it, so it is hidden from screen readers. */
export function StateMark({ state, size }: { readonly state: PairState; readonly size: number }) {
  const { tone, Icon } = MARKS[state];
  return (
    <span className={`state-mark tone-${tone}`} style={{ width: size, height: size }} aria-hidden="true">
      <Icon size={size * 0.56} stroke={2.2} className={state === 'syncing' ? 'turning' : undefined} />
    </span>
  );
}
