/** What is known to be done, so that work that was cut off does not begin anew. Losing it costs looks at the store, never data. */
export interface Journal {
  has(mark: string): boolean;
  /** On record soon after; all of it after `flush`. */
  add(mark: string): Promise<void>;
  flush(): Promise<void>;
}

export function memoryJournal(): Journal {
  const marks = new Set<string>();
  return {
    has: (mark) => marks.has(mark),
    add: async (mark) => void marks.add(mark),
    flush: async () => undefined,
  };
}
