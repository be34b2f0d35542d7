import type { CliContext, Output } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** How a command speaks: words for people, or one JSON document (lines while watching) for programs. */
export interface Printer {
  readonly json: boolean;
  /** A line for people on standard output; silent with --json. */
  say(line: string): void;
  /** A line for people on standard error; silent with --json. */
  warn(line: string): void;
  /** The document; silent without --json. Called once by a command, or once an event by `watch`. */
  document(value: object): void;
  readonly style: Style;
  readonly stderr: Output;
}

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

/** What every JSON document has. */
export interface Envelope {
  readonly command: string;
  readonly ok: boolean;
  readonly exitCode: ExitCode;
}

/** Colour only on a terminal, and never with NO_COLOR (no-color.org), --no-color or TERM=dumb. */
export function createPrinter({ stdout, stderr, env }: Pick<CliContext, 'stdout' | 'stderr' | 'env'>, options: { readonly json: boolean; readonly color: boolean }): Printer {
  const colored = options.color && stdout.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return {
    json: options.json,
    say: (line) => {
      if (!options.json) stdout.write(`${line}\n`);
    },
    warn: (line) => {
      if (!options.json) stderr.write(`${line}\n`);
    },
    document: (value) => {
      if (options.json) stdout.write(`${toJson(value)}\n`);
    },
    style: colored ? ANSI : PLAIN,
    stderr,
  };
}

/** Whole numbers beyond 2^53 (times in ns) become text; maps and sets do not occur. */
function toJson(value: object): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}

const wrap =
  (code: number) =>
  (text: string): string =>
    `\x1b[${code}m${text}\x1b[0m`;
const ANSI: Style = { bold: wrap(1), dim: wrap(2), red: wrap(31), green: wrap(32), yellow: wrap(33) };
const same = (text: string): string => text;
const PLAIN: Style = { bold: same, dim: same, red: same, green: same, yellow: same };
