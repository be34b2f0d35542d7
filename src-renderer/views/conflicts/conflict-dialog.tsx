import { Badge, Button, Checkbox, Group, Modal, Paper, Radio, SimpleGrid, Text } from '@mantine/core';
import { IconAlertTriangle, IconDeviceDesktop, IconServer } from '@tabler/icons-react';
import { useState } from 'react';
import type { Choice, ConflictPolicy, ConflictView, PairView, SideView } from '../../../src-preload/contract/model.ts';
import { useAppState } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { DialogBody } from '../../ui/dialog-body.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Note } from '../../ui/note.tsx';
import { useRequest } from '../../use-request.ts';
import { RestoreDialog, type RestoreTask } from '../history/restore-dialog.tsx';
import { keepsNothing } from '../tuning/tuning-words.ts';
import { useTuning } from '../tuning/use-tuning.ts';
import { CHOICES, ChoiceCards } from './choice-cards.tsx';
import { DecideButtons } from './decide-buttons.tsx';
import { Decided, type Decision } from './decided.tsx';
import { Differences } from './differences.tsx';
import { newerLoses, patternFor } from './giving-way.ts';
import { sideWords } from './side-words.ts';

export interface ConflictDialogProps {
  readonly open: { readonly pair: string; readonly path: string } | null;
  readonly onClose: () => void;
}

export function ConflictDialog({ open, onClose }: ConflictDialogProps) {
  const { pairs } = useAppState();
  const [decision, setDecision] = useState<Decision | null>(null);
  const [undoing, setUndoing] = useState<Decision | null>(null);
  const pair = pairs.find(({ id }) => id === open?.pair);
  const conflict = pair?.conflicts.items.find(({ path }) => path === open?.path);
  const decided = decision !== null && decision.pair === open?.pair && decision.conflict.path === open.path ? decision : null;
  const close = (): void => {
    setDecision(null);
    onClose();
  };
  const undo = (): void => {
    setUndoing(decided);
    close();
  };
  return (
    <>
      <Modal opened={open !== null} onClose={close} title={say.conflict.dialogTitle(open?.path.split('/').at(-1) ?? '')} size={820}>
        {decided !== null ? (
          <Decided decision={decided} waits={conflict !== undefined} onUndo={undo} onClose={close} />
        ) : pair !== undefined && conflict !== undefined ? (
          <Body key={conflict.path} pair={pair} conflict={conflict} onDecided={setDecision} onClose={close} />
        ) : (
          <Text>{say.conflict.moved}</Text>
        )}
      </Modal>
      <RestoreDialog pair={undoing?.pair ?? ''} task={undoing === null ? null : undoOf(undoing)} onClose={() => setUndoing(null)} />
    </>
  );
}

function undoOf({ conflict: { path } }: Decision): RestoreTask {
  return { what: { kind: 'conflict', path }, name: path.split('/').at(-1) ?? path };
}

interface BodyProps {
  readonly pair: PairView;
  readonly conflict: ConflictView;
  readonly onDecided: (decision: Decision) => void;
  readonly onClose: () => void;
}

