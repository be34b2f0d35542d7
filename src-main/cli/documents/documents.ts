import { z } from 'zod';
import { CONFIG_DOCUMENTS } from './config-documents.ts';
import { exitCode, documentOf as of } from './envelope.ts';
import { FILES_DOCUMENTS } from './files-documents.ts';
import { HISTORY_DOCUMENTS } from './history-documents.ts';
import { KEYS_DOCUMENTS } from './keys-documents.ts';
import { action, backend, conflict, count, error, held, protection, report, side, status, storeFinding, time } from './parts.ts';

/** Instead of any document: what kept a command from its end. Also the line that ends `watch` early. */
export const FAILURE = z.strictObject({ command: z.string().nullable().describe('null: none was understood'), ok: z.literal(false), exitCode, error });

const words = z.string().nullable();
const holder = z.strictObject({ pid: z.number().int(), host: z.string(), kind: z.enum(['app', 'cli', 'library']), since: time });
const cost = z.strictObject({
  provider: words.describe('null, as source and asOf: by your own prices'),
  requests: z.number(),
  egress: z.number(),
  storage: z.number(),
  total: z.number(),
  note: words,
  source: words,
  asOf: words,
});
const activity = z.strictObject({
  at: time,
  cycle: z.string(),
  path: z.string(),
  to: words.describe('where a move takes it'),
  what: z.string(),
  outcome: z.enum(['done', 'stale', 'failed']),
  reason: z.string(),
  bytes: count,
  code: z.string().optional().describe('of what failed'),
  tries: count.optional().describe('how often it failed, if more than once'),
});
const ignoreRule = z.strictObject({ pattern: z.string(), from: z.enum(['leftovers', 'settings', 'file']), file: words }).nullable();
const finding = z.strictObject({
  severity: z.enum(['damage', 'leftover', 'unsyncable']),
  kind: z.string(),
  path: z.string(),
  base: words,
  local: words,
  remote: words,
  next: z.string(),
  side: side.optional(),
  reason: z.string().optional(),
});

const service = { system: z.enum(['systemd', 'launchd', 'task-scheduler']), name: z.string(), file: z.string() };
const at = z.iso.datetime();
const WATCH_EVENTS = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('status'), at, status }),
  z.strictObject({ event: z.literal('action'), at, cycle: z.string(), outcome: z.enum(['done', 'failed']), message: z.string().nullable(), ...action.shape }),
  z.strictObject({ event: z.literal('conflict'), at, conflict }),
  z.strictObject({ event: z.literal('held'), at, ...held.shape }),
  z.strictObject({ event: z.literal('cycle'), at, ...report }),
  z.strictObject({ event: z.literal('metrics'), at, url: z.string().describe('where Prometheus finds them (--metrics-port)') }),
]);

