import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { openTestApi, testConfig, textOfBody } from '../../../testing/http-api-kit.ts';
import type { S3Api, S3Body } from '../s3-api.ts';
import type { HttpPorts } from './http-api.ts';

const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serving(answer: Answer, changes: Partial<HttpPorts> = {}): Promise<{ readonly api: S3Api; readonly server: Server }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ended.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = await openTestApi(testConfig({ endpoint, region: 'r' }), changes);
  ended.push(() => api.close());
  return { api, server };
}

const HEADERS = { etag: '"e"', 'last-modified': 'Mon, 23 Nov 2026 12:00:00 GMT' };
const CONTENT = 'abcdefghijklmnopqrstuvwxyz';

describe('a server that takes no notice of ranges', () => {
  it.each([1, 13, 25])('C57 a download goes on all the same, from byte %i', async (offset) => {
    const { api } = await serving((_request, response) => void response.writeHead(200, { ...HEADERS, 'content-length': CONTENT.length }).end(CONTENT));
    expect(await textOfBody(((await api.get('a', { ifMatch: 'e', offset })) as S3Body).chunks)).toBe(CONTENT.slice(offset));
  });

  it('C57 also where it is cut in between', async () => {
    let answers = 0;
    const { api } = await serving((_request, response) => {
      response.writeHead(200, { ...HEADERS, 'content-length': CONTENT.length });
      if (answers++ > 0) response.end(CONTENT);
      else response.write(CONTENT.slice(0, 10), () => response.destroy());
    });
    expect(await textOfBody(((await api.get('a')) as S3Body).chunks)).toBe(CONTENT);
  });
});

it('a part of an object of unknown length is not taken for the whole', async () => {
  const { api } = await serving((_request, response) => void response.writeHead(206, { ...HEADERS, 'content-range': 'bytes 0-3/*', 'content-length': 4 }).end('abcd'));
  await expect(api.get('a')).rejects.toMatchObject({ code: 'unreachable' });
});

it('a body that nobody wants lets go of its connection', async () => {
  let closed: Promise<unknown> = Promise.resolve();
  const { api } = await serving((_request, response) => {
    closed = new Promise((resolve) => response.on('close', resolve));
    response.writeHead(200, { ...HEADERS, 'content-length': 50_000_000 });
    response.write(Buffer.alloc(20_000_000));
  });
  const body = (await api.get('a')) as S3Body;
  await body.chunks[Symbol.asyncIterator]().return?.();
  expect(await Promise.race([closed.then(() => 'closed'), wait(1000, 'open')])).toBe('closed');
});

it('asking for the time ends with its signal', async () => {
  const { api } = await serving(() => undefined);
  const stop = new AbortController();
  const asked = api.now({ signal: stop.signal });
  await wait(20);
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: 'aborted' });
});
