/** Works on up to `width` items at once and gives the results in order. */
export async function* ahead<T, U>(items: AsyncIterable<T>, width: number, work: (item: T) => Promise<U>): AsyncGenerator<U> {
  const running: Promise<U>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // Heard of when its turn comes.
      result.catch(() => undefined);
      running.push(result);
      if (running.length >= width) yield await (running.shift() as Promise<U>);
    }
    while (running.length > 0) yield await (running.shift() as Promise<U>);
  } finally {
    // Nothing of ours goes on behind the back of one who stopped reading.
    await Promise.allSettled(running);
  }
}
