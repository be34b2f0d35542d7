import { Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { IgnorePreview as Preview } from '../../../src-preload/contract/desktop.ts';
import { en } from '../../strings/en.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
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
    <section aria-label={en.rules.preview} aria-busy={busy} className="report">
      <Text size="sm" fw={550} mb={4}>
        {en.rules.preview}
      </Text>
      <ErrorNote error={error} />
      {seen === null ? (
        <Text size="sm" c="dimmed">
          {en.rules.looking}
        </Text>
      ) : (
        <Matches seen={seen} />
      )}
    </section>
  );
}

function Matches({ seen: { files, folders, looked, items, complete } }: { readonly seen: Preview }) {
  const parts = [files > 0 ? en.rules.files(files) : '', folders > 0 ? en.rules.folders(folders) : ''].filter((part) => part !== '');
  const [first = '', second] = parts;
  return (
    <Stack gap={4}>
      <Text size="sm" c="dimmed" aria-live="polite" className="numbers">
        {parts.length === 0 ? en.rules.nothing(looked) : en.rules.matches(second === undefined ? first : en.rules.and(first, second), looked)}
      </Text>
      {!complete && (
        <Text size="xs" c="dimmed">
          {en.rules.partly}
        </Text>
      )}
      {items.length > 0 && (
        // Scrollable regions must be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the list scrolls
        <ul className="plain-list" tabIndex={0} aria-label={en.rules.preview}>
          {items.map(({ path, isFolder }) => (
            <li key={path}>
              <PathText path={isFolder ? `${path}/` : path} />
            </li>
          ))}
          {files + folders > items.length && (
            <li>
              <Text size="xs" c="dimmed">
                {en.rules.more(files + folders - items.length)}
              </Text>
            </li>
          )}
        </ul>
      )}
    </Stack>
  );
}
