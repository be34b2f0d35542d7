import { diffLines } from 'diff';

export type DiffRow =
  | { readonly kind: 'same' | 'local' | 'remote'; readonly at: number; readonly text: string }
  /** Equal lines that are left out. */
  | { readonly kind: 'skip'; readonly at: number; readonly lines: number };

/** Equal lines shown around a difference. */
const CONTEXT = 3;
/** A comparison that takes longer is given up: the window must stay quick. */
const TIMEOUT_MS = 300;

/** The remote text turned into the local one, as rows; null when the texts are too different to compare in time. */
export function diffRows(remote: string, local: string): readonly DiffRow[] | null {
  const parts = diffLines(remote, local, { timeout: TIMEOUT_MS });
  if (parts === undefined) return null;
  const rows: DiffRow[] = [];
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const lines = part.value.replace(/\n$/, '').split('\n');
    const kind = part.added ? 'local' : part.removed ? 'remote' : 'same';
    const head = kind === 'same' && index > 0 ? CONTEXT : kind === 'same' ? 0 : lines.length;
    const tail = kind === 'same' && index < parts.length - 1 ? CONTEXT : 0;
    const skipped = Math.max(0, lines.length - head - tail);
    for (const [i, text] of lines.entries()) {
      if (kind === 'same' && skipped > 1 && i >= head && i < head + skipped) {
        if (i === head) rows.push({ kind: 'skip', at: at++, lines: skipped });
      } else rows.push({ kind, at: at++, text });
    }
  }
  return rows;
}
