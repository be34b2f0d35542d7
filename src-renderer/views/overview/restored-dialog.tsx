import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import type { AcceptReport, LostView } from '../../../src-preload/contract/history.ts';
import { ask } from '../../bridge.ts';
import { say } from '../../strings/say.ts';
import { DialogBody } from '../../ui/dialog-body.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Fold } from '../../ui/fold.tsx';
import { Note } from '../../ui/note.tsx';
import { PathText } from '../../ui/path-text.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useAnswer } from '../../use-answer.ts';
import { useRequest } from '../../use-request.ts';

export interface RestoredDialogProps {
  /** Null: closed. */
  readonly pair: { readonly id: string; readonly name: string } | null;
  readonly onClose: () => void;
}

/** After the owner brought the backup back to an older state himself: shows what that took back and, on his word, brings the backup up to date from here. */
export function RestoredDialog({ pair, onClose }: RestoredDialogProps) {
  const close = (): void => {
    if (pair !== null) void ask('history/stop', { pair: pair.id });
    onClose();
  };
  return (
    <Modal opened={pair !== null} onClose={close} title={<span className="foreign dialog-title">{pair === null ? '' : say.restored.title(pair.name)}</span>} size={620}>
      {pair !== null && <Body pair={pair.id} onClose={close} />}
    </Modal>
  );
}

const GROUPS = ['older', 'missing', 'differing'] as const;

function Body({ pair, onClose }: { readonly pair: string; readonly onClose: () => void }) {
  const lost = useAnswer('restored/look', { pair });
  const accept = useRequest('restored/accept');
  const [report, setReport] = useState<AcceptReport | null>(null);
  const { restored } = say;
  const total = lost.value === null ? 0 : GROUPS.reduce((sum, group) => sum + (lost.value?.[group].total ?? 0), 0);
  const onYes = async (): Promise<void> => {
    const done = await accept.send({ pair });
    if (done !== undefined) setReport(done.value);
  };
  return (
    <DialogBody
      buttons={
        <Group justify="flex-end" gap="sm" className="dialog-buttons">
          {accept.busy && (
            <div style={{ marginInlineEnd: 'auto' }}>
              <Waiting text={restored.working} />
            </div>
          )}
          <Button variant={report === null ? 'default' : 'filled'} onClick={onClose} data-autofocus>
            {report !== null ? say.action.close : accept.busy ? say.history.restore.stop : say.action.cancel}
          </Button>
          {report === null && (
            <Button disabled={total === 0} loading={accept.busy} onClick={() => void onYes()}>
              {restored.yes}
            </Button>
          )}
        </Group>
      }
    >
      {report === null && <Text size="sm">{restored.text}</Text>}
      <ErrorNote error={lost.error ?? accept.error} />
      {lost.loading && <Waiting text={restored.looking} />}
      {report === null && lost.value !== null && (total === 0 ? <Text size="sm">{restored.nothing}</Text> : <Lost lost={lost.value} />)}
      {report !== null && <Done report={report} />}
    </DialogBody>
  );
}

function Lost({ lost }: { readonly lost: LostView }) {
  return (
    <>
      {GROUPS.filter((group) => lost[group].total > 0).map((group) => (
        <Fold key={group} title={say.restored.groups[group](lost[group].total)}>
          <div className="report">
            {lost[group].items.map((path) => (
              <PathText key={path} path={path} />
            ))}
            {lost[group].total > lost[group].items.length && (
              <Text size="xs" c="dimmed">
                {say.heldCard.notShown(lost[group].total - lost[group].items.length)}
              </Text>
            )}
          </div>
        </Fold>
      ))}
      <Note Icon={IconInfoCircle} tone="quiet">
        {say.restored.safe}
      </Note>
    </>
  );
}

function Done({ report: { done, failed } }: { readonly report: AcceptReport }) {
  return (
    <div role="status">
      <Stack gap="xs">
        <Note Icon={IconCircleCheck} tone="good">
          {say.restored.done(done)}
        </Note>
        {failed > 0 && <Text size="sm">{say.restored.failed(failed)}</Text>}
        <Text size="sm" c="dimmed">
          {say.restored.others}
        </Text>
      </Stack>
    </div>
  );
}
