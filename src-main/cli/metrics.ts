import type { CycleReport, PairState, PairStatus } from '../core/events.ts';

/** What a scrape shows: the pair's status now, and what has happened since the start. */
export interface MetricsSource {
  readonly version: string;
  readonly status: PairStatus;
  readonly totals: MetricsTotals;
  readonly process: { readonly residentBytes: number; readonly cpuSeconds: number; readonly startedAt: number };
}

/** Counted since the start of the process. */
export class MetricsTotals {
  readonly actions = new Map<string, number>();
  cycles = 0;
  bytesUp = 0;
  bytesDown = 0;

  action(kind: string, outcome: string): void {
    const key = `${kind} ${outcome}`;
    this.actions.set(key, (this.actions.get(key) ?? 0) + 1);
  }

  cycle({ bytesUp, bytesDown }: Pick<CycleReport, 'bytesUp' | 'bytesDown'>): void {
    this.cycles++;
    this.bytesUp += bytesUp;
    this.bytesDown += bytesDown;
  }
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];
interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: readonly Sample[];
}

const STATES: readonly PairState[] = ['not-set-up', 'ok', 'syncing', 'paused', 'offline', 'attention', 'error'];

/** The text exposition format of Prometheus, version 0.0.4 (docs/metrics.md). No path and no name of a folder is in it. */
export function metricsText(source: MetricsSource): string {
  return families(source)
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) =>
      [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`, ...samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}`)].join('\n'),
    )
    .join('\n')
    .concat('\n');
}

function families({ version, status, totals, process }: MetricsSource): readonly Family[] {
  const gauge = (name: string, help: string, value: number | null): Family => ({ name: `file_sync_${name}`, type: 'gauge', help, samples: value === null ? [] : [[{}, value]] });
  const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({ name: `file_sync_${name}_total`, type: 'counter', help, samples });
  const { usage } = status;
  return [
    { name: 'file_sync_build_info', type: 'gauge', help: 'The version that runs; always 1.', samples: [[{ version }, 1]] },
    {
      name: 'file_sync_state',
      type: 'gauge',
      help: '1 for the state the folder is in, 0 for the others.',
      samples: STATES.map((state) => [{ state }, state === status.state ? 1 : 0]),
    },
    gauge('files', 'Files both sides agree on.', status.files),
    gauge('size_bytes', 'Bytes of these files.', status.bytes),
    gauge('pending_changes', 'Changes that are known and not done.', status.pending),
    gauge('conflicts', 'Files in two versions that wait for a choice.', status.conflicts.length),
    gauge(
      'held_deletions',
      'Deletions that wait for a word, because they are unusually many.',
      status.held.reduce((sum, { paths }) => sum + paths.length, 0),
    ),
    gauge('failing_paths', 'Paths whose last transfer failed.', status.failures.length),
    gauge('problem_paths', 'Paths that cannot be synced.', status.problems.length),
    gauge('last_sync_timestamp_seconds', 'When everything was last in sync, since the epoch.', seconds(status.lastSyncAt)),
    gauge('last_full_scan_timestamp_seconds', 'When both sides were last looked at in full, since the epoch.', seconds(status.lastFullScanAt)),
    gauge('in_flight_transfers', 'Transfers under way.', status.progress?.inFlight.length ?? 0),
    gauge('transfer_rate_bytes_per_second', 'How fast bytes are moving.', status.progress?.rate ?? 0),
    gauge('kept_versions', 'Kept versions in the backup, at the last sweep.', status.kept?.count ?? null),
    gauge('kept_versions_bytes', 'Their size.', status.kept?.bytes ?? null),
    counter('cycles', 'Syncs that came to their end.', [[{}, totals.cycles]]),
    counter(
      'actions',
      'What was done, by kind and outcome.',
      [...totals.actions].map(([key, count]) => {
        const [action = '', outcome = ''] = key.split(' ');
        return [{ action, outcome }, count];
      }),
    ),
    counter('sent_bytes', 'Bytes of files that were sent.', [[{}, totals.bytesUp]]),
    counter('received_bytes', 'Bytes of files that were fetched.', [[{}, totals.bytesDown]]),
    {
      name: 'file_sync_store_requests_this_month',
      type: 'gauge',
      help: 'Requests to the bucket this month, by kind; starts anew with each month.',
      samples: usage === null ? [] : Object.entries(usage.requests).map(([kind, count]) => [{ kind }, count]),
    },
    { name: 'process_resident_memory_bytes', type: 'gauge', help: 'Resident memory size in bytes.', samples: [[{}, process.residentBytes]] },
    { name: 'process_cpu_seconds_total', type: 'counter', help: 'Total user and system CPU time spent in seconds.', samples: [[{}, process.cpuSeconds]] },
    { name: 'process_start_time_seconds', type: 'gauge', help: 'Start time of the process since unix epoch in seconds.', samples: [[{}, process.startedAt / 1000]] },
  ];
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
