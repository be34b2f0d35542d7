import type { Bandwidth } from '../../platform/bandwidth.ts';
import type { Backend, Body, CallOptions } from '../backend.ts';

/** A backend whose bodies pass no faster than `bandwidth` lets them; all else is its own. */
export function throttled(backend: Backend, bandwidth: Bandwidth): Backend {
  const over: Pick<Backend, 'get' | 'put'> = {
    get: async (key, options) => {
      const object = await backend.get(key, options);
      return object === null ? null : { ...object, chunks: paced(object.chunks, 'down', bandwidth, options) };
    },
    put: (key, body, options) => backend.put(key, pacedBody(body, bandwidth, options), options),
  };
  return new Proxy(backend, {
    get: (target, name: keyof Backend) => {
      if (name === 'get' || name === 'put') return over[name];
      const own: unknown = target[name];
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

function pacedBody(body: Body, bandwidth: Bandwidth, options: CallOptions): Body {
  return { ...body, open: () => paced(body.open(), 'up', bandwidth, options) };
}

async function* paced(chunks: AsyncIterable<Uint8Array>, direction: 'up' | 'down', bandwidth: Bandwidth, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    await bandwidth.take(direction, chunk.length, options.signal);
    yield chunk;
  }
}
