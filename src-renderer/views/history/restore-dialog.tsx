import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconPlayerPause } from '@tabler/icons-react';
import { useState } from 'react';
import type { ChangeView, RestorePlan, RestoreReport, RestoreWhat } from '../../../src-preload/contract/history.ts';
import type { ChosenFolder } from '../../../src-preload/contract/model.ts';
import { ask } from '../../bridge.ts';
import { useAppState } from '../../store.ts';
import { formatBytes } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { DialogBody } from '../../ui/dialog-body.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Note } from '../../ui/note.tsx';
import { PathText } from '../../ui/path-text.tsx';
import { Rows } from '../../ui/rows.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useAnswer } from '../../use-answer.ts';
import { useRequest } from '../../use-request.ts';
import { leftTitle, leftWords } from './left-words.ts';
import { RestoreProgress } from './restore-progress.tsx';
import { cannotWords, countWords, doneWords, safeWords } from './restore-words.ts';

export interface RestoreTask {
  readonly what: RestoreWhat;
  /** Of what comes back. */
  readonly name: string;
  /** Which state of it. */
  readonly note?: string;
  /** When it was so, ms. */
  readonly at?: number;
  /** Left out: where it was. */
  readonly to?: ChosenFolder;
}

export interface RestoreDialogProps {
  readonly pair: string;
  /** Null: closed. */
  readonly task: RestoreTask | null;
  readonly onClose: () => void;
}

/** Shows what a restore would do, and does it on the user's word. */
export function RestoreDialog({ pair, task, onClose }: RestoreDialogProps) {
  const [phase, setPhase] = useState<Phase>('idle');
  const close = (): void => {
    void ask('history/stop', { pair });
    if (phase === 'working') setPhase('stopping');
    else onClose();
  };
  const title = task === null ? '' : (task.to === undefined ? say.history.restore.titles[task.what.kind] : say.history.restore.titleElsewhere)(task.name);
  return (
    <Modal opened={task !== null} onClose={close} {...keepsOpen(phase)} title={<span className="foreign dialog-title">{title}</span>} size={620}>
      {task !== null && <Body key={JSON.stringify(task.what)} pair={pair} task={task} phase={phase} onPhase={setPhase} onClose={close} />}
    </Modal>
  );
}

/** A key or a click beside it ends no rescue. */
function keepsOpen(phase: Phase): { readonly closeOnEscape: boolean; readonly closeOnClickOutside: boolean } {
  return { closeOnEscape: phase !== 'working', closeOnClickOutside: phase !== 'working' };
}

/** `stopping`: what it did until then is still to be told. */
type Phase = 'idle' | 'working' | 'stopping';

interface BodyProps {
  readonly pair: string;
  readonly task: RestoreTask;
  readonly phase: Phase;
  readonly onPhase: (phase: Phase) => void;
  readonly onClose: () => void;
}

