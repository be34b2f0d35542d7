/**
 * The `.env` grammar (docs/configuration.md), one assignment a line:
 *
 *     [export] NAME = value            # comment
 *
 * NAME is letters, digits and `_`. A value is bare (ends at the line's end or at ` #`; blanks around it go), 'single quoted' (taken as it is) or "double quoted" (with \n \r \t \" \\ \$).
 * Quoted values may span lines. Nothing is expanded. A BOM, CRLF and blank lines are fine. The last assignment of a name wins.
 */
export interface EnvFile {
  readonly values: ReadonlyMap<string, EnvValue>;
  /** Every one, in order, those that a later one outdoes too. */
  readonly assignments: readonly EnvAssignment[];
  readonly faults: readonly EnvFault[];
}
export interface EnvValue {
  readonly value: string;
  readonly line: number;
}
export interface EnvAssignment {
  readonly name: string;
  /** First and last, from 1. */
  readonly line: number;
  readonly lastLine: number;
}
/** `what` never repeats the line: it may hold a secret. */
export interface EnvFault {
  readonly line: number;
  readonly what: string;
}

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

export function parseEnvFile(text: string): EnvFile {
  const values = new Map<string, EnvValue>();
  const assignments: EnvAssignment[] = [];
  const faults: EnvFault[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    const content = lines[at] ?? '';
    if (/^[ \t]*(#|$)/.test(content)) continue;
    const head = ASSIGNMENT.exec(content);
    if (head?.[1] === undefined) {
      faults.push({ line, what: 'is not of the form NAME=value' });
      continue;
    }
    const rest = content.slice(head[0].length);
    const read = rest.startsWith('"') || rest.startsWith("'") ? readQuoted(lines, at, rest) : { value: bare(rest), last: at };
    if ('what' in read) faults.push({ line, what: read.what });
    else {
      values.set(head[1], { value: read.value, line });
      assignments.push({ name: head[1], line, lastLine: read.last + 1 });
    }
    at = read.last;
  }
  return { values, assignments, faults };
}

function bare(rest: string): string {
  return (rest.startsWith('#') ? '' : rest.replace(/[ \t]#.*$/, '')).trim();
}

type Quoted = { readonly value: string; readonly last: number } | { readonly what: string; readonly last: number };

/** Reads from the opening quote in `first`, over as many lines as it takes. A quote that never closes is a fault of its own line only, so that later lines are still checked. */
function readQuoted(lines: readonly string[], at: number, first: string): Quoted {
  const quote = first[0];
  let value = '';
  let text = first.slice(1);
  for (let last = at; ; ) {
    for (let i = 0; i < text.length; i++) {
      const char = text[i] ?? '';
      if (char === quote) {
        return /^[ \t]*(#.*)?$/.test(text.slice(i + 1)) ? { value, last } : { what: 'has text after the closing quote', last };
      }
      const escaped = quote === '"' && char === '\\' ? ESCAPES[text[i + 1] ?? ''] : undefined;
      if (escaped === undefined) value += char;
      else {
        value += escaped;
        i++;
      }
    }
    last++;
    if (last >= lines.length) return { what: `has an opening ${quote} that is never closed`, last: at };
    value += '\n';
    text = lines[last] ?? '';
  }
}

/** A value as `parseEnvFile` reads it back. */
export function formatEnvValue(value: string): string {
  if (/^[A-Za-z0-9_./:@%+,~-]*$/.test(value)) return value;
  if (!/['\r\n]/.test(value)) return `'${value}'`;
  return `"${value.replaceAll(/[\\"$\n\r\t]/g, (char) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[char] ?? `\\${char}`)}"`;
}
