import { Button, Group, Loader, Modal, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { FileHistory, VersionView } from '../../../src-preload/contract/history.ts';
import { useNow } from '../../store.ts';
import { formatAgo, formatBytes, formatInstant } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { DialogBody } from '../../ui/dialog-body.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useAnswer } from '../../use-answer.ts';
import { chooseElsewhere } from './choose-elsewhere.ts';
import type { RestoreTask } from './restore-dialog.tsx';
import { VersionPreview } from './version-preview.tsx';

export interface VersionsDialogProps {
  readonly pair: string;
  /** Null: closed. */
  readonly path: string | null;
  readonly onClose: () => void;
  readonly onRestore: (task: RestoreTask) => void;
}

/** Everything that is kept of one file: when, from which device, with its content, and the ways to have it back. */
export function VersionsDialog({ pair, path, onClose, onRestore }: VersionsDialogProps) {
  const name = path?.split('/').at(-1) ?? '';
  return (
    <Modal opened={path !== null} onClose={onClose} title={<span className="foreign dialog-title">{say.history.versions.title(name)}</span>} size={860}>
      {path !== null && <Body key={path} pair={pair} path={path} name={name} onClose={onClose} onRestore={onRestore} />}
    </Modal>
  );
}

interface BodyProps extends Omit<VersionsDialogProps, 'path'> {
  readonly path: string;
  readonly name: string;
}

function Body({ pair, path, name, onClose, onRestore }: BodyProps) {
  const { value, loading, error } = useAnswer('history/versions', { pair, path });
  const [chosen, setChosen] = useState<string | null>(null);
  const versions = value?.versions ?? [];
  const version = versions.find(({ id }) => id === chosen) ?? versions.find(({ kept }) => kept);
  const task: RestoreTask | null =
    version === undefined ? null : { what: { kind: 'version', path, id: version.id }, name, note: say.history.restore.asOf(formatInstant(version.from)), at: version.from };
  const bringBack = (): void => {
    if (task !== null) onRestore(task);
  };
  const saveElsewhere = async (): Promise<void> => {
    const next = task === null ? null : await chooseElsewhere(task);
    if (next !== null) onRestore(next);
  };
  return (
    <DialogBody
      buttons={
        <Group justify="flex-end" gap="sm" className="dialog-buttons">
          <Button variant="subtle" onClick={onClose} data-autofocus>
            {say.action.close}
          </Button>
          <Button variant="default" disabled={version?.kept !== true} onClick={() => void saveElsewhere()}>
            {say.history.elsewhere}
          </Button>
          <Button disabled={version?.kept !== true || version.ended === 'is-there'} onClick={bringBack}>
            {say.history.versions.restore}
          </Button>
        </Group>
      }
    >
      <ErrorNote error={error} />
      {loading && <Loader size="sm" aria-label={say.history.looking} />}
      {value !== null && versions.length + value.trashed.length === 0 && <Text c="dimmed">{say.history.versions.none}</Text>}
      {version !== undefined && (
        <div className="versions">
          <div className="versions-list">
            <Radio.Group value={version.id} onChange={setChosen} aria-label={say.history.versions.list}>
              <Stack gap={6}>
                {versions.map((each) => (
                  <VersionCard key={each.id} version={each} />
                ))}
              </Stack>
            </Radio.Group>
            {value !== null && value.earlier !== 'nothing' && (
              <Text size="xs" c="dimmed" mt="sm">
                {say.history.versions.earlier[value.earlier]}
              </Text>
            )}
          </div>
          <VersionPreview pair={pair} path={path} version={version.id} />
        </div>
      )}
      <Trashed items={value?.trashed ?? []} name={name} onRestore={onRestore} />
    </DialogBody>
  );
}

/** What gave way here: the backup may never have had it. */
function Trashed({ items, name, onRestore }: { readonly items: FileHistory['trashed']; readonly name: string } & Pick<BodyProps, 'onRestore'>) {
  if (items.length === 0) return null;
  return (
    <section aria-label={say.history.versions.trashed}>
      <Text size="sm" fw={600} mb={6}>
        {say.history.versions.trashed}
      </Text>
      <ul className="plain-list report">
        {items.map(({ path, batch, at, size }) => {
          const when = say.history.trash.when(at === null ? '' : formatInstant(at), formatBytes(size));
          return (
            <li key={batch}>
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm" className="numbers">
                  {when}
                </Text>
                <Button
                  variant="default"
                  size="compact-sm"
                  aria-label={`${say.history.trash.restoreFile(name)}, ${when}`}
                  onClick={() => onRestore({ what: { kind: 'trash', path, batch }, name, note: when })}
                >
                  {say.history.trash.restore}
                </Button>
              </Group>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function VersionCard({ version }: { readonly version: VersionView }) {
  const now = useNow();
  const { id, from, until, ended, kept, size, device, link } = version;
  const what = !kept ? say.history.versions.notKept : link !== null ? say.history.versions.link(link) : size === null ? '' : formatBytes(size);
  const details = [what, device === null ? '' : say.history.versions.by(device)].filter((part) => part !== '').join(' · ');
  const end = say.history.versions.ended[ended](until === null ? '' : formatAgo(until, now));
  return (
    <Radio.Card value={id} className="choice" disabled={!kept} aria-label={[formatInstant(from), details, end].join(', ')}>
      <Text size="sm" fw={550} className="numbers">
        {formatInstant(from)}
      </Text>
      <Text size="xs" c="dimmed" truncate className="numbers foreign">
        {details}
      </Text>
      <Text size="xs" {...(ended === 'is-there' ? { className: 'tone-good tone-text' } : { c: 'dimmed' })}>
        {end}
      </Text>
    </Radio.Card>
  );
}
