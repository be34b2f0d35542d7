import { Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { IgnorePreview as Preview } from '../../../src-preload/contract/desktop.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Note } from '../../ui/note.tsx';
import { PathText } from '../../ui/path-text.tsx';
import { useRequest } from '../../use-request.ts';
import { patternLines } from './pattern-lines.ts';

/** Typing rests so long before the folder is looked at. */
const REST_MS = 400;

/** What the rules that are being typed match in the real folder. */
export function IgnorePreview({ pair, patterns, junk }: { readonly pair: string; readonly patterns: string; readonly junk: boolean }) {
  const [rules] = useDebouncedValue(patterns, REST_MS);
  const [seen, setSeen] = useState<Preview | null>(null);
  const { send, busy, error } = useRequest('ignore/preview');
  useEffect(() => {
    let over = false;
    void send({ pair, patterns: patternLines(rules), junk }).then((answer) => answer !== undefined && !over && setSeen(answer.value));
    return () => {
      over = true;
    };
  }, [pair, rules, junk, send]);
  return (
    <section aria-label={say.rules.preview} aria-busy={busy} className="report">
      <Text size="sm" fw={550} mb={4}>
        {say.rules.preview}
      </Text>
      <ErrorNote error={error} />
      <Matches seen={busy || rules !== patterns ? null : seen} last={seen} />
    </section>
  );
}

/** While it is counted anew the last list stays, so that nothing jumps. */
function Matches({ seen, last }: { readonly seen: Preview | null; readonly last: Preview | null }) {
  const { files, folders, complete, items, hopeless } = last ?? NOTHING;
  const listed = items.length;
  const named = folders + files;
  return (
    <Stack gap={4}>
      <Text size="sm" c="dimmed" aria-live="polite" className="numbers">
        {seen === null ? say.rules.looking : countWords(seen)}
      </Text>
      {hopeless.length > 0 && (
        <Note Icon={IconAlertTriangle} tone="warn">
          {say.rules.hopeless(hopeless.join(', '))}
        </Note>
      )}
      {!complete && (
        <Text size="xs" c="dimmed">
          {say.rules.partly}
        </Text>
      )}
      {items.length > 0 && (
        // Scrollable regions must be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the list scrolls
        <ul className="plain-list" tabIndex={0} aria-label={say.rules.preview}>
          {items.map(({ path, isFolder }) => (
            <li key={path}>
              <PathText path={isFolder ? `${path}/` : path} />
            </li>
          ))}
          {listed === MOST_LISTED && named > listed && (
            <li>
              <Text size="xs" c="dimmed">
                {say.rules.moreOfThem}
              </Text>
            </li>
          )}
        </ul>
      )}
    </Stack>
  );
}

const NOTHING: Preview = { total: 0, files: 0, folders: 0, complete: true, items: [], hopeless: [] };
/** As many as an answer lists. */
const MOST_LISTED = 60;

function countWords({ total, files, folders }: Preview): string {
  if (files === 0) return folders === 0 ? say.rules.nothing(total) : say.rules.emptyFolders(folders);
  return say.rules.matches(files, total);
}
