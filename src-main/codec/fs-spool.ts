import { createCipheriv, createDecipheriv } from 'node:crypto';
import { hasCode, SyncError } from '../core/errors.ts';
import type { Chance, Random } from '../platform/clock.ts';
import type { Fs, ReadHandle, WriteHandle } from '../platform/fs.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { Spool, SpoolFile } from './container.ts';
import { wipe } from './derive.ts';
import { handleBytes } from './read-file.ts';

/** All that lies in one spool at a time: what finds no room there is compressed twice instead. */
const MOST_BYTES = 4 * 1024 ** 3;
const TAG_BYTES = 16;

export interface FsSpoolPorts {
  readonly fs: Fs;
  readonly folder: string;
  readonly random: Pick<Random, 'id'>;
  readonly chance: Chance;
  readonly mostBytes?: number;
}

/**
 * Room in a folder of ours. What lies there is encrypted under a key that is in memory alone, so that the disk holds nothing readable (I9); what comes back changed is an error, since it would be sent. A file loses its name as soon as it is open,
 * where the system allows that, so that a crash leaves nothing.
 */
export function fsSpool({ fs, folder, random, chance, mostBytes = MOST_BYTES }: FsSpoolPorts): Spool {
  let taken = 0;
  return {
    async create(atMost) {
      if (taken + atMost > mostBytes) return null;
      taken += atMost;
      try {
        return await createIn(fs, folder, `${folder}/${random.id()}.tmp`, chance(32), () => {
          taken -= atMost;
        });
      } catch (error) {
        taken -= atMost;
        throw error;
      }
    },
  };
}

/** Removes what a crash left there; whoever calls owns the folder. */
export async function clearSpool(fs: Fs, folder: string): Promise<void> {
  if ((await fs.lstat(folder))?.kind !== 'folder') return;
  for (const { name, valid } of await fs.readDir(folder)) if (valid && name.endsWith('.tmp')) await fs.unlink(`${folder}/${name}`).catch(() => undefined);
}

async function createIn(fs: Fs, folder: string, path: string, key: Uint8Array, done: () => void): Promise<SpoolFile> {
  await fs.mkdir(folder).then(
    () => fs.chmod(folder, 0o700),
    (error: unknown) => {
      if (!hasCode(error, 'exists')) throw error;
    },
  );
  const writer = await fs.create(path, 0o600);
  const reader = await fs.openRead(path).catch(async (error: unknown) => {
    await writer.close();
    await fs.unlink(path).catch(() => undefined);
    throw error;
  });
  const unlink = (): Promise<boolean> =>
    fs.unlink(path).then(
      () => true,
      () => false,
    );
  const isNameless = await unlink();
  let isOpen = true;
  return sealedFile(writer, reader, key, async () => {
    if (!isOpen) return;
    isOpen = false;
    done();
    wipe(key);
    await writer.close();
    await reader.close();
    if (!isNameless) await unlink();
  });
}

/** Each chunk by itself under AES-256-GCM, its number the nonce: a key is for one file, which is written once. */
function sealedFile(writer: WriteHandle, reader: ReadHandle, key: Uint8Array, discard: () => Promise<void>): SpoolFile {
  const lengths: number[] = [];
  return {
    async write(chunk) {
      const cipher = createCipheriv('aes-256-gcm', key, nonceOf(lengths.length));
      lengths.push(chunk.length);
      const body = cipher.update(chunk);
      cipher.final();
      await writer.write(Buffer.concat([body, cipher.getAuthTag()]));
    },
    async *read() {
      const stored = new ChunkReader(handleBytes(reader, 0));
      try {
        for (const [number, length] of lengths.entries()) yield unsealed(key, number, await stored.take(length + TAG_BYTES), length);
      } finally {
        await stored.close();
      }
    },
    discard,
  };
}

function unsealed(key: Uint8Array, number: number, sealed: Uint8Array, length: number): Uint8Array {
  const changed = (cause?: unknown): SyncError => new SyncError('io', 'what was put aside on the disk did not come back as it was', { cause });
  if (sealed.length !== length + TAG_BYTES) throw changed();
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(length));
  const text = decipher.update(sealed.subarray(0, length));
  try {
    decipher.final();
  } catch (error) {
    throw changed(error);
  }
  return text;
}

function nonceOf(number: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(number), 4);
  return nonce;
}
