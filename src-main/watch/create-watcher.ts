import type { Clock } from '../platform/clock.ts';
import type { Watcher } from './watcher.ts';
export function createWatcher({ platform: { clock } }: { platform: { clock: Clock }; [k: string]: unknown }): Watcher {
  const stop = new AbortController();
  return {
    async start(_root, onHint) {
      void (async () => {
        try {
          for (;;) {
            await clock.sleep(1000, stop.signal);
            onHint({ kind: 'everything', why: 'stub' });
          }
        } catch {}
      })();
    },
    mode: () => ({ kind: 'events' }),
    async stop() {
      stop.abort();
    },
  };
}
