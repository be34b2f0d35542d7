import { describe, expect, it } from 'vitest';
import { UnzstdThreads } from './unzstd-thread.ts';

/** One frame with one raw block. */
const PACKED = Buffer.from('28b52ffd2018c1000068656c6c6f2c2068656c6c6f2c2068656c6c6f2c2068656c', 'hex');

describe('zstd in a thread', () => {
  it('unpacks what is asked at the same time, each its own, and blocks nobody meanwhile', async () => {
    const threads = new UnzstdThreads();
    const texts = await Promise.all(Array.from({ length: 5 }, () => threads.unpack(PACKED, 24)));
    expect(texts.map((bytes) => Buffer.from(bytes).toString())).toEqual(Array.from({ length: 5 }, () => 'hello, hello, hello, hel'));
    expect(PACKED[0]).toBe(0x28);
  });

  it('names what cannot be unpacked, and goes on', async () => {
    const threads = new UnzstdThreads();
    await expect(threads.unpack(Buffer.from('28b52ffd', 'hex'), 10)).rejects.toMatchObject({ code: 'corrupt', reason: 'malformed' });
    expect(await threads.unpack(PACKED, 24)).toHaveLength(24);
  });

  it('that dies is named to whoever waits, and replaced', async () => {
    const threads = new UnzstdThreads(`const { parentPort } = require('node:worker_threads');
      parentPort.on('message', ({ id, size }) => { if (size === 1) process.exit(7); if (size === 2) throw new Error('gone'); parentPort.postMessage({ id, bytes: new Uint8Array(size) }); });`);
    await expect(threads.unpack(PACKED, 1)).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('thread') });
    await expect(threads.unpack(PACKED, 2)).rejects.toMatchObject({ code: 'internal' });
    expect(await threads.unpack(PACKED, 3)).toHaveLength(3);
  });
});
