import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SyncError } from '../core/errors.ts';

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** A page in the user's browser that resolves its own name to this machine says that name here. */
const HOSTS = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Answers scrapes on this machine alone. Throws `usage` where the port cannot be had. */
export async function serveMetrics(port: number, text: () => string): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000, maxHeaderSize: 16_384 }, (request, response) => answer(request, response, text));
  server.maxConnections = 16;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new SyncError('usage', `metrics cannot be served on port ${port}: ${cause.code === 'EADDRINUSE' ? 'another program has it' : cause.message}`, {
          cause,
          hint: 'Choose another port by --metrics-port, or 0 for any.',
        }),
      ),
    );
    server.listen(port, LOOPBACK, resolve);
  });
  server.on('error', () => undefined);
  server.unref();
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer({ method, url, headers }: IncomingMessage, response: ServerResponse, text: () => string): void {
  const say = (status: number, body: string, more: Readonly<Record<string, string>> = {}): void => {
    response.writeHead(status, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', ...more });
    response.end(method === 'HEAD' ? '' : body);
  };
  if (!HOSTS.test(headers.host ?? '')) return say(403, 'only for this machine\n');
  if (method !== 'GET' && method !== 'HEAD') return say(405, 'GET /metrics\n', { Allow: 'GET, HEAD' });
  if (new URL(url ?? '/', 'http://localhost').pathname !== '/metrics') return say(404, 'GET /metrics\n');
  say(200, text());
}
