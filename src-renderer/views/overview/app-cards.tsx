import { Button } from '@mantine/core';
import { IconDatabaseExclamation, IconInfoCircle } from '@tabler/icons-react';
import type { EngineHealth, Notice, PairView } from '../../../src-preload/contract/model.ts';
import { useNavigation } from '../../store.ts';
import { formatTime } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useAnyRequest, useRequest } from '../../use-request.ts';
import { AttentionCard } from './attention-card.tsx';

export function EngineCard({ engine }: { readonly engine: Exclude<EngineHealth, { kind: 'running' }> }) {
  const { send, error } = useAnyRequest();
  const text = engine.kind === 'restarted' ? say.engineCard.restarted(formatTime(engine.at)) : say.engineCard[engine.kind];
  return (
    <AttentionCard
      tone={engine.kind === 'stopped' ? 'bad' : 'warn'}
      title={say.engineCard.title[engine.kind]}
      text={text}
      actions={
        engine.kind === 'restarting' ? undefined : engine.kind === 'stopped' ? (
          <Button onClick={() => void send('engine/restart', null)}>{say.action.retry}</Button>
        ) : (
          <Button variant="default" onClick={() => void send('app/dismiss', { notice: 'engine' })}>
            {say.action.dismiss}
          </Button>
        )
      }
    >
      <ErrorNote error={error} />
    </AttentionCard>
  );
}

export function NoticeCard({ notice }: { readonly notice: Notice }) {
  const { title, text } = say.noticeCard[notice.kind];
  const dismiss = useRequest('app/dismiss');
  return (
    <AttentionCard
      tone="warn"
      title={title}
      text={text(notice.detail)}
      actions={
        <Button variant="default" onClick={() => void dismiss.send({ notice: notice.id })}>
          {say.action.dismiss}
        </Button>
      }
    >
      <ErrorNote error={dismiss.error} />
    </AttentionCard>
  );
}

export function DiskCard({ pair }: { readonly pair: PairView }) {
  const { go } = useNavigation();
  return (
    <AttentionCard
      tone="bad"
      Icon={IconDatabaseExclamation}
      title={say.system.diskCard.title(pair.name)}
      text={say.system.diskCard.text}
      actions={
        <Button variant="default" onClick={() => go('settings')}>
          {say.nav.settings}
        </Button>
      }
    />
  );
}

export function TrayCard() {
  return <AttentionCard tone="quiet" Icon={IconInfoCircle} title={say.trayCard.title} text={say.trayCard.text} />;
}
