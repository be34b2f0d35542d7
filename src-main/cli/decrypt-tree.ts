import { join, resolve, sep } from 'node:path';
import { SyncError } from '../core/errors.ts';
import { nameRules } from '../core/name-rules.ts';
import { VAULT_KEY } from '../remote/keys.ts';
import { errorDocument } from './error-text.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { formatBytes, formatCount, printable } from './format.ts';
import { openDocument } from './opened-document.ts';
import { ensureOutFolder } from './out-folder.ts';
import { RestoredFiles } from './restored-files.ts';
import { decryptTree, type ObjectResult, VERSIONS_OUT } from './sealed-tree.ts';
import type { Session } from './session.ts';

export interface TreeFlags {
  readonly tree: string;
  readonly out: string;
  readonly vault?: string;
  readonly versions?: boolean;
}

/** A whole copy of a store (a downloaded bucket, a backup folder), offline, with a secret alone. What fails is listed, the rest goes on; a run that was interrupted goes on where it stopped. */
export async function decryptTreeCommand(session: Session, { tree, out, vault, versions = false }: TreeFlags): Promise<ExitCode> {
  const { context } = session;
  const { fs, random, newHasher, home } = context.platform;
  const [root, target] = [resolve(context.cwd, tree), resolve(context.cwd, out)];
  await checkFolders(session, root, target);
  const opened = await openDocument(session, vault === undefined ? join(root, VAULT_KEY) : resolve(context.cwd, vault));
  const tally = new Tally(session);
  try {
    const files = new RestoredFiles({ fs, random, newHasher, names: nameRules(home.platform), out: target, signal: context.interrupt });
    await ensureOutFolder(fs, target);
    await files.folder(null);
    await decryptTree({
      fs,
      root,
      opening: { ...opened.opening, signal: context.interrupt },
      names: opened.names,
      out: files,
      versions,
      onObject: (result) => tally.add(result),
      signal: context.interrupt,
    });
  } finally {
    opened.destroy();
  }
  return tally.conclude({ vault: opened.vaultId, tree: root, out: target });
}

async function checkFolders({ context }: Session, root: string, target: string): Promise<void> {
  if ((await context.platform.fs.lstat(root))?.kind !== 'folder') throw new SyncError('usage', `${root} is no folder`, { path: root });
  if (`${target}${sep}`.startsWith(`${root}${sep}`)) throw new SyncError('usage', '--out lies inside of what is to be decrypted', { path: target });
}

class Tally {
  readonly #session: Session;
  readonly #failures: Extract<ObjectResult, { kind: 'failed' }>[] = [];
  readonly #notes: { readonly key: string; readonly path: string; readonly note: string }[] = [];
  readonly #counts = { file: 0, folder: 0, symlink: 0, version: 0, own: 0, already: 0, bytes: 0 };
  #saidAt: number;

  constructor(session: Session) {
    this.#session = session;
    this.#saidAt = session.context.platform.clock.monotonic();
  }

  add(result: ObjectResult): void {
    const { printer } = this.#session;
    if (result.kind === 'failed') {
      this.#failures.push(result);
      const { path, key, error } = result;
      printer.warn(
        `failed ${printable(path ?? key)}: ${printable(error.message)} (${error.reason ?? error.code})${path === null || path === key ? '' : `\n       stored as ${printable(key)}`}`,
      );
      return;
    }
    const { key, path, entry, bytes, already, note } = result;
    this.#counts[entry]++;
    this.#counts.bytes += bytes;
    if (already) this.#counts.already++;
    if (note !== null) {
      this.#notes.push({ key, path, note });
      printer.warn(`note   ${printable(path)}: ${printable(note)}`);
    }
    this.#progress();
  }

  /** A line every ten seconds: enough for a log, and for whoever waits. */
  #progress(): void {
    const now = this.#session.context.platform.clock.monotonic();
    if (now - this.#saidAt < 10_000) return;
    this.#saidAt = now;
    this.#session.printer.warn(this.#summary());
  }

  #summary(): string {
    const { file, version, already, bytes } = this.#counts;
    return [
      formatCount(file, 'file'),
      ...(version > 0 ? [formatCount(version, 'kept version')] : []),
      formatBytes(bytes),
      ...(already > 0 ? [`${already.toLocaleString('en-US')} there already`] : []),
      ...(this.#failures.length > 0 ? [`${this.#failures.length.toLocaleString('en-US')} failed`] : []),
    ].join(', ');
  }

  conclude(about: { readonly vault: string; readonly tree: string; readonly out: string }): ExitCode {
    const { printer } = this.#session;
    const { green, red } = printer.style;
    const exitCode = this.#failures.length > 0 ? EXIT.failed : EXIT.inSync;
    const { file: files, folder: folders, symlink: links, version: versions, already, bytes } = this.#counts;
    printer.document({
      command: 'decrypt',
      ok: exitCode === EXIT.inSync,
      exitCode,
      ...about,
      counts: { files, folders, links, versions, already, bytes, failed: this.#failures.length },
      failures: this.#failures.map(({ key, path, error }) => ({ key, path, reason: error.reason ?? error.code, error: errorDocument(error) })),
      notes: this.#notes,
    });
    printer.say(`${exitCode === EXIT.inSync ? green('Decrypted') : red('Decrypted in part')}: ${this.#summary()}, every SHA-256 checked, into ${printable(about.out)}`);
    if (versions > 0) printer.say(`Kept versions are in ${VERSIONS_OUT}.`);
    return exitCode;
  }
}
