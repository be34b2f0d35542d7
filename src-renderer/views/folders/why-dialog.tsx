import { Button, Group, Loader, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import type { IgnoreRule, WhyAnswer, WhyView } from '../../../src-preload/contract/desktop.ts';
import type { PairView } from '../../../src-preload/contract/model.ts';
import { ask } from '../../bridge.ts';
import { useNow } from '../../store.ts';
import { en } from '../../strings/en.ts';
import { errorWords } from '../../strings/error-words.ts';
import { formatAgo, formatRun } from '../../strings/format.ts';
import { deniedAction, deniedWords } from '../../strings/trouble-words.ts';
import { isHopeless, isResting, pairWords, restWords } from '../../strings/words.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Note } from '../../ui/note.tsx';
import { PathText } from '../../ui/path-text.tsx';
import type { Tone } from '../../ui/state-mark.tsx';
import { useRequest } from '../../use-request.ts';

export interface WhyDialogProps {
  readonly pair: PairView;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** What stands in the way of one file, by its path or chosen in the system's dialog. */
export function WhyDialog({ pair, opened, onClose }: WhyDialogProps) {
  const close = (): void => {
    void ask('history/stop', { pair: pair.id });
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={<span className="foreign dialog-title">{en.why.title(pair.name)}</span>} size="lg">
      {opened && <Body pair={pair} onClose={close} />}
    </Modal>
  );
}

function Body({ pair, onClose }: Omit<WhyDialogProps, 'opened'>) {
  const [path, setPath] = useState('');
  const [view, setView] = useState<WhyView | null>(null);
  const why = useRequest('pair/why');
  const now = useNow();
  const look = async (asked: string | null): Promise<void> => {
    setView(null);
    const answer = await why.send({ pair: pair.id, path: asked });
    // What was chosen and refused is not what stands in the field.
    if (answer === undefined && asked === null) setPath('');
    if (answer?.value == null) return;
    setPath(answer.value.path);
    setView(answer.value);
  };
  return (
    <Stack
      gap="md"
      component="form"
      onSubmit={(event: { preventDefault(): void }) => {
        event.preventDefault();
        if (path.trim() !== '' && !why.busy) void look(path);
      }}
    >
      <Group gap="sm" align="flex-start" wrap="nowrap">
        <TextInput
          label={en.why.field}
          description={en.why.hint}
          inputWrapperOrder={['label', 'input', 'description']}
          value={path}
          maxLength={4096}
          spellCheck={false}
          data-autofocus
          onChange={(event) => setPath(event.currentTarget.value)}
          style={{ flex: 1 }}
        />
        <Button variant="default" mt={25} disabled={why.busy} onClick={() => void look(null)} aria-label={`${en.why.field}: ${en.action.choose}`}>
          {en.action.choose}
        </Button>
      </Group>
      <div aria-live="polite">
        {why.busy && (
          <Group gap="sm">
            <Loader size="xs" aria-hidden="true" />
            <Text size="sm" c="dimmed">
              {en.why.looking}
            </Text>
          </Group>
        )}
        {view !== null && <Answer view={view} words={answerWords(view.answer, pair, now)} />}
        {view !== null && view.answer.kind !== 'agreed' && pair.state !== 'ok' && (
          <Text size="sm" c="dimmed" mt={6}>
            {en.why.folder(pairWords(pair, now))}
          </Text>
        )}
      </div>
      <ErrorNote error={why.error} />
      <Group justify="flex-end" gap="sm" className="dialog-buttons">
        <Button variant="default" onClick={onClose}>
          {en.action.close}
        </Button>
        <Button type="submit" disabled={path.trim() === ''} loading={why.busy}>
          {en.why.look}
        </Button>
      </Group>
    </Stack>
  );
}

const CALM: readonly WhyAnswer['kind'][] = ['pending', 'nowhere', 'ignored', 'differs', 'one-way', 'link', 'behind-link', 'deleted', 'moved'];

function markOf(answer: WhyAnswer): readonly [typeof IconInfoCircle, Tone] {
  if (answer.kind === 'agreed') return [IconCircleCheck, 'good'];
  const calm = CALM.includes(answer.kind) || (answer.kind === 'below' && (answer.what === 'planned' || answer.what === 'oneWay'));
  return calm ? [IconInfoCircle, 'quiet'] : [IconAlertTriangle, 'warn'];
}

function Answer({ view: { path, answer }, words }: { readonly view: WhyView; readonly words: string }) {
  const [Icon, tone] = markOf(answer);
  return (
    <section className="report" aria-label={path}>
      <Note Icon={Icon} tone={tone}>
        <PathText path={path} dimFolder={false} />
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {words}
        </Text>
      </Note>
    </section>
  );
}

function answerWords(answer: WhyAnswer, pair: PairView, now: number): string {
  const { nextSyncAt, settings } = pair;
  switch (answer.kind) {
    case 'problem': {
      const reason = en.problemCard.reason[answer.reason];
      return answer.above === null ? en.why.problem(en.problemCard.side[answer.side], reason) : en.why.above(answer.above, reason);
    }
    case 'failed': {
      const denied = deniedAction(answer);
      if (denied !== null) return en.why.denied(`${deniedWords(denied)} ${en.deniedCard.remedy}`);
      return isHopeless(answer) ? en.why.hopeless(en.failureCard.advice[answer.code] ?? '') : en.why.failed(errorWords(answer));
    }
    case 'pending':
      if (isResting(pair)) return en.why.pendingRest(restWords(pair, now));
      return nextSyncAt === null ? en.why.pending : en.why.pendingUntil(formatRun(nextSyncAt, now));
    case 'one-way':
      return en.why.oneWay[answer.direction];
    case 'behind-link':
      return en.why.behindLink(answer.above);
    case 'deleted':
    case 'moved': {
      const gone = en.why.gone(en.why[answer.kind], answer.at === null ? '' : formatAgo(answer.at, now));
      return `${gone} ${answer.kept ? en.why.keptVersions : en.why.notKept}`;
    }
    case 'below':
      return en.why.below[answer.what](answer.count);
    case 'ignored':
      return en.why.ignored(answer.rule.pattern, rulePlace(answer.rule, settings.ignorePatterns));
    case 'conflict':
    case 'held':
    case 'differs':
    case 'link':
    case 'agreed':
    case 'nowhere':
      return en.why[answer.kind];
  }
}

/** A folder's own rules come after those of every folder, so what both have is the folder's. */
function rulePlace({ pattern, from, file }: IgnoreRule, own: readonly string[]): string {
  const { rulePlaces } = en.why;
  if (from === 'leftovers') return rulePlaces.leftovers;
  if (file !== null) return rulePlaces.file(file);
  return own.includes(pattern) ? rulePlaces.own : rulePlaces.every;
}
