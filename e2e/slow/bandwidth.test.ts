import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type * as Library from '../../src-main/index.ts';
import { S3Server, TEST_CREDENTIAL } from '../../src-main/testing/s3-server/s3-server.ts';
import { type Device, eventually, World } from '../cli/world.ts';

/** What is tested is the built library, by the real clock. */
const { BandwidthLimiter, S3Backend, SyncManager }: typeof Library = await import(pathToFileURL(resolve(import.meta.dirname, '../../out/main/index.js')).href);

const KIB = 1024;
const MIB = 1024 * KIB;
const WINDOW_MS = 30_000;
const BUCKET = 'our-bucket';
const LIMITS = [
  { up: MIB, down: 2 * MIB },
  { up: 2 * MIB, down: MIB },
] as const;
/** Some more than both windows let through. Small, so that what lies in the system's buffers, sent by the server and not yet read, is little against a window. */
const FILES = { up: { count: 180, size: 640 * KIB }, down: { count: 850, size: 128 * KIB } };
const DIRECTIONS = ['up', 'down'] as const;
/** What a bucket of tokens makes up for when its timer comes late; what a longer standstill of the process lost is lost. */
const MADE_UP_FOR_MS = 250;

/** Says how long somebody waited for the limit. */
class WatchedLimiter extends BandwidthLimiter {
  readonly waiting = { up: 0, down: 0 };

  override async take(direction: 'up' | 'down', bytes: number, signal?: AbortSignal): Promise<void> {
    this.waiting[direction]++;
    try {
      await super.take(direction, bytes, signal);
    } finally {
      this.waiting[direction]--;
    }
  }
}

let world: World;
let server: S3Server;
beforeEach(async () => {
  world = new World();
  server = await S3Server.start({ buckets: [BUCKET] });
});
afterEach(async () => {
  await world.end();
  await server.close();
});

function managerOf(device: Device, bandwidth?: InstanceType<typeof BandwidthLimiter>): InstanceType<typeof SyncManager> {
  const { accessKeyId, secretAccessKey } = TEST_CREDENTIAL;
  const backend = new S3Backend({
    bucket: BUCKET,
    prefix: device.name.split('-')[0] ?? '',
    endpoint: server.endpoint,
    region: server.region,
    credentials: { accessKeyId, secretAccessKey },
  });
  return new SyncManager({
    sourceDir: device.source,
    backend,
    stateDir: device.state,
    logLevel: 'silent',
    deviceName: device.name,
    ...(bandwidth === undefined ? {} : { bandwidth }),
  });
}

function fill(device: Device, { count, size }: { readonly count: number; readonly size: number }): void {
  for (let n = 0; n < count; n++) device.write(`d${n % 20}/f${n}`, randomBytes(size));
}

/** Bytes of bodies that the server has taken and given since its traffic was reset. */
function moved(): { readonly up: number; readonly down: number } {
  return { up: server.traffic.bytesIn(), down: server.traffic.bytesOut() };
}

/**
 * What moved within a window, as a part of what the limit allows.
 *
 * `most` counts the whole window: no machine is so busy that more may pass. `least` counts the time in which somebody waited for the limit: while nobody did, the machine was what held up the transfers, and of a standstill of
 * the whole process it counts as much as the limiter makes up for.
 */
async function measured(limiter: WatchedLimiter, limits: { readonly up: number; readonly down: number }) {
  const from = performance.now();
  const before = moved();
  const waitedMs = { up: 0, down: 0 };
  for (let last = from; last - from < WINDOW_MS; ) {
    const waits = { ...limiter.waiting };
    await wait(25);
    const now = performance.now();
    for (const way of DIRECTIONS) if (waits[way] > 0) waitedMs[way] += Math.min(now - last, MADE_UP_FOR_MS);
    last = now;
  }
  const seconds = (performance.now() - from) / 1000;
  const after = moved();
  return DIRECTIONS.map((way) => {
    const bytes = after[way] - before[way];
    return { way, most: bytes / (limits[way] * seconds), least: bytes / (limits[way] * (waitedMs[way] / 1000)), waited: waitedMs[way] / 1000 / seconds };
  });
}

it('C71 bandwidth limits hold within 10 % over 30 seconds, both ways at once, with many transfers, and when they are changed under way', async () => {
  const [sender, source, receiver] = [world.device('up'), world.device('down-source'), world.device('down')];
  fill(sender, FILES.up);
  fill(source, FILES.down);
  const first = managerOf(source);
  await first.syncAll();
  await first.stop();
  server.traffic.reset();

  const limiter = new WatchedLimiter(LIMITS[0]);
  const managers = [managerOf(sender, limiter), managerOf(receiver, limiter)];
  const stop = new AbortController();
  const ended = Promise.all(managers.map((manager) => manager.syncAll({ signal: stop.signal }).catch((error: unknown) => error)));
  await eventually('files on the way both ways', () => server.traffic.bytesIn('PutObject') > 6 * MIB && server.traffic.bytesOut('GetObject') > MIB, 120_000);
  const seen = [];
  for (const limits of LIMITS) {
    limiter.set(limits);
    seen.push(...(await measured(limiter, limits)));
  }
  expect(server.traffic.count('GetObject'), 'the files were enough').toBeLessThan(FILES.down.count);
  stop.abort();
  limiter.set({ up: null, down: null });
  await ended;
  for (const manager of managers) await manager.stop();

  process.stdout.write(
    `${seen.map(({ way, most, least, waited }) => `${way}: ${most.toFixed(3)} of the limit, ${least.toFixed(3)} of it while transfers waited (${Math.round(waited * 100)} % of the time)`).join('\n')}\n`,
  );
  for (const { way, most, least } of seen) {
    expect(most, `${way}: no more than the limit`).toBeLessThan(1.1);
    expect(least, `${way}: no less, while transfers wait for it`).toBeGreaterThan(0.9);
  }
});
