import type { StoreFinding, StoreReport } from '../backends/backend.ts';
import { printable } from './format.ts';
import type { Printer } from './printer.ts';

const MARKS = { good: 'ok     ', note: 'note   ', warning: 'warning', bad: 'BAD    ' } as const;

/** One line a finding: verdict, what was looked at, what was found; then what to do. */
export function sayFindings({ say, style }: Printer, findings: readonly StoreFinding[]): void {
  const paint = { good: style.green, note: style.dim, warning: style.yellow, bad: style.red };
  for (const { check, verdict, text, fix } of findings) {
    say(`${paint[verdict](MARKS[verdict])} ${style.bold(printable(check))}: ${printable(text)}`);
    if (fix !== null) say(`        next: ${printable(fix)}`);
  }
}

/** What happens when two devices save one file at once; `store` is the backend's id. */
export function protectionWords(protection: StoreReport['protection'], store: string): string {
  if (store.startsWith('local:')) return 'protected by locks: every File Sync waits for its turn; another program that writes into the backup folder does not';
  switch (protection) {
    case 'atomic':
      return 'protected: the store lets one of them win, the other becomes a conflict copy';
    case 'afterwards':
      return 'protected by versions: both are kept, and found right after the write';
    case 'best-effort':
      return 'best effort: looked at before and after each write; a short window stays open in which one could be overwritten';
  }
}
