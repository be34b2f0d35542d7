import type { Backend } from '../backends/backend.ts';

/** A backend with some of its operations changed; the others are its own. */
export function overBackend(backend: Backend, change: Partial<Backend>): Backend {
  const over: Partial<Record<keyof Backend, unknown>> = change;
  return new Proxy(backend, {
    get: (target, name: keyof Backend) => {
      if (name in over) return over[name];
      const own: unknown = target[name];
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}
