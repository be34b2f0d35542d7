import { Button, Collapse, Text } from '@mantine/core';
import { IconChevronDown, IconTrash } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { HeldView, PairView } from '../../../src-preload/contract/model.ts';
import { en } from '../../strings/en.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { PathText } from '../../ui/path-text.tsx';
import { useRequest } from '../../use-request.ts';
import { AttentionCard } from './attention-card.tsx';

/** Deletions the guard holds: which, what happens if the user agrees, and what if not. */
export function HeldCard({ pair, held }: { readonly pair: PairView; readonly held: HeldView }) {
  const [listed, setListed] = useState(false);
  const [asking, setAsking] = useState(false);
  const release = useRequest('held/release');
  const list = useId();
  const { side, why, paths } = held;
  // The engine lets go of all of a folder's held deletions at once.
  const shown = pair.held.reduce((sum, { paths: each }) => sum + each.total, 0);
  const onYes = async (): Promise<void> => {
    if ((await release.send({ pair: pair.id, shown })) !== undefined) setAsking(false);
  };
  return (
    <AttentionCard
      tone="warn"
      Icon={IconTrash}
      title={en.heldCard.title(paths.total, pair.name)}
      text={`${why === 'too-many' ? '' : `${why === 'root-emptied' ? en.heldCard.emptied : en.heldCard.wentBack} `}${en.heldCard.text[side]}`}
      actions={
        <Button variant="default" className="danger" onClick={() => setAsking(true)}>
          {en.heldCard.confirm(shown)}
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        {en.heldCard.otherwise}
      </Text>
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
          {en.heldCard.list(paths.total)}
        </Button>
        <Collapse expanded={listed} id={list}>
          {paths.items.map((path) => (
            <PathText key={path} path={path} dimFolder={false} />
          ))}
          {paths.total > paths.items.length && (
            <Text size="sm" c="dimmed">
              {en.heldCard.notShown(paths.total - paths.items.length)}
            </Text>
          )}
        </Collapse>
      </div>
      <ConfirmDialog
        opened={asking}
        title={en.heldCard.confirmTitle(shown)}
        yes={en.heldCard.sure}
        no={en.heldCard.keepWaiting}
        danger
        busy={release.busy}
        error={release.error}
        onYes={() => void onYes()}
        onClose={() => setAsking(false)}
      >
        {pair.held.map(({ side: where, paths: each }) => (
          <Text key={where} size="sm">
            {en.heldCard.list(each.total)}: {en.heldCard.confirmText[where]}
          </Text>
        ))}
      </ConfirmDialog>
    </AttentionCard>
  );
}
