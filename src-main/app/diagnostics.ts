import type { AppState, PairView } from '../../src-preload/contract/model.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface DiagnosticsInput {
  readonly state: AppState;
  /** ISO time. */
  readonly at: string;
  readonly versions: Readonly<Record<string, string>>;
  /** What this system offers: desktop, tray, keychain, display. */
  readonly system: Readonly<Record<string, string>>;
  /** How this run of the app fares; numbers alone. */
  readonly run: Readonly<Record<string, unknown>>;
  readonly logs: readonly { readonly name: string; readonly lines: readonly string[] }[];
  /** Whether names of files, folders and buckets are told. */
  readonly names: boolean;
}

const LONGEST_LINE = 600;

/**
 * What somebody needs who is to help: versions, what this machine can do, numbers about each folder, the end of the logs. Never the content of a file; no secret, since none gets into state, settings and logs, and what
 * looks like one is left out all the same. Without `names` no name either: of texts only those stay that this program wrote itself.
 */
export function diagnosticsText({ state, at, versions, system, run, logs, names }: DiagnosticsInput): string {
  const sections = [
    ['File Sync diagnostics', [`written ${at}`, names ? 'with names of files and folders' : 'without names of files and folders']],
    ['Versions', fields(versions)],
    [
      'System',
      [
        ...fields(system),
        ...fields({ online: state.machine.online, battery: state.machine.onBattery, metered: state.machine.metered, tray: state.tray, engine: state.engine.kind }),
      ],
    ],
    ['This run', fields(run)],
    ['Settings', fields(settingsFacts(state))],
    ...state.pairs.map((pair, i) => [`Folder ${i + 1}`, fields(names ? { ...pairNames(pair), ...pairFacts(pair) } : pairFacts(pair))] as const),
    ...logs.map(({ name, lines }) => [`Log ${name}`, lines.map((line) => logLine(line, names)).filter((line) => line !== '')] as const),
  ] as const;
  return withoutSecrets(`${sections.map(([title, lines]) => [`== ${title}`, ...lines].join('\n')).join('\n\n')}\n`);
}

function fields(facts: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(facts).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
}

function settingsFacts({ settings, overall, pairs, notices }: AppState): Readonly<Record<string, unknown>> {
  const { ignorePatterns, deviceName: _, ...rest } = settings;
  return { state: overall, folders: pairs.length, notices: notices.map(({ kind }) => kind), ...rest, ignorePatterns: ignorePatterns.length };
}

function pairNames({ name, source, storage }: PairView): Readonly<Record<string, unknown>> {
  return { name, source, backup: storage.kind === 'folder' ? storage.path : { bucket: storage.bucket, prefix: storage.prefix, endpoint: storage.endpoint } };
}

function pairFacts(pair: PairView): Readonly<Record<string, unknown>> {
  const { state, storage, protection, settings, files, bytes, kept, pending, watchMode, lastSyncAt, lastFullScanAt, nextSyncAt, holds, error, usage } = pair;
  const time = (at: number | null): string => (at === null ? 'never' : new Date(at).toISOString());
  return {
    state,
    holds,
    error: error?.code ?? null,
    storage: storage.kind === 's3' ? { kind: 's3', provider: storage.provider, region: storage.region, signIn: storage.signIn.kind } : { kind: 'folder' },
    protection: protection === null ? null : { encrypted: protection.encrypted, compressed: protection.compressed, hidesNames: protection.hidesNames },
    policy: settings.conflictPolicy,
    overrides: settings.conflictOverrides.length,
    ignorePatterns: settings.ignorePatterns.length,
    ignoreJunk: settings.ignoreJunk,
    schedule: settings.schedule,
    ownSettings: settings.tuning,
    files,
    bytes,
    versions: kept,
    pending,
    watching: watchMode.split(':')[0] ?? '',
    lastSync: time(lastSyncAt),
    lastFullScan: time(lastFullScanAt),
    nextSync: time(nextSyncAt),
    conflicts: pair.conflicts.total,
    held: pair.held.map(({ side, why, paths }) => ({ side, why, count: paths.total })),
    failures: tally(pair.failures.items.map(({ code }) => code)),
    problems: tally(pair.problems.items.map(({ reason }) => reason)),
    requestsThisMonth: usage?.requests ?? null,
  };
}

function tally(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** Texts of these fields are words of ours. */
const OUR_WORDS: readonly string[] = ['level', 'time', 'msg', 'cycle', 'action', 'kind', 'outcome', 'code', 'side', 'reason', 'place', 'version'];
const PLAIN_WORDS = /^[A-Za-z0-9 ,.;:()'_+-]{0,160}$/;

/** One line of a log. Without names, what might be one is gone: all texts but ours. */
function logLine(line: string, names: boolean): string {
  if (names) return line.slice(0, LONGEST_LINE);
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return line.trim() === '' ? '' : '(a line that is not shown)';
  }
  if (typeof parsed !== 'object' || parsed === null) return '';
  const kept = Object.entries(parsed).flatMap(([name, value]) => {
    if (typeof value === 'number' || typeof value === 'boolean') return [[name, value]];
    return typeof value === 'string' && OUR_WORDS.includes(name) && PLAIN_WORDS.test(value) ? [[name, value]] : [];
  });
  return JSON.stringify(Object.fromEntries(kept)).slice(0, LONGEST_LINE);
}
