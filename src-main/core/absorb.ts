import { type Base, type BaseSnapshot, type LocalSnapshot, type RemoteSnapshot, sameContent } from './entry.ts';
import type { Intent } from './intent.ts';
import type { RelPath } from './rel-path.ts';

/**
 * Recognises our own deeds that were done but never recorded (a crash, a lost reply), and returns the base as it would stand had they been. An intent that left no trace changes nothing. Equal
 * content counts as ours even if another device wrote it: our user had that very content at that path, so a later edit or deletion here is meant for it.
 */
export function absorbIntents(base: BaseSnapshot, intents: readonly Intent[], local: LocalSnapshot, remote: RemoteSnapshot): BaseSnapshot {
  if (intents.length === 0) return base;
  const result = new Map<RelPath, Base>(base);
  for (const intent of intents) absorb(result, intent, local, remote);
  return result;
}

function absorb(base: Map<RelPath, Base>, intent: Intent, local: LocalSnapshot, remote: RemoteSnapshot): void {
  const known = base.get(intent.path);
  const here = local.entries.get(intent.path);
  const there = remote.entries.get(intent.path);
  switch (intent.kind) {
    case 'remote-write':
      if (there === undefined || known?.version === there.version) return;
      if (sameContent(there.entry, intent.entry)) {
        base.set(intent.path, { entry: there.entry, stamp: null, version: there.version });
      }
      return;
    case 'remote-remove':
      // Another version there may be one made anew after our removal, by somebody who never saw what is here: so nothing is agreed on any more.
      if (there?.version !== intent.version && known?.version === intent.version) base.delete(intent.path);
      return;
    case 'local-write':
      if (here !== undefined && known?.version !== intent.version && sameContent(here.entry, intent.entry)) {
        base.set(intent.path, { entry: intent.entry, stamp: null, version: intent.version });
      }
      return;
    case 'local-remove':
      if (here === undefined && known?.stamp === intent.stamp) base.delete(intent.path);
      return;
  }
}
