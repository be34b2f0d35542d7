import { SyncError } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import { type FoundOrDamaged, orDamage } from '../engine/restore.ts';
import type { Life, Past } from '../remote/history/past.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { formatBytes, printable } from './format.ts';
import { pathArgument, type Session, withPair } from './session.ts';
import { timeWords } from './time-argument.ts';

/** Everything that is kept of one file, newest first. Changes nothing and needs no lock. */
export async function versionsCommand(session: Session, text: string): Promise<ExitCode> {
  const { printer, context } = session;
  return withPair(session, 'look', async ({ past, source }) => {
    const path = pathArgument(session, source, text);
    const lives = [...(await livesOf(past, path, context.interrupt))].reverse();
    const exitCode = lives.some(({ damage }) => damage !== null) ? EXIT.failed : EXIT.inSync;
    printer.document({ command: 'versions', ok: exitCode === EXIT.inSync, exitCode, path, versions: lives.map(documentOf) });
    const { bold, dim } = printer.style;
    printer.say(bold(`${printable(path)}: ${lives.length} kept, the latest first; times by the store's clock`));
    for (const { life, found, damage } of lives) {
      const size =
        damage !== null
          ? printer.style.red(`cannot be had: ${printable(damage)}`)
          : found === null
            ? 'no longer kept'
            : found.entry.kind === 'file'
              ? formatBytes(found.entry.size)
              : `link to ${printable(found.entry.target)}`;
      const by = found?.device == null ? '' : `, by ${printable(found.device)}`;
      printer.say(`${timeWords(life.fromMs)}  ${size}${by}; ${endWords(life)}  ${dim(life.id)}`);
    }
    const first = lives.at(-1)?.life;
    if (first?.before === 'expired') printer.say('Earlier versions are no longer kept (VERSIONS_KEEP, VERSIONS_DAYS).');
    if (first?.before === 'unknown') printer.say('What was there before is not known.');
    printer.say('Bring one back with: file-sync restore PATH --version ID   (the text at the end of its line, or enough of its beginning)');
    return exitCode;
  });
}

type Listed = FoundOrDamaged & { readonly life: Life };

async function livesOf(past: Past, path: RelPath, signal: AbortSignal): Promise<readonly Listed[]> {
  const lives = await past.livesOf(path, signal);
  if (lives.length === 0)
    throw new SyncError('usage', `nothing is kept of a file ${printable(path)}`, {
      hint: 'Of a folder: file-sync restore --date TIME --path FOLDER --dry-run shows what was in it.',
    });
  return Promise.all(lives.map(async (life) => ({ life, ...(await orDamage(past.resolveLife(life, signal))) })));
}

function documentOf({ life, found, damage }: Listed): object {
  const { id, fromMs, untilMs, ended, kind } = life;
  const entry = found?.entry ?? null;
  return {
    id,
    from: fromMs,
    until: untilMs,
    ended,
    live: kind === 'live',
    kept: found !== null,
    damage,
    size: entry?.kind === 'file' ? entry.size : null,
    sha256: entry?.kind === 'file' ? entry.hash : null,
    mode: entry?.kind === 'file' ? entry.mode : null,
    mtimeNs: entry?.kind === 'file' ? entry.mtimeNs : null,
    target: entry?.kind === 'symlink' ? entry.target : null,
    device: found?.device ?? null,
  };
}

function endWords({ ended, untilMs }: Life): string {
  const when = untilMs === null ? '' : ` ${timeWords(untilMs)}`;
  switch (ended) {
    case 'is-there':
      return 'there now';
    case 'replaced':
      return `replaced${when}`;
    case 'removed':
      return `removed${when}`;
    case 'moved':
      return `renamed${when}`;
    case 'unknown':
      return `there until${when} at least`;
  }
}
