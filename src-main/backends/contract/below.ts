import type { Version } from '../../core/entry.ts';
import type { Backend, ObjectDetail, ObjectInfo } from '../backend.ts';

/** A part of a store as a store of its own: whatever is asked of it concerns keys that begin with `prefix`, and no others. */
export function below(backend: Backend, prefix: string): Backend {
  const inner = <T extends ObjectInfo | ObjectDetail>(info: T): T => ({ ...info, key: info.key.slice(prefix.length) });
  const kept = <T extends { readonly keepAs?: string }>(options: T): T => (options.keepAs === undefined ? options : { ...options, keepAs: prefix + options.keepAs });
  const from = ({ key, version }: { readonly key: string; readonly version: Version }) => ({ key: prefix + key, version });
  return {
    id: `${backend.id} ${prefix}`,
    capabilities: backend.capabilities,
    async *list(at, options = {}) {
      // The part's own folder marker is no key in it.
      for await (const info of backend.list(prefix + at, options.skip === undefined ? options : { ...options, skip: prefix + options.skip }))
        if (info.key !== prefix) yield inner(info);
    },
    stat: async (key, options) => {
      const found = await backend.stat(prefix + key, options);
      return found === null ? null : inner(found);
    },
    get: async (key, options) => {
      const found = await backend.get(prefix + key, options);
      return found === null ? null : { ...found, info: inner(found.info) };
    },
    put: (key, body, options) => backend.put(prefix + key, body, kept(options)),
    copy: (source, to, options) => backend.copy(from(source), prefix + to, options),
    delete: (key, options) => backend.delete(prefix + key, kept(options)),
    ...(backend.move === undefined ? {} : { move: async (source, to, options) => (await backend.move?.(from(source), prefix + to, options)) ?? { kind: 'stale' } }),
    ...(backend.now === undefined ? {} : { now: async () => (await backend.now?.()) ?? Number.NaN }),
    close: async () => undefined,
  };
}
