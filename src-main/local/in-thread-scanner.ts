import { type ScanPorts, scan } from './scan.ts';
import type { Scanner } from './scan-job.ts';

/** Scans on the calling thread: for simulated file systems, and inside the worker. */
export function inThreadScanner(ports: ScanPorts): Scanner {
  return {
    scan: (job, sink) => scan(job, ports, sink),
    close: async () => undefined,
  };
}
