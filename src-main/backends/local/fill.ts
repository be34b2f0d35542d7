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
  const out = await fs.create(temp, 0o600);
  try {
    for await (const chunk of chunks) await out.write(chunk);
    await out.sync();
  } finally {
    await out.close();
  }
  await dressTemp(fs, temp, meta, null);
}

/** Gives a file the bits and time that its metadata names, or `source`'s. */
export async function dressTemp(fs: Fs, temp: string, meta: Meta, source: FileStat | null): Promise<void> {
  const { mode = '', mtime = '' } = meta;
  const bits = /^[0-7]{1,4}$/.test(mode) ? Number.parseInt(mode, 8) & 0o777 : (source?.mode ?? DEFAULT_MODE);
  await fs.chmod(temp, bits).catch(ignoreUnsupported);
  const time = /^-?\d{1,19}$/.test(mtime) ? BigInt(mtime) : source?.mtimeNs;
  // A time that the file system cannot hold is only recorded.
  if (time !== undefined)
    await fs.setMtime(temp, time).catch((error: unknown) => {
      if (!hasCode(error, 'not-supported', 'no-permission', 'name-not-allowed', 'io')) throw error;
    });
}
