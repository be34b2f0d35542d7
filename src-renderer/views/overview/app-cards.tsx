import { Button } from '@mantine/core';
import { IconDatabaseExclamation, IconInfoCircle } from '@tabler/icons-react';
import type { EngineHealth, Notice, PairView } from '../../../src-preload/contract/model.ts';
import { useNavigation } from '../../store.ts';
import { en } from '../../strings/en.ts';
import { formatTime } from '../../strings/format.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useAnyRequest, useRequest } from '../../use-request.ts';
import { AttentionCard } from './attention-card.tsx';

export function EngineCard({ engine }: { readonly engine: Exclude<EngineHealth, { kind: 'running' }> }) {
  const { send, error } = useAnyRequest();
  const text = engine.kind === 'restarted' ? en.engineCard.restarted(formatTime(engine.at)) : en.engineCard[engine.kind];
  return (
    <AttentionCard
      tone={engine.kind === 'stopped' ? 'bad' : 'warn'}
      title={en.engineCard.title[engine.kind]}
      text={text}
      actions={
        engine.kind === 'restarting' ? undefined : engine.kind === 'stopped' ? (
          <Button onClick={() => void send('engine/restart', null)}>{en.action.retry}</Button>
        ) : (
          <Button variant="default" onClick={() => void send('app/dismiss', { notice: 'engine' })}>
            {en.action.dismiss}
          </Button>
        )
      }
    >
      <ErrorNote error={error} />
    </AttentionCard>
  );
}

export function NoticeCard({ notice }: { readonly notice: Notice }) {
  const { title, text } = en.noticeCard[notice.kind];
  const dismiss = useRequest('app/dismiss');
  return (
    <AttentionCard
      tone="warn"
      title={title}
      text={text(notice.detail)}
      actions={
        <Button variant="default" onClick={() => void dismiss.send({ notice: notice.id })}>
          {en.action.dismiss}
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
      title={en.system.diskCard.title(pair.name)}
      text={en.system.diskCard.text}
      actions={
        <Button variant="default" onClick={() => go('settings')}>
          {en.nav.settings}
        </Button>
      }
    />
  );
}

export function TrayCard() {
  return <AttentionCard tone="quiet" Icon={IconInfoCircle} title={en.trayCard.title} text={en.trayCard.text} />;
}
