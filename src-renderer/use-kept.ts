import { useCallback, useState } from 'react';

/** State of the page that outlives the page, as long as the app runs: kept by the window's own session, so that a page that died, or was let go while its window was hidden, is where it was. */
export function useKept<T>(key: string, initial: T, read: (value: unknown) => T | undefined): readonly [T, (next: T) => void] {
  const [value, setValue] = useState<T>(() => read(kept(key)) ?? initial);
  const set = useCallback(
    (next: T) => {
      setValue(next);
      keep(key, next);
    },
    [key],
  );
  return [value, set];
}

function kept(key: string): unknown {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Without it the page only forgets its place.
  }
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
