import { Stack } from '@mantine/core';
import { useState } from 'react';
import type { PairView } from '../../../src-preload/contract/model.ts';
import { useAppState, useNow } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { loudProblems } from '../../strings/words.ts';
import { Section } from '../../ui/page.tsx';
import { RestoreDialog } from '../history/restore-dialog.tsx';
import { AgeCard } from './age-card.tsx';
import { DiskCard, EngineCard, NoticeCard, TrayCard } from './app-cards.tsx';
import { ConflictCard, ErrorCard, FailureCard, ProblemCard } from './folder-cards.tsx';
import { HeldCard } from './held-card.tsx';
import { RestoredDialog } from './restored-dialog.tsx';
import { isTooOld } from './sync-age.ts';

export function AttentionCards() {
  const { pairs, engine, notices, tray } = useAppState();
  const now = useNow();
  const [back, setBack] = useState<{ readonly pair: string; readonly name: string } | null>(null);
  const [restored, setRestored] = useState<{ readonly id: string; readonly name: string } | null>(null);
  const conflicts = pairs.reduce((sum, pair) => sum + pair.conflicts.total, 0);
  // These heal by themselves.
  const away = pairs.filter(({ error, state }) => error !== null && state === 'offline').length;
  const cards = [
    ...(engine.kind === 'running' ? [] : [<EngineCard key="engine" engine={engine} />]),
    ...notices.map((notice) => <NoticeCard key={notice.id} notice={notice} />),
    ...pairs.filter((pair) => pair.error !== null).map((pair) => <ErrorCard key={`error ${pair.id}`} pair={pair} />),
    ...pairs.filter((pair) => pair.holds.includes('disk')).map((pair) => <DiskCard key={`disk ${pair.id}`} pair={pair} />),
    ...(conflicts > 0 ? [<ConflictCard key="conflicts" pairs={pairs} />] : []),
    ...pairs.flatMap((pair) =>
      pair.held.map((held) => (
        <HeldCard
          key={`held ${pair.id} ${held.side} ${held.why}`}
          pair={pair}
          held={held}
          onBringBack={() => setBack({ pair: pair.id, name: pair.name })}
          onRestored={() => setRestored({ id: pair.id, name: pair.name })}
        />
      )),
    ),
    ...pairs.filter((pair) => pair.failures.total > 0).map((pair) => <FailureCard key={`failures ${pair.id}`} pair={pair} />),
    ...pairs.filter(hasLoudProblem).map((pair) => <ProblemCard key={`problems ${pair.id}`} pair={pair} onRestored={() => setRestored({ id: pair.id, name: pair.name })} />),
    ...pairs.filter((pair) => isTooOld(pair, now)).map((pair) => <AgeCard key={`age ${pair.id}`} pair={pair} />),
    ...(tray === 'no-host' ? [<TrayCard key="tray" />] : []),
  ];
  // The dialogs outlive the card they were opened from, whose matter they settle.
  return (
    <>
      {cards.length > 0 && (
        <Section title={cards.length === away ? say.overview.waiting : say.overview.attention}>
          <Stack gap="sm">{cards}</Stack>
        </Section>
      )}
      <RestoredDialog pair={restored} onClose={() => setRestored(null)} />
      <RestoreDialog pair={back?.pair ?? ''} task={back === null ? null : { what: { kind: 'held' }, name: back.name }} onClose={() => setBack(null)} />
    </>
  );
}

function hasLoudProblem(pair: PairView): boolean {
  return loudProblems(pair).length > 0;
}
