import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bodyOf, openTestApi, testConfig } from '../../../testing/http-api-kit.ts';
import { S3Server } from '../../../testing/s3-server/s3-server.ts';
import { BUCKET } from '../../../testing/s3-server/server-per-test.ts';
import { type Front, listen, TEST_CERTIFICATE, tlsFront } from '../../../testing/tls-front.ts';
import type { S3Api } from '../s3-api.ts';
import type { S3Config } from '../s3-config.ts';
import type { HttpPorts } from './http-api.ts';
import { proxyFor } from './proxy.ts';

let server: S3Server;
const ended: (() => Promise<void>)[] = [];
beforeEach(async () => {
  server = await S3Server.start({ buckets: [BUCKET] });
});
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
  await server.close();
});

async function kept(front: Promise<Front>): Promise<number> {
  const { port, close } = await front;
  ended.push(close);
  return port;
}

async function open(changes: Partial<S3Config>, ports: Partial<HttpPorts> = {}): Promise<S3Api> {
  const api = await openTestApi(testConfig(server, changes), ports);
  ended.push(() => api.close());
  return api;
}

async function file(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ca-'));
  ended.push(() => rm(folder, { recursive: true }));
  const name = path.join(folder, 'ca.pem');
  await writeFile(name, text);
  return name;
}

describe('S125 certificates', () => {
  it('of an authority of one’s own are refused with the advice to name it, and taken once it is named', async () => {
    const endpoint = `https://127.0.0.1:${await kept(tlsFront(server.port))}`;
    const error: unknown = await (await open({ endpoint })).list('').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('is not trusted'), hint: expect.stringContaining('caFile') });
    const trusting = await open({ endpoint, caFile: await file(TEST_CERTIFICATE) });
    expect(await trusting.put('a', bodyOf('x'), { meta: {} })).toMatchObject({ kind: 'done' });
    expect(await trusting.list('')).toMatchObject({ objects: [{ key: 'a' }] });
  });

  it('for another name are told, and TLS where there is none', async () => {
    const caFile = await file(TEST_CERTIFICATE);
    const other = await open({ endpoint: `https://127.0.0.2:${await kept(tlsFront(server.port))}`, caFile });
    await expect(other.list('')).rejects.toMatchObject({ code: 'unreachable' });
    const plain = await open({ endpoint: `https://127.0.0.1:${server.port}` });
    await expect(plain.list('')).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('does not speak TLS') });
  });

  it('files that hold none are refused', async () => {
    await expect(open({ caFile: '/no/such/file' })).rejects.toMatchObject({ code: 'config' });
    await expect(open({ caFile: await file('hello') })).rejects.toMatchObject({ code: 'config' });
    await expect(open({ caFile: await file('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n') })).rejects.toMatchObject({ code: 'config' });
  });
});

describe('proxies', () => {
  const passed: string[] = [];
  beforeEach(() => passed.splice(0));

  /** Notes what passes through. */
  const proxy = (): Promise<Front> => {
    const forward = http.createServer((request, response) => {
      const [, host = '', port = '', target = '/'] = /^http:\/\/([^/:]+):(\d+)(.*)$/.exec(request.url ?? '') ?? [];
      passed.push(`${request.method} ${host}:${port}`);
      request.pipe(
        http.request({ host, port, path: target, method: request.method ?? 'GET', headers: request.headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        }),
      );
    });
    forward.on('connect', (request, socket) => {
      passed.push(`CONNECT ${request.url}`);
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const inner = net.connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(inner).pipe(socket);
      });
      inner.on('error', () => socket.destroy());
      socket.on('error', () => inner.destroy());
    });
    return listen(forward);
  };

  it('are used as they are set: plain requests as a whole, TLS as a tunnel', async () => {
    const address = `http://127.0.0.1:${await kept(proxy())}`;
    const plain = await open({ proxy: address });
    expect(await plain.put('a/../b c', bodyOf('x'.repeat(100_000)), { meta: {} })).toMatchObject({ kind: 'done' });
    const port = await kept(tlsFront(server.port));
    const secure = await open({ endpoint: `https://127.0.0.1:${port}`, caFile: await file(TEST_CERTIFICATE), proxy: address });
    expect(await secure.head('a/../b c')).toMatchObject({ size: 100_000 });
    expect(passed).toEqual([`PUT 127.0.0.1:${server.port}`, `CONNECT 127.0.0.1:${port}`]);
  });

  it('come from the environment, but for the hosts it exempts', async () => {
    const env = { HTTP_PROXY: `127.0.0.1:${await kept(proxy())}` };
    await (await open({}, { env })).list('');
    await (await open({}, { env: { ...env, NO_PROXY: 'example.org,127.0.0.1' } })).list('');
    expect(passed).toEqual([`GET 127.0.0.1:${server.port}`]);
  });

  it('that refuse are told, as are addresses of none', async () => {
    const refusing = http.createServer((_request, response) => response.writeHead(407).end());
    refusing.on('connect', (_request, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    const proxy = `http://127.0.0.1:${await kept(listen(refusing))}`;
    const endpoint = `https://127.0.0.1:${server.port}`;
    await expect((await open({ endpoint, proxy })).list('')).rejects.toMatchObject({ code: 'unreachable', hint: expect.stringContaining('password') });
    await expect((await open({ proxy })).list('')).rejects.toMatchObject({ code: 'unreachable', hint: expect.stringContaining('password') });
    await expect(open({ proxy: 'socks5://host:1' })).rejects.toMatchObject({ code: 'config' });
  });

  it.each([
    ['https://s3.example.org', {}, null],
    ['https://s3.example.org', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1'],
    ['https://s3.example.org', { HTTP_PROXY: 'http://p:1' }, null],
    ['http://s3.example.org', { http_proxy: 'p:1' }, 'http://p:1'],
    ['http://s3.example.org', { ALL_PROXY: 'http://p:1' }, 'http://p:1'],
    ['https://s3.example.org', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '.example.org' }, null],
    ['https://s3.example.org', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'example.org:444' }, 'http://p:1'],
    ['https://s3.example.org', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'example.org:443, other' }, null],
    ['https://s3.example.org', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'ample.org' }, 'http://p:1'],
    ['https://s3.example.org', { HTTPS_PROXY: 'http://p:1', no_proxy: '*' }, null],
    ['https://s3.example.org', { HTTPS_PROXY: '' }, null],
  ])('%s with %o: %s', (origin, env, expected) => {
    expect(proxyFor(origin, null, env)).toBe(expected);
    expect(proxyFor(origin, 'http://set:1', env)).toBe('http://set:1');
  });
});