function Body({ pair, task, phase, onPhase, onClose }: BodyProps) {
  const order = { pair, what: task.what, to: task.to?.token ?? null };
  const plan = useAnswer('history/plan', order);
  const restore = useRequest('history/restore');
  const [agrees, setAgrees] = useState(false);
  const [report, setReport] = useState<RestoreReport | null>(null);
  const [sent, setSent] = useState(false);
  const held = plan.value?.held ?? null;
  const onGo = async (): Promise<void> => {
    setSent(true);
    onPhase('working');
    const done = await restore.send({ ...order, agreed: held });
    onPhase('idle');
    if (done !== undefined) setReport(done.value);
  };
  const view = useAppState().pairs.find(({ id }) => id === pair);
  const folder = view?.name ?? '';
  const isPaused = view !== undefined && (view.paused || view.holds.length > 0) && task.to === undefined;
  const isIdle = plan.value !== null && plan.value.changes.total === 0;
  const canGo = plan.value !== null && !isIdle && !isPaused && (held === null || agrees);
  const cameToNothing = report !== null && report.cut === null && report.done === 0 && report.left.total > 0;
  // Stopped before anything began: there is no report.
  const isOff = sent && !restore.busy && report === null && restore.error === null;
  const isOver = report !== null || isOff;
  const isGood = report !== null && report.cut === null && !cameToNothing;
  return (
    <DialogBody
      buttons={
        <Stack gap="md" className="dialog-buttons">
          {restore.busy && plan.value !== null && (
            <RestoreProgress
              progress={view?.progress ?? null}
              withFolders={plan.value.counts['make-folder'] + plan.value.counts['remove-folder'] > 0}
              stopping={phase === 'stopping'}
            />
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant={isOver ? 'filled' : 'default'} onClick={onClose} data-autofocus>
              {isOver || isIdle || phase === 'stopping' ? say.action.close : restore.busy ? say.history.restore.stop : say.action.cancel}
            </Button>
            {!isOver && !isIdle && (
              <Button disabled={!canGo} loading={restore.busy} onClick={() => void onGo()}>
                {goWords(task)}
              </Button>
            )}
          </Group>
        </Stack>
      }
    >
      {task.note !== undefined && !isOver && <Text size="sm">{task.note}</Text>}
      <ErrorNote error={plan.error ?? restore.error ?? report?.cut?.error ?? null} />
      {plan.loading && <Waiting text={say.history.restore.planning} />}
      {!isOver && plan.value !== null && <PlanView plan={plan.value} task={task} />}
      {!isOver && held !== null && (
        <Checkbox checked={agrees} onChange={(event) => setAgrees(event.currentTarget.checked)} label={say.history.restore.held(held)} description={say.history.restore.heldWhy} />
      )}
      {!isOver && isPaused && plan.value !== null && !isIdle && (
        <Note Icon={IconPlayerPause} tone="warn">
          {say.history.restore.paused}
        </Note>
      )}
      {isOver && (
        <div role="status">
          <Note Icon={isGood ? IconCircleCheck : IconInfoCircle} tone={isGood ? 'good' : 'quiet'}>
            <span className="foreign">{report === null ? say.history.restore.done.stoppedAtOnce : cameToNothing ? cannotWords(task) : doneWords(task, folder, report)}</span>
            {report?.file?.includes('/') && <PathText path={report.file} />}
          </Note>
        </div>
      )}
      {report !== null && <Left left={report.left} open={cameToNothing} />}
    </DialogBody>
  );
}

const KINDS: readonly ChangeView['kind'][] = ['write', 'replace', 'send', 'move', 'set-mode', 'make-folder', 'remove', 'remove-folder'];
const ROW_HEIGHT = 38;

function PlanView({ plan, task }: { readonly plan: RestorePlan; readonly task: RestoreTask }) {
  const { changes, counts, left } = plan;
  const hidden = changes.total - changes.items.length;
  const safe = safeWords(task, plan);
  if (changes.total === 0)
    return (
      <>
        <Text size="sm">{left.total > 0 ? cannotWords(task) : say.history.restore.nothing}</Text>
        <Left left={left} open />
      </>
    );
  return (
    <>
      <ul className="counts">
        {KINDS.filter((kind) => counts[kind] > 0).map((kind) => (
          <li key={kind}>{countWords(task, kind, counts[kind])}</li>
        ))}
      </ul>
      <Rows
        items={changes.items}
        height={ROW_HEIGHT}
        maxHeight={230}
        label={say.history.restore.list}
        empty=""
        loading={null}
        row={(change) => <ChangeRow change={change} />}
        after={
          hidden > 0 && (
            <Text size="xs" c="dimmed" p="sm">
              {say.history.restore.more(hidden)}
            </Text>
          )
        }
      />
      <Left left={left} />
      {task.what.kind === 'run' && counts.remove > 0 && (
        <Note Icon={IconAlertTriangle} tone="warn">
          {say.history.restore.takesOwn}
        </Note>
      )}
      {safe !== null && (
        <Note Icon={IconInfoCircle} tone="quiet">
          {safe}
        </Note>
      )}
    </>
  );
}

function goWords({ what, to }: RestoreTask): string {
  const { go, goUndo, goElsewhere } = say.history.restore;
  if (to !== undefined) return goElsewhere;
  return what.kind === 'run' || what.kind === 'conflict' ? goUndo : go;
}

function ChangeRow({ change }: { readonly change: ChangeView }) {
  const { kind, path, to, size } = change;
  return (
    <div className="row row-thin">
      <div style={{ flex: 1, minWidth: 0 }}>
        <PathText path={path} />
      </div>
      <Text size="xs" c="dimmed" className="numbers foreign" truncate maw={260}>
        {[to === null ? say.history.restore.change[kind] : say.history.restore.movesTo(to), size === null || kind === 'remove' ? '' : formatBytes(size)]
          .filter((part) => part !== '')
          .join(' · ')}
      </Text>
    </div>
  );
}

/** `open`: it is all there is to say. */
function Left({ left, open = false }: { readonly left: RestorePlan['left']; readonly open?: boolean }) {
  if (left.total === 0) return null;
  const { title, open: few } = leftTitle(left);
  return (
    <details className="fold" open={open || few}>
      <summary>{title}</summary>
      <ul className="counts" aria-label={say.history.restore.leftList}>
        {left.items.map(({ path, why }) => (
          <li key={`${path} ${why}`}>
            <PathText path={path} />
            <Text size="xs" c="dimmed">
              {leftWords(why)}
            </Text>
          </li>
        ))}
        {left.total > left.items.length && <li>{say.history.restore.more(left.total - left.items.length)}</li>}
      </ul>
    </details>
  );
}