/** The document of each command with `--json`, by its name; of `watch`, each of its lines. The files of docs/schema are made of it. */
export const DOCUMENTS: Readonly<Record<string, z.ZodType>> = {
  init: z.union([
    of('init', {
      file: z.string(),
      source: z.string(),
      backend,
      protection: protection.optional().describe('of a bucket'),
      findings: z.array(z.strictObject(storeFinding)).optional().describe('of a bucket'),
      vault: z
        .strictObject({
          state: z.enum(['new', 'joined']),
          id: z.string(),
          codec: z.looseObject({}).describe('encryption, compression, names'),
          kept: z.enum(['keychain', 'file', 'environment']).describe('where what opens it stays on this device'),
          sheet: z.string().nullable().describe('where the recovery sheet was written'),
        })
        .nullable()
        .describe('the encrypted vault; null: files are not encrypted'),
    }),
    of('init', { policy: z.looseObject({ Version: z.string(), Statement: z.array(z.looseObject({})) }).describe('with --show-policy') }),
  ]),
  sync: of('sync', { dryRun: z.boolean(), counts: z.record(z.string(), count).describe('what was done, by kind'), seconds: z.number(), ...report }),
  watch: WATCH_EVENTS,
  status: of('status', {
    status,
    cost: cost.nullable().describe('an estimate in US dollars'),
    holder: holder.nullable().describe('who owns the folder'),
    protection: protection.nullable().describe('what happens when two devices save one file at once; null: not known yet'),
    codec: z
      .strictObject({ encryption: z.boolean(), compression: z.boolean(), names: z.string() })
      .nullable()
      .optional()
      .describe('how files lie in the backup; null: as they are'),
    pending: count.nullable().describe('null: unknown'),
    schedule: z
      .strictObject({ cron: z.string().nullable(), timeZone: z.string().nullable(), quiet: z.array(z.string()), next: z.array(time).describe('the next syncs') })
      .nullable()
      .describe('null: as changes come'),
    now: z.strictObject(report).nullable(),
    error: error.nullable(),
  }),
  pause: of('pause', { until: time.nullable().describe('null: until resume') }),
  resume: of('resume', {}),
  list: of('list', { pending: z.array(action), ...report }),
  conflicts: of('conflicts', { conflicts: z.array(conflict) }),
  'conflicts resolve': of('conflicts resolve', { path: z.string(), keep: z.enum(['local', 'remote', 'both']), resolved: z.boolean(), ...report }),
  'accept-restored': of('accept-restored', {
    dryRun: z.boolean(),
    older: z.array(z.string()).describe('an older version came back there'),
    missing: z.array(z.string()).describe('agreed here and gone there'),
    differing: z.array(z.string()).describe('other content there, of an age that nobody can tell'),
    ...z.strictObject(report).partial().shape,
  }),
  verify: z.union([
    of('verify', {
      content: z.boolean().describe('whether contents were read'),
      checked: z.strictObject({ base: count, local: count, remote: count }),
      counts: z.strictObject({ damage: count, leftover: count, unsyncable: count, pending: count, conflicts: count, held: count }),
      findings: z.array(finding),
      pending: z.array(action),
      conflicts: z.array(conflict),
      held: z.array(held),
    }),
    of('verify', {
      sample: z
        .strictObject({
          files: count.describe('fetched and proven'),
          bytes: count,
          passed: count.describe('changed in the backup meanwhile'),
          failed: z.array(z.strictObject({ path: z.string(), why: z.string() })),
        })
        .describe('with --sample'),
    }),
  ]),
  doctor: of('doctor', {
    source: z.string(),
    backend,
    protection: protection.nullable(),
    findings: z.array(z.strictObject({ area: z.enum(['settings', 'folder', 'machine', 'store']), ...storeFinding })),
  }),
  'verify-backend': of('verify-backend', {
    store: z.string(),
    prefix: z.string(),
    quick: z.boolean(),
    counts: z.strictObject({ passed: count, weak: count, failed: count }),
    checks: z.array(z.strictObject({ name: z.string(), verdict: z.enum(['passed', 'weak', 'failed']), detail: z.string().nullable(), matters: z.string() })),
  }),
  activity: z.union([
    of('activity', { activity: z.array(activity).describe('oldest first') }),
    activity.extend({ event: z.literal('activity').describe('a line, with --follow') }),
  ]),
  why: of('why', { path: z.string(), ignoredBy: words, ignoreRule, base: words, local: words, remote: words, decision: z.string(), lastError: words, activity: z.array(activity) }),
  'state export': of('state export', { file: z.string(), paths: count, conflicts: count }),
  'state import': of('state import', {
    dryRun: z.boolean(),
    file: z.string(),
    adopted: count,
    known: count.describe('remembered already'),
    passed: z.array(z.string()).describe('neither side holds it'),
  }),
  'service install': of('service install', { ...service, text: z.string().describe('the file'), installed: z.boolean().describe('false with --print') }),
  'service remove': of('service remove', { ...service, removed: z.boolean().describe('false: there was none') }),
  'service status': of('service status', { ...service, installed: z.boolean(), running: z.boolean(), detail: z.string().describe('as the system says it') }),
  ...CONFIG_DOCUMENTS,
  ...HISTORY_DOCUMENTS,
  ...KEYS_DOCUMENTS,
  ...FILES_DOCUMENTS,
  completion: of('completion', { shell: z.enum(['bash', 'zsh', 'fish']), script: z.string() }),
};

/** What a line of `--json` output may be: the command's own document or a failure. */
export function documentSchema(command: string): z.ZodType {
  const own = DOCUMENTS[command];
  return own === undefined ? FAILURE : z.union([own, FAILURE]);
}

/** Says what is wrong with a line of `--json` output; null when it is as described. The command is read off the line. */
export function faultOf(line: string): string | null {
  const value = JSON.parse(line) as { readonly command?: string | null; readonly event?: string };
  const command = value.event === undefined ? (value.command ?? 'error') : value.event === 'activity' ? 'activity' : 'watch';
  const result = documentSchema(command).safeParse(value);
  return result.success ? null : `the document of ${command} is not as src-main/cli/documents describes it: ${z.prettifyError(result.error)}`;
}
