import { Button, Group, Modal, Radio, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Choice, ConflictView, PairView } from '../../../src-preload/contract/model.ts';
import { tuningOf } from '../../../src-preload/contract/tuning.ts';
import { useAppState, useNavigation } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { DialogBody } from '../../ui/dialog-body.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Note } from '../../ui/note.tsx';
import { PathText } from '../../ui/path-text.tsx';
import { useRequest } from '../../use-request.ts';
import { keepsNothing } from '../tuning/tuning-words.ts';
import { CHOICES, ChoiceCards } from './choice-cards.tsx';
import { DecideButtons } from './decide-buttons.tsx';
import { loserOf, nameOf } from './giving-way.ts';

const LISTED = 100;

export interface AllDialogProps {
  readonly all: readonly { readonly pair: PairView; readonly conflict: ConflictView }[];
  readonly total: number;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** One choice for every conflict in the list; what is replaced is named, file by file. */
export function AllDialog({ all, total, opened, onClose }: AllDialogProps) {
  const [decided, setDecided] = useState<AllDecision | null>(null);
  const close = (): void => {
    setDecided(null);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={decided === null ? say.conflictTools.allTitle(total) : say.conflict.title} size={720}>
      {!opened ? null : decided === null ? <Body all={all} total={total} onDecided={setDecided} onClose={close} /> : <AllDecided decided={decided} onClose={close} />}
    </Modal>
  );
}

interface AllDecision {
  /** The first folder it was decided for. */
  readonly pair: string;
  readonly choice: Exclude<Choice, 'both'>;
  /** What was replaced is not kept everywhere. */
  readonly forGood: boolean;
}

function AllDecided({ decided: { pair, choice, forGood }, onClose }: { readonly decided: AllDecision; readonly onClose: () => void }) {
  const { go } = useNavigation();
  return (
    <DialogBody
      buttons={
        <Group justify="flex-end" gap="sm" className="dialog-buttons">
          <Button variant="default" onClick={() => go('history', { pair, path: null, tab: 'runs' })}>
            {say.conflictTools.decided.showRuns}
          </Button>
          <Button onClick={onClose} data-autofocus>
            {say.action.close}
          </Button>
        </Group>
      }
    >
      <div role="status">
        <Note Icon={IconCircleCheck} tone="good">
          {[say.conflictTools.decided.all[choice], forGood ? say.conflictTools.allForGood : '', say.conflictTools.decided.allAgain].filter((text) => text !== '').join(' ')}
        </Note>
      </div>
    </DialogBody>
  );
}

function Body({ all, total, onDecided, onClose }: Omit<AllDialogProps, 'opened'> & { readonly onDecided: (decided: AllDecision) => void }) {
  const [choice, setChoice] = useState<Choice>('both');
  const resolve = useRequest('conflict/resolve-all');
  const loser = loserOf(choice);
  const { settings } = useAppState();
  const forGood = choice === 'local' && all.some(({ pair }) => keepsNothing(tuningOf(settings.tuning, pair.settings.tuning)));
  const onApply = async (): Promise<void> => {
    if ((await resolve.send({ pair: null, choice, shown: total })) === undefined) return;
    const pair = all[0]?.pair.id;
    if (choice === 'both' || pair === undefined) onClose();
    else onDecided({ pair, choice, forGood });
  };
  return (
    <DialogBody buttons={<DecideButtons label={say.conflictTools.allButton[choice](total)} busy={resolve.busy} onDecide={() => void onApply()} onLater={onClose} />}>
      <Text size="sm" c="dimmed">
        {say.conflictTools.allText}
      </Text>
      <Radio.Group value={choice} onChange={(value) => setChoice(CHOICES.find((known) => known === value) ?? 'both')} label={say.conflict.choices}>
        <ChoiceCards />
      </Radio.Group>
      <div aria-live="polite">
        {forGood && (
          <Note Icon={IconAlertTriangle} tone="warn">
            {say.conflictTools.allForGood}
          </Note>
        )}
        <Text size="sm" fw={550} mb={4}>
          {say.conflictTools.allLose[choice]}
        </Text>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the list scrolls */}
        <ul className="plain-list report" tabIndex={0} aria-label={say.conflictTools.allLose[choice]}>
          {all.slice(0, LISTED).map(({ pair, conflict }) => (
            <li key={`${pair.id} ${conflict.path}`}>
              <PathText path={conflict.path} />
              {loser !== null && (
                <Text size="xs" c="dimmed" className="numbers">
                  {nameOf(loser, conflict[loser])}
                </Text>
              )}
            </li>
          ))}
          {total > Math.min(all.length, LISTED) && (
            <li>
              <Text size="xs" c="dimmed">
                {say.conflictTools.more(total - Math.min(all.length, LISTED))}
              </Text>
            </li>
          )}
        </ul>
      </div>
      <ErrorNote error={resolve.error} />
    </DialogBody>
  );
}
