import { hasCode } from '../../core/errors.ts';
import type { FileStat, Fs } from '../../platform/fs.ts';
import type { Body, Meta } from '../backend.ts';
import { checkedBody } from './bytes.ts';
import { ignoreUnsupported } from './placement.ts';

const DEFAULT_MODE = 0o644;

/** Writes the whole body to a new file, durable and with its times and bits, before anyone can see it (I4). */
export async function fillTemp(fs: Fs, temp: string, body: Body, meta: Meta, signal?: AbortSignal): Promise<void> {
  const chunks = checkedBody(body, signal);
  if (meta['kind'] === 'symlink') {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(Uint8Array.from(chunk));
    await fs.symlink(Buffer.concat(parts).toString('utf8'), temp);
    return;
  }
  const bits = bitsOf(meta) ?? DEFAULT_MODE;
  const out = await fs.create(temp, bits);
  let made: number;
  try {
    for await (const chunk of chunks) await out.write(chunk);
    await out.sync();
    made = (await out.stat()).mode;
  } finally {
    await out.close();
  }
  // Only what the umask took: on a busy disk each call less is felt.
  if (made !== bits) await fs.chmod(temp, bits).catch(ignoreUnsupported);
  await setTime(fs, temp, timeOf(meta));
}

/** Gives a copy the bits and time that its metadata names, or else its source's. */
export async function dressTemp(fs: Fs, temp: string, meta: Meta, source: FileStat): Promise<void> {
  await fs.chmod(temp, bitsOf(meta) ?? source.mode).catch(ignoreUnsupported);
  await setTime(fs, temp, timeOf(meta) ?? source.mtimeNs);
}

/** Gives a file that has moved the bits and time of its new metadata, where they are others; says whether it did. */
export async function dressMoved(fs: Fs, path: string, meta: Meta, moved: FileStat): Promise<boolean> {
  if (moved.kind !== 'file') return false;
  const bits = bitsOf(meta);
  const time = timeOf(meta);
  const otherBits = bits !== null && bits !== (moved.mode & 0o777);
  const otherTime = time !== null && time !== moved.mtimeNs;
  if (otherBits) await fs.chmod(path, bits).catch(ignoreUnsupported);
  if (otherTime) await setTime(fs, path, time);
  return otherBits || otherTime;
}

function bitsOf({ mode = '' }: Meta): number | null {
  return /^[0-7]{1,4}$/.test(mode) ? Number.parseInt(mode, 8) & 0o777 : null;
}

function timeOf({ mtime = '' }: Meta): bigint | null {
  return /^-?\d{1,19}$/.test(mtime) ? BigInt(mtime) : null;
}

async function setTime(fs: Fs, temp: string, time: bigint | null): Promise<void> {
  if (time === null) return;
  // A time that the file system cannot hold is only recorded.
  await fs.setMtime(temp, time).catch((error: unknown) => {
    if (!hasCode(error, 'not-supported', 'no-permission', 'name-not-allowed', 'io')) throw error;
  });
}
