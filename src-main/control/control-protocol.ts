import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { ErrorCode } from '../core/errors.ts';
import { SyncError } from '../core/errors.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';
import { PLACE } from './pieces.ts';

/**
 * What a command and the owner of a folder say to each other: JSON, a line each (docs/control.md). A change that an older end would misread raises the number.
 *
 * owner:   {"fileSync":1,"nonce":N}
 * command: {"protocol":1,"nonce":C,"proof":HMAC-SHA256(token, "command" C N)}
 * owner:   {"proof":HMAC-SHA256(token, "owner" N C),"source":...,"kind":...,"pid":...}
 * command: {"id":1,"ask":"sync",...}  {"cancel":1}
 * owner:   {"id":1,"event":"progress","value":...}  {"id":1,"at":["planned"],"items":[...]}  {"id":1,"result":...} or {"id":1,"error":...}
 */
export const PROTOCOL = 2;
/** What a command may say at once; it names one path at most. */
export const LONGEST_ASK = 65_536;
/** What an owner may answer at once. Long lists come in pieces. */
export const LONGEST_ANSWER = 64 * 1024 * 1024;
export const HANDSHAKE_MS = 5_000;

const nonce = z.string().regex(/^[0-9a-f]{32}$/);
const proof = z.string().regex(/^[0-9a-f]{64}$/);
export const GREETING = z.object({ fileSync: z.number().int(), nonce });
export const INTRODUCTION = z.object({ protocol: z.number().int(), nonce, proof });
export const WELCOME = z.object({ proof, source: z.string(), kind: z.enum(['app', 'cli', 'library']), pid: z.number().int(), host: z.string(), since: z.number() });
export type Welcome = z.output<typeof WELCOME>;

const path = z.string().transform((text, context): RelPath => {
  const parsed = parseRelPath(text);
  if ('path' in parsed) return parsed.path;
  context.addIssue({ code: 'custom', message: 'no path inside the folder' });
  return z.NEVER;
});
const id = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
/** What the owner of a folder is asked. */
export const PAIR_ASK = z.discriminatedUnion('ask', [
  z.strictObject({ id, ask: z.literal('sync'), full: z.boolean(), force: z.boolean(), dryRun: z.boolean(), releaseHeld: z.boolean(), path: path.nullable() }),
  z.strictObject({ id, ask: z.literal('look') }),
  z.strictObject({ id, ask: z.literal('conflicts') }),
  z.strictObject({ id, ask: z.literal('resolve'), path, choice: z.enum(['local', 'remote', 'both']) }),
  z.strictObject({
    id,
    ask: z.literal('restore'),
    what: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('time'), atMs: z.number(), path: path.nullable() }),
      z.strictObject({ kind: z.literal('version'), path, id: z.string().max(1024) }),
      z.strictObject({ kind: z.literal('run'), id: z.string().max(256) }),
      z.strictObject({ kind: z.literal('trash'), path, batch: z.string().max(256).nullable() }),
      z.strictObject({ kind: z.literal('held') }),
    ]),
    dryRun: z.boolean(),
    releaseHeld: z.boolean(),
  }),
  z.strictObject({ id, ask: z.literal('runs') }),
  z.strictObject({ id, ask: z.literal('verify'), content: z.boolean() }),
  z.strictObject({
    id,
    ask: z.literal('drill'),
    sample: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('count'), files: z.int().min(1) }),
      z.strictObject({ kind: z.literal('part'), percent: z.number().gt(0).max(100) }),
    ]),
  }),
  z.strictObject({ id, ask: z.literal('accept-restored'), dryRun: z.boolean() }),
  z.strictObject({ id, ask: z.literal('store-now') }),
  z.strictObject({ id, ask: z.literal('pause'), until: z.number().nullable() }),
  z.strictObject({ id, ask: z.literal('resume') }),
]);
export type PairAsk = z.output<typeof PAIR_ASK>;

/** What the desktop app is asked, whatever its folders do. */
export const APP_ASK = z.discriminatedUnion('ask', [
  /** A setting of one of its folders, under the name it has in settings files; null takes it out. */
  z.strictObject({ id, ask: z.literal('set'), folder: z.string().regex(/^[0-9a-f]{16}$/), name: z.string().max(64), value: z.string().max(32_768).nullable() }),
]);
export type AppAsk = z.output<typeof APP_ASK>;

export const CANCEL = z.strictObject({ cancel: id });

const error = z.object({ code: z.string(), message: z.string(), hint: z.string().nullable(), path: z.string().nullable() });
export const ANSWER = z.union([
  z.object({ id, event: z.enum(['progress', 'action']), value: z.unknown() }),
  z.object({ id, at: PLACE, items: z.array(z.unknown()) }),
  z.object({ id, error }),
  z.object({ id, result: z.unknown() }),
  // Without an id: the connection ends.
  z.object({ error }),
]);
export type Answer = z.output<typeof ANSWER>;

export function proofOf(token: string, role: 'command' | 'owner', first: string, second: string): string {
  return createHmac('sha256', Buffer.from(token, 'hex')).update(`file-sync control ${role} ${first} ${second}`).digest('hex');
}

export function isProof(given: string, wanted: string): boolean {
  return given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
}

/** One line; whole numbers beyond 2^53 (times in ns) survive. */
export function encode(value: object): string {
  return `${JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? { $big: String(part) } : part))}\n`;
}

/** Throws what is no JSON. */
export function decode(line: string): unknown {
  return JSON.parse(line, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || !('$big' in part)) return part;
    const { $big: text } = part;
    return typeof text === 'string' && /^-?\d{1,40}$/.test(text) ? BigInt(text) : part;
  });
}

export function errorPart(thrown: unknown): z.output<typeof error> {
  if (thrown instanceof SyncError) return { code: thrown.code, message: thrown.message, hint: thrown.hint ?? null, path: thrown.path ?? null };
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown), hint: null, path: null };
}

export function asError({ code, message, hint, path: at }: z.output<typeof error>): SyncError {
  return new SyncError(code as ErrorCode, message, { ...(hint === null ? {} : { hint }), ...(at === null ? {} : { path: at }) });
}
