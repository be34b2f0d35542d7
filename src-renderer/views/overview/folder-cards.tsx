import { Button, Group, Text } from '@mantine/core';
import { IconCloudOff, IconGitCompare } from '@tabler/icons-react';
import { useState } from 'react';
import type { PairView } from '../../../src-preload/contract/model.ts';
import { useNavigation, useNow } from '../../store.ts';
import { deniedAction, deniedActions, deniedWords } from '../../strings/denied-words.ts';
import { errorWords } from '../../strings/error-words.ts';
import { namesOf } from '../../strings/file-names.ts';
import { sentence, upperFirst } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { errorText, failureText, helpsToSignIn, troubleWords } from '../../strings/trouble-words.ts';
import { isHopeless, mayTry } from '../../strings/words.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useRequest } from '../../use-request.ts';
import { usePairActs } from '../folders/use-pair-acts.ts';
import { UnlockDialog } from '../protection/unlock-dialog.tsx';
import { SignInDialog } from '../storage/sign-in-dialog.tsx';
import { AttentionCard } from './attention-card.tsx';
import { CutList } from './cut-list.tsx';

/** Of all folders together: there is one place to decide. */
export function ConflictCard({ pairs }: { readonly pairs: readonly PairView[] }) {
  const { go } = useNavigation();
  const total = pairs.reduce((sum, { conflicts }) => sum + conflicts.total, 0);
  const names = namesOf(
    pairs.flatMap(({ conflicts }) => conflicts.items),
    total,
  );
  const [first, ...others] = pairs.filter(({ conflicts }) => conflicts.total > 0);
  return (
    <AttentionCard
      tone="warn"
      Icon={IconGitCompare}
      title={say.conflictCard.title(total, names, first !== undefined && others.length === 0 ? first.name : null)}
      text={say.conflictCard.text(total, names)}
      actions={<Button onClick={() => go('conflicts')}>{say.conflictCard.button}</Button>}
    />
  );
}

export function ErrorCard({ pair }: { readonly pair: PairView }) {
  const { error, state, name, id, wantsSecret } = pair;
  const [signingIn, setSigningIn] = useState(false);
  const [unlocking, setUnlocking] = useState(false);
  const repoint = useRequest('pair/repoint');
  const retry = usePairActs(id);
  const now = useNow();
  if (error === null) return null;
  const lost = lostSide(pair);
  const offline = state === 'offline';
  return (
    <AttentionCard
      tone={offline ? 'quiet' : 'bad'}
      {...(offline ? { Icon: IconCloudOff } : {})}
      title={offline ? say.errorCard.offlineTitle(name) : say.errorCard.title(name)}
      text={errorText(pair)}
      actions={
        <>
          {mayTry(pair) && <RetryButton onRetry={retry.sync} />}
          {wantsSecret && (
            <Button variant="default" onClick={() => setUnlocking(true)}>
              {say.protection.enter}
            </Button>
          )}
          {helpsToSignIn(pair) && (
            <Button variant="default" onClick={() => setSigningIn(true)}>
              {say.storage.changeSignIn}
            </Button>
          )}
          <SignInDialog pair={pair} opened={signingIn} onClose={() => setSigningIn(false)} />
          <UnlockDialog pair={pair} opened={unlocking} onClose={() => setUnlocking(false)} />
        </>
      }
    >
      <ErrorNote error={retry.error} />
      {pair.trouble !== null && (
        <Text size="sm" fw={550} className="numbers" role="status">
          {/* Drawn anew after each try, so that one shows that changed no word. */}
          <span key={pair.trouble.triedAt} className="told-anew">
            {troubleWords(pair, now)}
          </span>
        </Text>
      )}
      {lost !== null && (
        <>
          <Text size="sm" c="dimmed">
            {say.errorCard.moved}
          </Text>
          <div>
            <Button variant="default" loading={repoint.busy} onClick={() => void repoint.send({ pair: id, side: lost })}>
              {say.errorCard.chooseAgain}
            </Button>
          </div>
          <ErrorNote error={repoint.error} />
        </>
      )}
    </AttentionCard>
  );
}

/** The side that may have been moved or renamed. */
function lostSide({ error, storage }: PairView): 'source' | 'target' | null {
  if (error?.code === 'root-missing' || error?.code === 'root-replaced') return 'source';
  return storage.kind === 'folder' && (error?.code === 'unreachable' || error?.code === 'remote-missing' || error?.code === 'remote-replaced') ? 'target' : null;
}

export function FailureCard({ pair }: { readonly pair: PairView }) {
  const { failures, name, storage } = pair;
  const [signingIn, setSigningIn] = useState(false);
  const retry = usePairActs(pair.id);
  const denied = deniedActions(failures.items);
  const allDenied = failures.items.every((failure) => deniedAction(failure) !== null);
  return (
    <AttentionCard tone="warn" title={say.failureCard.title(failures.total, name)} text={failureText(pair)}>
      <Group gap="xs">
        {mayTry(pair) && pair.error === null && !failures.items.every(isHopeless) && <RetryButton onRetry={retry.sync} />}
        {denied.length > 0 && storage.kind === 's3' && (
          <Button variant="default" onClick={() => setSigningIn(true)}>
            {say.storage.changeSignIn}
          </Button>
        )}
      </Group>
      <ErrorNote error={retry.error} />
      <SignInDialog pair={pair} opened={signingIn} onClose={() => setSigningIn(false)} />
      <CutList
        pair={pair.id}
        list={failures}
        fetchFrom={(send, from) => send('pair/failures', { pair: pair.id, from })}
        row={(failure) => {
          const { path, code, message, attempts } = failure;
          const tried = say.failureCard.attempts(attempts);
          const action = deniedAction(failure);
          const detail = sentence(message);
          if (action !== null) return { path, reveal: true, note: allDenied && denied.length === 1 ? upperFirst(tried) : `${deniedWords(action)} ${upperFirst(tried)}`, detail };
          const advice = say.failureCard.advice[code];
          return advice === undefined ? { path, reveal: true, note: `${errorWords({ code, message })} ${tried}` } : { path, reveal: true, note: advice, detail };
        }}
      />
    </AttentionCard>
  );
}

function RetryButton({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <Button variant="default" onClick={onRetry}>
      {say.action.retry}
    </Button>
  );
}

export function ProblemCard({ pair, onRestored }: { readonly pair: PairView; readonly onRestored: () => void }) {
  const { problems, name } = pair;
  return (
    <AttentionCard tone="warn" title={say.problemCard.title(problems.total, name)} text={say.problemCard.text(problems.total)}>
      <CutList
        pair={pair.id}
        list={problems}
        fetchFrom={(send, from) => send('pair/problems', { pair: pair.id, from })}
        row={({ path, side, reason, detail }) => ({
          path,
          reveal: side === 'local',
          note: `${say.problemCard.side[side]} · ${say.problemCard.reason[reason]}`,
          ...(detail === null ? {} : { detail }),
        })}
      />
      {problems.items.some(({ reason }) => reason === 'rolled-back') && (
        <div>
          <Button variant="default" onClick={onRestored}>
            {say.restored.button}
          </Button>
        </div>
      )}
    </AttentionCard>
  );
}
