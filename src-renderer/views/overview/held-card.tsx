import { Box, Button, Group, Stack, Text } from '@mantine/core';
import { IconChevronDown, IconShieldExclamation, IconTrash } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { HeldView, PairView } from '../../../src-preload/contract/model.ts';
import type { Tuning } from '../../../src-preload/contract/tuning.ts';
import { say } from '../../strings/say.ts';
import { filesOf, goesOn, isBurst } from '../../strings/words.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { PathText } from '../../ui/path-text.tsx';
import { Rows } from '../../ui/rows.tsx';
import { useAnswer } from '../../use-answer.ts';
import { useRequest } from '../../use-request.ts';
import { keepsNothing } from '../tuning/tuning-words.ts';
import { useTuning } from '../tuning/use-tuning.ts';
import { AttentionCard } from './attention-card.tsx';

/** What the guard holds: which files and why, what happens if the user agrees, and the way back. */
export function HeldCard({
  pair,
  held,
  onBringBack,
  onRestored,
}: {
  readonly pair: PairView;
  readonly held: HeldView;
  readonly onBringBack: () => void;
  readonly onRestored: () => void;
}) {
  const [asking, setAsking] = useState(false);
  const [released, setReleased] = useState(false);
  const release = useRequest('held/release');
  const burst = isBurst(held);
  const tuning = useTuning(pair);
  // The engine lets go of all that is held in a folder at once.
  const shown = pair.held.reduce((sum, { paths }) => sum + paths.total, 0);
  const anyBurst = pair.held.some(isBurst);
  // From the user's word until the sync that carries it out has ended, there is nothing left to decide.
  const isGoing = released && pair.progress !== null;
  const onYes = async (): Promise<void> => {
    if ((await release.send({ pair: pair.id, shown })) === undefined) return;
    setAsking(false);
    setReleased(true);
  };
  return (
    <AttentionCard
      tone={burst ? 'bad' : 'warn'}
      Icon={burst ? IconShieldExclamation : IconTrash}
      title={burst ? say.heldCard.burstTitle(held.files, pair.name) : say.heldCard.title(held.files, pair.name)}
      text={isGoing ? say.heldCard.going : reasonOf(held)}
    >
      {!isGoing && (
        <Text size="sm" c="dimmed">
          {[
            ...(held.wentOver > 0 ? [say.heldCard.wentOver(held.wentOver)] : []),
            burst ? say.heldCard.burstAdvice : say.heldCard.otherwise,
            ...(goesOn(pair) ? [say.heldCard.restGoesOn] : []),
          ].join(' ')}
        </Text>
      )}
      <HeldPaths pair={pair.id} held={held} />
      <Group gap="xs" mt={4}>
        {held.why === 'went-back' && (
          <Button disabled={isGoing} onClick={onRestored}>
            {say.restored.button}
          </Button>
        )}
        <Button variant={burst ? 'filled' : 'default'} disabled={isGoing} onClick={onBringBack}>
          {say.heldCard.bringBack}
        </Button>
        <Button variant="default" className="danger" disabled={isGoing} onClick={() => setAsking(true)}>
          {!anyBurst ? say.heldCard.confirm(shown, say.heldCard.where[sideOf(pair.held)]) : pair.held.length > 1 ? say.heldCard.meantAll(filesOf(pair.held)) : say.heldCard.meant}
        </Button>
      </Group>
      <ConfirmDialog
        opened={asking}
        title={anyBurst ? say.heldCard.meantTitle(filesOf(pair.held)) : say.heldCard.confirmTitle(shown)}
        yes={anyBurst ? say.heldCard.meantSure : say.heldCard.sure}
        no={say.heldCard.keepWaiting}
        danger
        busy={release.busy}
        error={release.error}
        onYes={() => void onYes()}
        onClose={() => setAsking(false)}
      >
        {pair.held.map((each) => (
          <Stack key={`${each.side} ${each.why}`} gap={4}>
            <Text size="sm">{afterwards(each, tuning, pair.storage.kind === 's3')}</Text>
            {isBurst(each) && (
              <Text size="sm" c="dimmed">
                {reasonOf(each)}
              </Text>
            )}
            <HeldPaths pair={pair.id} held={each} />
          </Stack>
        ))}
      </ConfirmDialog>
    </AttentionCard>
  );
}

/** All of it goes with one word. */
function sideOf(held: readonly HeldView[]): 'local' | 'remote' | 'both' {
  const [first] = held;
  return first !== undefined && held.every(({ side }) => side === first.side) ? first.side : 'both';
}

/** Where what goes can be had from then on, and for how long. */
function afterwards(held: HeldView, tuning: Tuning, bucket: boolean): string {
  const { meantText, confirmText } = say.heldCard;
  if (held.side === 'local') return confirmText.local(tuning.trashDays);
  if (keepsNothing(tuning)) return bucket ? say.tuning.nothingKeptBucket : say.tuning.nothingKept;
  return (isBurst(held) ? meantText : confirmText.remote)(tuning.versionsDays);
}

function reasonOf({ side, why }: HeldView): string {
  switch (why) {
    case 'too-many':
      return `${say.heldCard.text[side]} ${say.heldCard.tooMany}`;
    case 'root-emptied':
      return `${say.heldCard.emptied} ${say.heldCard.text[side]}`;
    case 'went-back':
      return `${say.heldCard.wentBack} ${say.heldCard.text[side]}`;
    case 'scrambled':
    case 'renamed-alike':
      return say.heldCard.burst[why][side];
  }
}

/** Of a rewrite under another name both names are listed. */
function listWords({ files, paths }: HeldView): string {
  return files === paths.total ? say.heldCard.list(paths.total) : say.heldCard.names(paths.total);
}

/** The list, folded in. */
function HeldPaths({ pair, held }: { readonly pair: string; readonly held: HeldView }) {
  const [listed, setListed] = useState(false);
  const list = useId();
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        ml={-8}
        rightSection={<IconChevronDown size={14} style={{ transform: listed ? 'rotate(180deg)' : undefined }} />}
        aria-expanded={listed}
        aria-controls={list}
        onClick={() => setListed(!listed)}
      >
        {listWords(held)}
      </Button>
      <Box id={list} py={listed ? 8 : 0}>
        {listed && <HeldList pair={pair} held={held} />}
      </Box>
    </div>
  );
}

const ROW_HEIGHT = 30;
const LIST_HEIGHT = 240;

/** All of it: what the state of the app has no room for is asked for. */
function HeldList({ pair, held }: { readonly pair: string; readonly held: HeldView }) {
  const { paths, side, why } = held;
  const isWhole = paths.items.length === paths.total;
  const rest = useAnswer('held/paths', isWhole ? null : { pair, side, why }, paths.total);
  const items = isWhole ? paths.items : (rest.value ?? paths.items);
  return (
    <>
      <Rows
        items={items}
        height={ROW_HEIGHT}
        maxHeight={LIST_HEIGHT}
        label={listWords(held)}
        empty=""
        loading={null}
        row={(path) => (
          <div className="held-path">
            <PathText path={path} dimFolder={false} />
          </div>
        )}
      />
      <ErrorNote error={rest.error} />
      {!rest.loading && paths.total > items.length && (
        <Text size="sm" c="dimmed">
          {say.heldCard.notShown(paths.total - items.length)}
        </Text>
      )}
    </>
  );
}
