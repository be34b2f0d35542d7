import { hasCode } from '../../core/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Home } from '../../platform/platform.ts';
import type { RunProgram } from '../run-program.ts';

/** Whoever started us and wants to hear how we are: systemd, by sd_notify(3). Elsewhere every call does nothing. */
export interface Supervisor {
  ready(status: string): Promise<void>;
  status(text: string): Promise<void>;
  /** Ends the signs of life, too. */
  stopping(): Promise<void>;
}

export interface SupervisorPorts {
  readonly home: Pick<Home, 'env' | 'pid'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly run: RunProgram;
}

const SILENT: Supervisor = { ready: async () => undefined, status: async () => undefined, stopping: async () => undefined };

/** Speaks through systemd-notify, as Node has no datagram sockets of the file system. What cannot be told is no reason to stop. */
export function supervisor({ home, clock, run }: SupervisorPorts): Supervisor {
  if (!home.env['NOTIFY_SOCKET']) return SILENT;
  const tell = (...words: readonly string[]): Promise<void> =>
    run('systemd-notify', words, { timeoutMs: 10_000 }).then(
      () => undefined,
      (error: unknown) => (hasCode(error, 'not-found', 'io') ? undefined : Promise.reject(error)),
    );
  const everyMs = watchdogMs(home);
  const ended = new AbortController();
  const live = async (): Promise<void> => {
    while (everyMs !== null && !ended.signal.aborted) {
      await clock.sleep(everyMs, ended.signal).catch(() => undefined);
      if (!ended.signal.aborted) await tell('WATCHDOG=1');
    }
  };
  return {
    async ready(text) {
      await tell('READY=1', `STATUS=${oneLine(text)}`);
      void live();
    },
    status: (text) => tell(`STATUS=${oneLine(text)}`),
    async stopping() {
      ended.abort();
      await tell('STOPPING=1');
    },
  };
}

/** Half of what systemd waits for; null where it does not. */
function watchdogMs({ env, pid }: SupervisorPorts['home']): number | null {
  const micros = Number(env['WATCHDOG_USEC']);
  if (!(micros > 0) || (env['WATCHDOG_PID'] !== undefined && env['WATCHDOG_PID'] !== String(pid))) return null;
  return micros / 2000;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
