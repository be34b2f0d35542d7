import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { NewHasher } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import type { Home } from '../platform/platform.ts';
import { readText, writeText } from '../platform/text-file.ts';

/** Where the owner of a folder is to be spoken to, and what proves that both ends are the same user: only this user can read the file it is in. */
export interface ControlPlace {
  readonly address: string;
  /** 64 hex digits, new with every owner. */
  readonly token: string;
}

/** Systems take 104 to 108 bytes, with a zero at the end. */
const LONGEST_ADDRESS = 100;
const FORMAT = 1;
const FILE = z.object({ format: z.literal(FORMAT), address: z.string().min(1).max(512), token: z.string().regex(/^[0-9a-f]{64}$/) });

/** The file beside the pair's lock that says where its owner listens. */
export function controlFile(lockFile: string): string {
  return `${lockFile.replace(/\.lock$/, '')}.control`;
}

/** Where a socket may lie, the best place first. Beside the lock, unless that path is too long for a socket's. */
export function addresses(lockFile: string, { platform, env }: Pick<Home, 'platform' | 'env'>, newHasher: NewHasher, id: string): readonly string[] {
  if (platform === 'win32') return [`\\\\.\\pipe\\file-sync-${id}`];
  const hasher = newHasher();
  hasher.update(new TextEncoder().encode(lockFile));
  const short = `${hasher.digest().slice(0, 16)}.sock`;
  const runtime = env['XDG_RUNTIME_DIR'];
  return [
    `${lockFile.replace(/\.lock$/, '')}.sock`,
    ...(runtime !== undefined && isAbsolute(runtime) ? [join(runtime, 'file-sync', short)] : []),
    join(tmpdir(), `file-sync-${userInfo().uid}`, short),
  ].filter((address) => Buffer.byteLength(address) <= LONGEST_ADDRESS);
}

/** Makes the folder of a socket, and says whether it is this user's alone: elsewhere nothing is listened to or spoken to. */
export function isPrivateFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return false;
  }
  return isOurs(folder, 0o077);
}

/** Nobody else can have put it there. */
export function isOurs(path: string, forbidden: number): boolean {
  try {
    const stat = lstatSync(path);
    return process.getuid === undefined || (stat.uid === process.getuid() && !stat.isSymbolicLink() && (stat.mode & forbidden) === 0);
  } catch {
    return false;
  }
}

export async function writePlace(fs: Fs, file: string, place: ControlPlace): Promise<void> {
  await writeText(fs, file, `${JSON.stringify({ format: FORMAT, ...place })}\n`, 0o600);
}

/** Null where there is none, or none that can be this user's own. It may be one that an owner left who was killed. */
export async function readPlace(fs: Fs, file: string): Promise<ControlPlace | null> {
  if (!isOurs(file, 0o077)) return null;
  try {
    const { address, token } = FILE.parse(JSON.parse(await readText(fs, file)));
    return { address, token };
  } catch {
    return null;
  }
}
