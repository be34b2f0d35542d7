import type { PairEngine } from '../engine/sync-manager.ts';
import { MetricsTotals, metricsText } from './metrics.ts';
import { type MetricsServer, serveMetrics } from './metrics-server.ts';
import type { Session } from './session.ts';

/** Counts what an engine does from now on, and shows it to whoever asks on this machine. */
export async function watchMetrics({ context }: Session, engine: PairEngine, port: number): Promise<MetricsServer> {
  const { version, platform } = context;
  const startedAt = platform.clock.now() - process.uptime() * 1000;
  const totals = new MetricsTotals();
  engine.on('action', ({ action, outcome }) => totals.action(action.kind, outcome));
  engine.on('cycle', (report) => totals.cycle(report));
  const text = (): string => {
    const { user, system } = process.cpuUsage();
    return metricsText({ version, status: engine.status(), totals, process: { residentBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6, startedAt } });
  };
  return serveMetrics(port, text);
}
