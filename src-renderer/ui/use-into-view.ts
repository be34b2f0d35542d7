import { type RefObject, useEffect, useRef } from 'react';

/** For what appears in answer to the user: it is scrolled to where it would stay below the edge. Null: it is not there. */
export function useIntoView(what: unknown): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (what !== null) element.current?.scrollIntoView({ block: 'center' });
  }, [what]);
  return element;
}
