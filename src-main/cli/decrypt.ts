import { basename, join, posix, resolve } from 'node:path';
import type { Stored } from '../codec/container.ts';
import { vaultTag } from '../codec/content-keys.ts';
import { FileCodec } from '../codec/file-encryptor.ts';
import { HEADER_BYTES, parseHeader } from '../codec/header.ts';
import { openContainer } from '../codec/open-container.ts';
import { fileBytes } from '../codec/read-file.ts';
import { SyncError } from '../core/errors.ts';
import { nameRules } from '../core/name-rules.ts';
import { parseRelPath } from '../core/rel-path.ts';
import { decryptTreeCommand } from './decrypt-tree.ts';
import { eachFile } from './each-file.ts';
import type { ExitCode } from './exit-codes.ts';
import { type FileKeyFlags, fileKey } from './file-key.ts';
import { documentAbove, type OpenedDocument, openDocument } from './opened-document.ts';
import { ensureOutFolder } from './out-folder.ts';
import { RestoredFiles } from './restored-files.ts';
import type { Session } from './session.ts';

export interface DecryptFlags extends FileKeyFlags {
  readonly tree?: string;
  readonly out?: string;
  readonly vault?: string;
  readonly versions?: boolean;
  readonly force?: boolean;
}

/** Files that `encrypt` made, single objects of a vault, or a whole copy of a store; all offline. */
export async function decryptCommand(session: Session, files: readonly string[], flags: DecryptFlags): Promise<ExitCode> {
  if (flags.tree !== undefined) {
    if (files.length > 0) throw new SyncError('usage', '--tree takes a whole folder, and no files beside it');
    if (flags.out === undefined) throw new SyncError('usage', '--tree needs --out DIR, the folder everything is written into');
    return decryptTreeCommand(session, { ...flags, tree: flags.tree, out: flags.out });
  }
  if (files.length === 0) throw new SyncError('usage', 'decrypt takes files, or --tree DIR --out DIR for a whole copy of a store');
  const vaults = new Map<string, OpenedDocument>();
  let codec: FileCodec | null = null;
  try {
    return await eachFile(session, 'decrypt', files, async (file) => {
      if (await isByItself(session, file)) {
        codec ??= new FileCodec(session.context.platform, { key: await fileKey(session, flags) });
        const signal = session.context.interrupt;
        if (flags.out !== undefined) await ensureOutFolder(session.context.platform.fs, resolve(session.context.cwd, flags.out));
        return codec.decryptFile(file, {
          signal,
          overwrite: flags.force ?? false,
          ...(flags.out === undefined ? {} : { to: join(resolve(session.context.cwd, flags.out), nameOfPlain(file)) }),
        });
      }
      return fromVault(session, file, flags, vaults);
    });
  } finally {
    for (const vault of vaults.values()) vault.destroy();
  }
}

const FILE_TAG = vaultTag('0'.repeat(32));

/** Whether `encrypt` made it; else it is an object of a vault. */
async function isByItself({ context }: Session, file: string): Promise<boolean> {
  const stat = await context.platform.fs.lstat(file);
  if (stat === null) throw new SyncError('not-found', `${file} is not there`, { path: file });
  if (stat.kind === 'folder') throw new SyncError('usage', `${file} is a folder`, { path: file, hint: 'A whole copy of a store: file-sync decrypt --tree DIR --out DIR.' });
  let first: Uint8Array = new Uint8Array(0);
  for await (const chunk of fileBytes(context.platform.fs, file)) {
    first = chunk.subarray(0, HEADER_BYTES);
    break;
  }
  return FILE_TAG.equals(parseHeader(first).vaultTag);
}

function nameOfPlain(file: string): string {
  return basename(file).replace(/\.enc$/i, '');
}

async function fromVault(session: Session, file: string, { vault, out }: DecryptFlags, vaults: Map<string, OpenedDocument>): Promise<string> {
  const { context } = session;
  const { fs, random, newHasher, home } = context.platform;
  const at = vault === undefined ? await documentAbove(session, file) : resolve(context.cwd, vault);
  if (at === null)
    throw new SyncError('usage', `${file} is an object of a vault, and no vault.json lies above it`, {
      path: file,
      hint: 'Name the vault’s vault.json, or a copy of it, by --vault FILE.',
    });
  if (out === undefined) throw new SyncError('usage', `${file} is an object of a vault: say by --out DIR where its content should go`, { path: file });
  const opened = vaults.get(at) ?? (await openDocument(session, at));
  vaults.set(at, opened);
  const stored: Stored = { size: (await fs.lstat(file))?.size ?? 0, open: (offset) => fileBytes(fs, file, offset) };
  const container = await openContainer(stored, { ...opened.opening, signal: context.interrupt });
  try {
    const { head } = container;
    const name = parseRelPath(posix.basename(head.path));
    if (head.kind !== 'file' || 'fault' in name)
      throw new SyncError('not-supported', `${file} holds no file but ${head.kind === 'own' ? 'something of File Sync’s own' : `a ${head.kind}`}`, { path: file });
    const folder = resolve(context.cwd, out);
    await ensureOutFolder(fs, folder);
    const names = nameRules(home.platform);
    await new RestoredFiles({ fs, random, newHasher, names, out: folder, signal: context.interrupt }).file(name.path, head, () => container.chunks());
    return join(folder, names.toDisk(name.path));
  } finally {
    await container.close();
  }
}
