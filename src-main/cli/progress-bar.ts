import type { Progress } from '../core/events.ts';
import type { Clock } from '../platform/clock.ts';
import type { Output } from './context.ts';
import { formatBytes, formatSeconds, printable, shorten } from './format.ts';

/** At most ten pictures a second on a terminal; a line every ten seconds elsewhere, few enough for a build log. */
const TERMINAL_MS = 100;
const LINES_MS = 10_000;

export interface ProgressView {
  show(progress: Progress): void;
  /** Takes the bar away, so that lines can follow. */
  clear(): void;
}

/** Shows progress on standard error: a bar that redraws itself on a terminal, plain lines otherwise. */
export function createProgressView(out: Output, clock: Clock): ProgressView {
  const every = out.isTTY ? TERMINAL_MS : LINES_MS;
  // Without a terminal nothing is said about work of less than ten seconds.
  let last = out.isTTY ? Number.NEGATIVE_INFINITY : clock.monotonic();
  let drawn = false;
  return {
    show(progress) {
      const now = clock.monotonic();
      if (now - last < every) return;
      last = now;
      if (out.isTTY) {
        drawn = true;
        out.write(`\r\x1b[K${renderBar(progress, out.columns() - 1)}`);
      } else out.write(`${inWords(progress)}\n`);
    },
    clear() {
      if (drawn) out.write('\r\x1b[K');
      drawn = false;
    },
  };
}

/** One line of at most `width` characters; what matters less goes first when it is narrow. */
export function renderBar(progress: Progress, width: number): string {
  const text = inWords(progress);
  const inFlight = progress.inFlight[0];
  const name = inFlight === undefined ? '' : printable(inFlight.path);
  const fraction = fractionOf(progress);
  if (fraction === null || width < text.length + 14) return shorten(text, width);
  const bar = `[${'#'.repeat(Math.round(fraction * 10)).padEnd(10, '.')}] `;
  const room = width - bar.length - text.length - 2;
  return `${bar}${text}${room >= 8 && name !== '' ? `  ${shorten(name, room)}` : ''}`;
}

function fractionOf({ phase, done, total, bytes, totalBytes }: Progress): number | null {
  if (phase !== 'working' || total === 0) return null;
  return Math.min(1, totalBytes > 0 ? bytes / totalBytes : done / total);
}

export function inWords({ phase, done, total, bytes, totalBytes, rate, etaSeconds }: Progress): string {
  if (phase === 'looking') return `looking: ${done.toLocaleString('en-US')} files seen`;
  if (phase === 'planning') return 'planning';
  const parts = [`${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`, `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`];
  if (rate !== null) parts.push(`${formatBytes(rate)}/s`);
  if (etaSeconds !== null) parts.push(`${formatSeconds(etaSeconds)} left`);
  return parts.join(', ');
}
