/** Runs `work` over `items`, at most `limit` at once. Stops handing out work at the first failure, and ends only when nothing runs any more. */
export async function inParallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined && !failed; item = items[next++]) {
      await work(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  for (const result of await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, lane))) if (result.status === 'rejected') throw result.reason;
}
