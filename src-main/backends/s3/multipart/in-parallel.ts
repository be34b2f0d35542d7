/** Works on what comes, `most` at a time. After a failure or a `stop` nothing more is begun, and what was begun is waited for. */
export async function inParallel<T>(items: AsyncIterable<T> | Iterable<T>, most: number, work: (item: T) => Promise<'next' | 'stop'>): Promise<'ended' | 'stopped'> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let isStopped = false;
  const begin = (item: T): void => {
    const task = work(item)
      .then(
        (wish) => {
          if (wish === 'stop') isStopped = true;
        },
        (error: unknown) => void failures.push(error),
      )
      .finally(() => running.delete(task));
    running.add(task);
  };
  try {
    for await (const item of items) {
      begin(item);
      if (running.size >= most) await Promise.race(running);
      if (isStopped || failures.length > 0) break;
    }
  } finally {
    await Promise.all(running);
  }
  if (failures.length > 0) throw failures[0];
  return isStopped ? 'stopped' : 'ended';
}
