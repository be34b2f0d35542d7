import type { Backend, StoreFinding, StoreReport } from '../backends/backend.ts';
import { SyncError } from '../core/errors.ts';
import type { Clock } from '../platform/clock.ts';

/** Clocks further apart than this make signatures invalid sooner or later (S3 allows 15 min). */
const SKEW_MS = 60_000;

interface Step {
  readonly check: string;
  readonly good: string;
  run(): Promise<void>;
}

export interface TryOptions {
  readonly clock: Clock;
  /** A fresh one. */
  readonly id: string;
  readonly signal: AbortSignal;
}

/** Does once what a sync does, with one throw-away object, and then has the store look at itself. Ends at the first step that fails: the later ones would only repeat it. Throws only when `aborted`. */
export async function tryStore(
  backend: Backend,
  options: TryOptions,
): Promise<{ readonly findings: readonly StoreFinding[]; readonly report: StoreReport | null; readonly error: SyncError | null }> {
  const findings: StoreFinding[] = [];
  for (const { check, good, run } of steps(backend, options)) {
    try {
      await run();
      findings.push({ check, verdict: 'good', text: good, fix: null });
    } catch (error) {
      const failure = failureOf(error);
      return { findings: [...findings, { check, verdict: 'bad', text: failure.message, fix: failure.hint ?? null }], report: null, error: failure };
    }
  }
  try {
    // A store that looks at itself looks at its clock too.
    if (backend.inspect === undefined) findings.push(...(await clockFinding(backend, options.clock)));
    const report = (await backend.inspect?.({ signal: options.signal })) ?? { protection: backend.capabilities.atomicConditions ? 'atomic' : 'best-effort', findings: [] };
    return { findings: [...findings, ...report.findings], report, error: null };
  } catch (error) {
    const failure = failureOf(error);
    return { findings: [...findings, { check: 'behaviour', verdict: 'bad', text: failure.message, fix: failure.hint ?? null }], report: null, error: failure };
  }
}

/** What is known of the rule by which the bucket gives up unfinished uploads; null where there is none, which can be mended. */
export function cleanUpFinding(has: boolean | null): StoreFinding | null {
  const check = 'unfinished uploads';
  if (has === true) return { check, verdict: 'good', text: 'the bucket gives them up by a rule', fix: null };
  return has === null ? { check, verdict: 'note', text: 'whether the bucket has a rule that gives them up could not be learned', fix: null } : null;
}

/** What a test that was stopped may have left behind. What cannot be removed stays: it lies under our own folder and counts for nothing. */
export async function clearUp(backend: Backend, id: string): Promise<void> {
  for (const key of [keyOf(id), `${keyOf(id)}-copy`]) {
    const found = await backend.stat(key).catch(() => null);
    if (found !== null) await backend.delete(key, { version: found.version }).catch(() => undefined);
  }
}

function keyOf(id: string): string {
  return `.file-sync/check-${id}`;
}

/** What is not permitted at our own keys is not permitted at all. */
function failureOf(error: unknown): SyncError {
  if (!(error instanceof SyncError) || error.code === 'aborted') throw error;
  if (error.code !== 'no-permission') return error;
  return new SyncError('refused', error.message, { cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }) });
}

function steps(backend: Backend, { id, signal }: TryOptions): readonly Step[] {
  const key = keyOf(id);
  const bytes = new TextEncoder().encode('File Sync looks whether it may write here.\n');
  const body = {
    size: bytes.length,
    async *open() {
      yield bytes;
    },
  };
  const version = async () => {
    const found = await backend.stat(key, { signal });
    if (found === null) throw new SyncError('corrupt', 'what was just written is not there', { hint: 'Look whether a proxy or a cache answers in place of the store.' });
    return found.version;
  };
  return [
    {
      check: 'list',
      good: 'may list',
      run: async () => {
        // The first page is enough to know.
        for await (const _ of backend.list(`.file-sync/`, { signal })) break;
      },
    },
    {
      check: 'write',
      good: 'may write',
      run: async () => {
        const { kind } = await backend.put(key, body, { condition: { kind: 'absent' }, meta: { op: id }, signal });
        if (kind !== 'done') throw new SyncError('corrupt', 'a new object was taken for one that is there already');
      },
    },
    {
      check: 'read',
      good: 'may read, and reads what was written',
      run: async () => {
        const object = await backend.get(key, { signal });
        let length = 0;
        for await (const chunk of object?.chunks ?? []) length += chunk.length;
        if (length !== bytes.length || object?.info.meta['op'] !== id) throw new SyncError('corrupt', 'what is read is not what was written');
      },
    },
    {
      check: 'copy',
      good: 'may copy within the store',
      run: async () => {
        const { kind } = await backend.copy({ key, version: await version() }, `${key}-copy`, { condition: { kind: 'absent' }, signal });
        const copy = await backend.stat(`${key}-copy`, { signal });
        if (kind !== 'done' || copy === null) throw new SyncError('corrupt', 'a copy was not made');
        await backend.delete(`${key}-copy`, { version: copy.version, signal });
      },
    },
    {
      check: 'delete',
      good: 'may delete',
      run: async () => {
        await backend.delete(key, { version: await version(), signal });
        if ((await backend.stat(key, { signal })) !== null) throw new SyncError('corrupt', 'what was just deleted is still there');
      },
    },
  ];
}

async function clockFinding(backend: Backend, clock: Clock): Promise<readonly StoreFinding[]> {
  if (backend.now === undefined) return [];
  const ahead = clock.now() - (await backend.now());
  if (Math.abs(ahead) <= SKEW_MS) return [{ check: 'clock', verdict: 'good', text: 'agrees with the store’s', fix: null }];
  const text = `this device’s clock is ${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'} the store’s`;
  return [{ check: 'clock', verdict: 'warning', text, fix: 'Let the system set its clock over the network; a store refuses requests signed 15 min off.' }];
}
