import { basename, join, resolve } from 'node:path';
import { ENCRYPTED_ENDING, FileCodec } from '../codec/file-encryptor.ts';
import { SyncError } from '../core/errors.ts';
import { eachFile } from './each-file.ts';
import type { ExitCode } from './exit-codes.ts';
import { type FileKeyFlags, fileKey } from './file-key.ts';
import { ensureOutFolder } from './out-folder.ts';
import type { Session } from './session.ts';

export interface EncryptFlags extends FileKeyFlags {
  readonly out?: string;
  readonly compress?: boolean;
  readonly level?: string;
  readonly force?: boolean;
}

/** Single files, each into a file of its own with `.enc` at its end; the originals stay. */
export async function encryptCommand(session: Session, files: readonly string[], flags: EncryptFlags): Promise<ExitCode> {
  const { context } = session;
  if (flags.level !== undefined && !/^[1-9]$/.test(flags.level)) throw new SyncError('usage', '--level takes 1 to 9: 1, 2, 3, 4, 5, 6, 7, 8 or 9');
  if (flags.level !== undefined && flags.compress !== true) throw new SyncError('usage', '--level takes --compress');
  const compression = { compression: flags.compress ?? false, ...(flags.level === undefined ? {} : { level: Number(flags.level) }) };
  const codec = new FileCodec(context.platform, { key: await fileKey(session, flags), ...compression });
  const folder = flags.out === undefined ? null : resolve(context.cwd, flags.out);
  return eachFile(session, 'encrypt', files, async (file) => {
    if (folder !== null) await ensureOutFolder(context.platform.fs, folder);
    return codec.encryptFile(file, {
      signal: context.interrupt,
      overwrite: flags.force ?? false,
      ...(folder === null ? {} : { to: join(folder, `${basename(file)}${ENCRYPTED_ENDING}`) }),
    });
  });
}
