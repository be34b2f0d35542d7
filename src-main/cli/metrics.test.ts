import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { PairStatus } from '../core/events.ts';
import { calmStatus } from '../testing/fake-engine.ts';
import { MetricsTotals, metricsText } from './metrics.ts';
import { type MetricsServer, serveMetrics } from './metrics-server.ts';

interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/** Reads the text format as its specification has it, and refuses all else. */
function parse(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, Family>();
  let help: [string, string] | null = null;
  for (const line of text.slice(0, -1).split('\n')) {
    const [, helpName, helpText] = /^# HELP ([a-z_][a-z0-9_]*) (.+)$/.exec(line) ?? [];
    const [, typeName, type] = /^# TYPE ([a-z_][a-z0-9_]*) (gauge|counter)$/.exec(line) ?? [];
    const [, name, labelText = '', value] = /^([a-z_][a-z0-9_]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN|[+-]Inf)$/.exec(line) ?? [];
    if (helpName !== undefined) help = [helpName, helpText ?? ''];
    else if (typeName !== undefined) {
      if (help?.[0] !== typeName || families.has(typeName)) throw new Error(`TYPE without its HELP, or twice: ${line}`);
      families.set(typeName, { type: type ?? '', help: help[1], samples: [] });
    } else if (name !== undefined) {
      const family = families.get(name);
      if (family === undefined || [...families.keys()].at(-1) !== name) throw new Error(`a sample outside its family: ${line}`);
      const labels = [...labelText.matchAll(/([a-z_]+)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/g)];
      if (labels.map(([all]) => all).join('') !== labelText) throw new Error(`malformed labels: ${line}`);
      family.samples.push({ labels: Object.fromEntries(labels.map(([, label = '', text = '']) => [label, text])), value: Number(value) });
    } else throw new Error(`neither comment nor sample: ${line}`);
  }
  return families;
}

function text(change: Partial<PairStatus> = {}): string {
  const totals = new MetricsTotals();
  totals.action('upload', 'done');
  totals.action('upload', 'done');
  totals.action('download', 'failed');
  totals.cycle({ bytesUp: 10, bytesDown: 20 });
  return metricsText({ version: '1.2.3"\\', status: { ...calmStatus(), ...change }, totals, process: { residentBytes: 1e8, cpuSeconds: 1.5, startedAt: 1_700_000_000_500 } });
}

describe('metrics', () => {
  it('are in the format, with names and units as Prometheus wants them', () => {
    const families = parse(text({ lastSyncAt: 1_700_000_000_123, usage: { month: '2026-11', requests: { put: 3, list: 4 }, bytesUp: 1, bytesDown: 2 } }));
    for (const [name, { type, help, samples }] of families) {
      expect(name).toMatch(/^(file_sync|process)_[a-z_]+$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(name).not.toMatch(/_(ms|milliseconds|kb|mib|percent)\b/);
      expect(help.length).toBeGreaterThan(4);
      expect(samples.length).toBeGreaterThan(0);
      for (const { value } of samples) expect(Number.isFinite(value)).toBe(true);
    }
    const value = (name: string, labels: object = {}) => families.get(name)?.samples.find((sample) => JSON.stringify(sample.labels) === JSON.stringify(labels))?.value;
    expect(value('file_sync_actions_total', { action: 'upload', outcome: 'done' })).toBe(2);
    expect(value('file_sync_actions_total', { action: 'download', outcome: 'failed' })).toBe(1);
    expect(value('file_sync_sent_bytes_total')).toBe(10);
    expect(value('file_sync_last_sync_timestamp_seconds')).toBe(1_700_000_000.123);
    expect(value('file_sync_store_requests_this_month', { kind: 'list' })).toBe(4);
    expect(families.get('file_sync_state')?.samples.filter((sample) => sample.value === 1)).toEqual([{ labels: { state: 'ok' }, value: 1 }]);
    expect(families.get('file_sync_build_info')?.samples[0]?.labels).toEqual({ version: '1.2.3\\"\\\\' });
  });

  it('leave out what is not known, and name no path', () => {
    const said = text({ source: '/home/me/secret-folder', lastSyncAt: null, usage: null });
    expect(parse(said).has('file_sync_last_sync_timestamp_seconds')).toBe(false);
    expect(parse(said).has('file_sync_store_requests_this_month')).toBe(false);
    expect(said).not.toContain('secret-folder');
  });
});

describe('the server of metrics', () => {
  let server: MetricsServer | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });
  const ask = (path: string, { method = 'GET', host = 'localhost' } = {}): Promise<[number | undefined, string, string | undefined]> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(server?.url ?? '');
      const asked = request({ host: '127.0.0.1', port, path, method, headers: { host } }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve([response.statusCode, body, response.headers['content-type']]));
      });
      asked.on('error', reject);
      asked.end();
    });

  it('answers a scrape of this machine and nothing else', async () => {
    server = await serveMetrics(0, () => text());
    const [status, body, type] = await ask('/metrics');
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(parse(body).size).toBeGreaterThan(10);
    expect((await ask('/metrics', { method: 'HEAD' })).slice(0, 2)).toEqual([200, '']);
    expect((await ask('/'))[0]).toBe(404);
    expect((await ask('/metrics', { method: 'POST' }))[0]).toBe(405);
    expect((await ask('/metrics', { host: 'evil.example' }))[0]).toBe(403);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  });

  it('says when the port is taken', async () => {
    server = await serveMetrics(0, () => '');
    await expect(serveMetrics(Number(new URL(server.url).port), () => '')).rejects.toMatchObject({ code: 'usage', hint: expect.stringContaining('--metrics-port') });
  });
});
