import { Button, Group, Loader, Modal, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import type { WhyAnswer, WhyView } from '../../../src-preload/contract/desktop.ts';
import type { PairView } from '../../../src-preload/contract/model.ts';
import { ask } from '../../bridge.ts';
import { useNow } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { answerWords } from '../../strings/why-words.ts';
import { pairWords } from '../../strings/words.ts';
import { DialogBody } from '../../ui/dialog-body.tsx';
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
    <Modal opened={opened} onClose={close} title={<span className="foreign dialog-title">{say.why.title(pair.name)}</span>} size="lg">
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
    <DialogBody
      onSubmit={() => {
        if (path.trim() !== '' && !why.busy) void look(path);
      }}
      buttons={
        <Group justify="flex-end" gap="sm" className="dialog-buttons">
          <Button variant="default" onClick={onClose}>
            {say.action.close}
          </Button>
          <Button type="submit" disabled={path.trim() === ''} loading={why.busy}>
            {say.why.look}
          </Button>
        </Group>
      }
    >
      <Group gap="sm" align="flex-start" wrap="nowrap">
        <TextInput
          label={say.why.field}
          description={say.why.hint}
          inputWrapperOrder={['label', 'input', 'description']}
          value={path}
          maxLength={4096}
          spellCheck={false}
          data-autofocus
          onChange={(event) => setPath(event.currentTarget.value)}
          style={{ flex: 1 }}
        />
        <Button variant="default" mt={25} disabled={why.busy} onClick={() => void look(null)} aria-label={`${say.why.field}: ${say.action.choose}`}>
          {say.action.choose}
        </Button>
      </Group>
      <div aria-live="polite">
        {why.busy && (
          <Group gap="sm">
            <Loader size="xs" aria-hidden="true" />
            <Text size="sm" c="dimmed">
              {say.why.looking}
            </Text>
          </Group>
        )}
        {view !== null && <Answer view={view} words={answerWords(view.answer, pair, now)} />}
        {view !== null && view.answer.kind !== 'agreed' && pair.state !== 'ok' && (
          <Text size="sm" c="dimmed" mt={6}>
            {say.why.folder(pairWords(pair, now))}
          </Text>
        )}
      </div>
      <ErrorNote error={why.error} />
    </DialogBody>
  );
}

const CALM: readonly WhyAnswer['kind'][] = ['pending', 'settles', 'nowhere', 'elsewhere', 'ignored', 'differs', 'one-way', 'link', 'behind-link', 'deleted', 'moved'];

function markOf(answer: WhyAnswer): readonly [typeof IconInfoCircle, Tone] {
  if (answer.kind === 'agreed') return [IconCircleCheck, 'good'];
  const calm = CALM.includes(answer.kind) || (answer.kind === 'below' && (answer.what === 'planned' || answer.what === 'oneWay' || answer.what === 'unasked'));
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