function Body({ pair, conflict, onDecided, onClose }: BodyProps) {
  const [choice, setChoice] = useState<Choice>('both');
  const [always, setAlways] = useState(false);
  const resolve = useRequest('conflict/resolve');
  const change = useRequest('pair/change');
  const { local, remote, path } = conflict;
  const forGood = keepsNothing(useTuning(pair));
  const folder = path.includes('/') ? `${pair.name}/${path.slice(0, path.lastIndexOf('/'))}` : pair.name;
  const pattern = patternFor(path);
  const onApply = async (): Promise<void> => {
    if ((await resolve.send({ pair: pair.id, path, choice })) === undefined) return;
    const others = pair.settings.conflictOverrides.filter((override) => override.pattern !== pattern);
    // The latest word goes first.
    if (always && (await change.send({ pair: pair.id, conflictOverrides: [{ pattern, policy: POLICY[choice] }, ...others] })) === undefined) return;
    onDecided({ pair: pair.id, conflict, choice, forGood });
  };
  return (
    <DialogBody buttons={<DecideButtons label={say.conflict.choice[choice].title} busy={resolve.busy || change.busy} onDecide={() => void onApply()} onLater={onClose} />}>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {say.conflict.inFolder(folder)}
      </Text>
      <SimpleGrid cols={2} spacing="sm">
        <Side title={say.conflict.here} who={say.conflict.changedHere} Icon={IconDeviceDesktop} side={local} other={remote} />
        <Side
          title={say.conflict.there}
          who={remote.device === null ? say.conflict.deviceUnknown : say.conflict.writtenBy(remote.device)}
          Icon={IconServer}
          side={remote}
          other={local}
        />
      </SimpleGrid>
      <Radio.Group value={choice} onChange={(value) => setChoice(CHOICES.find((known) => known === value) ?? 'both')} label={say.conflict.choices}>
        <ChoiceCards conflict={conflict} forGood={forGood} />
      </Radio.Group>
      {newerLoses(choice, conflict) && (
        <Note Icon={IconAlertTriangle} tone="warn">
          {say.conflictTools.newerLoses}
        </Note>
      )}
      <Differences pair={pair.id} conflict={conflict} tools={<OpenButtons pair={pair.id} conflict={conflict} />} />
      <Checkbox
        label={say.conflictTools.always(pattern)}
        description={say.conflictTools.alwaysHint}
        checked={always}
        onChange={(event) => setAlways(event.currentTarget.checked)}
      />
      <ErrorNote error={resolve.error ?? change.error} />
    </DialogBody>
  );
}

const POLICY: { readonly [C in Choice]: ConflictPolicy } = { both: 'keep_both', local: 'keep_local', remote: 'keep_remote' };

/** Looks at the versions in the programs of this computer. */
function OpenButtons({ pair, conflict: { path, local, remote } }: { readonly pair: string; readonly conflict: ConflictView }) {
  const open = useRequest('conflict/open');
  if (local.kind !== 'file' || remote.kind !== 'file') return null;
  const button = (which: 'local' | 'remote' | 'both', text: string) => (
    <Button variant={which === 'both' ? 'default' : 'subtle'} size="xs" disabled={open.busy} onClick={() => void open.send({ pair, path, which })}>
      {text}
    </Button>
  );
  return (
    <>
      <Group gap="xs" mt={8}>
        {button('both', say.conflictTools.open)}
        {button('local', say.conflictTools.openHere)}
        {button('remote', say.conflictTools.openThere)}
      </Group>
      <ErrorNote error={open.error} />
    </>
  );
}

interface SideProps {
  readonly title: string;
  /** Whose it is. */
  readonly who: string;
  readonly Icon: typeof IconServer;
  readonly side: SideView;
  readonly other: SideView;
}

function Side({ title, who, Icon, side, other }: SideProps) {
  const newer = side.modifiedAt !== null && other.modifiedAt !== null && side.modifiedAt > other.modifiedAt;
  const larger = side.size !== null && other.size !== null && side.size > other.size;
  return (
    <Paper p="sm" px="md" radius="md" role="group" aria-label={title}>
      <Group gap={8} mb={4} wrap="nowrap">
        <Icon size={18} stroke={1.8} aria-hidden="true" />
        <Text fw={600} size="sm" style={{ flex: 1 }}>
          {title}
        </Text>
        {newer && <Mark text={say.conflict.newer} />}
        {larger && <Mark text={say.conflict.larger} />}
      </Group>
      <Text size="sm" c="dimmed" lineClamp={2} title={who} style={{ overflowWrap: 'anywhere' }}>
        {who}
      </Text>
      <Text size="sm" className="numbers">
        {sideWords(side)}
      </Text>
    </Paper>
  );
}

function Mark({ text }: { readonly text: string }) {
  return (
    <Badge size="sm" className="tone-busy" tt="none" style={{ background: 'var(--tone-ground)', color: 'var(--tone)', flex: 'none' }}>
      {text}
    </Badge>
  );
}
