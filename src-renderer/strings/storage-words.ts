import type { UsageView } from '../../src-preload/contract/model.ts';
import { S3_PRESETS, type S3Preset } from '../../src-preload/contract/providers.ts';
import type { S3View, StorageView } from '../../src-preload/contract/storage.ts';
import { formatDollars, isTiny } from './format.ts';
import { say } from './say.ts';

/** Where the other side of a pair is, in words. */
export function storageWords(storage: StorageView): string {
  if (storage.kind === 'folder') return storage.path;
  const { place, store } = bucketWords(storage);
  return `${place} ${store}`;
}

/** The place in the store, and whose store it is, which matters less. */
export function bucketWords(storage: S3View): { readonly place: string; readonly store: string } {
  return { place: say.storage.bucketIn(storage.bucket, storage.prefix.replace(/\/$/, '')), store: say.storage.atStore(storeName(storage)) };
}

/** The provider, or the host where anybody may run the store. */
function storeName({ provider, endpoint }: S3View): string {
  const preset = S3_PRESETS.find(({ id }) => id === provider);
  if (preset !== undefined && preset.endpoint !== '') return preset.name;
  return endpoint === null ? providerName('aws') : new URL(endpoint).host;
}

export function providerName(id: string): string {
  return say.storage.providers[id] ?? S3_PRESETS.find((preset) => preset.id === id)?.name ?? id;
}

/** What a bucket was asked this month, and what that costs: by which prices, or where to say them. */
export function usageWords({ requests, cost }: UsageView): { readonly text: string; readonly detail: string } {
  const all = Object.values(requests).reduce((sum, n) => sum + n, 0);
  if (cost === null) return { text: say.storage.usage(all, say.storage.unknownCost), detail: say.storage.enterPrices(say.tuning.groups.prices) };
  const total = formatDollars(cost.total);
  const parts = say.storage.costParts(formatDollars(cost.requests), formatDollars(cost.egress), formatDollars(cost.storage));
  const detail = cost.provider === null ? say.storage.ownCost(parts) : say.storage.cost(cost.provider, cost.asOf, parts);
  return { text: say.storage.usage(all, isTiny(cost.total) ? total : say.storage.about(total)), detail };
}

export function signInWords({ signIn }: S3View): string {
  return signIn.kind === 'profile' ? say.storage.signIns.profile(signIn.name) : say.storage.signIns[signIn.kind];
}

/** What to type as the region of a provider; the table has it in English words around the names. */
export function regionWords({ id, region, regionHint }: Pick<S3Preset, 'id' | 'region' | 'regionHint'>): string {
  const { regionUsual, regionZone, regionAsIn, regionExample } = say.storage;
  if (id === 'minio' || id === 'custom') return regionUsual(region);
  if (id === 'ceph') return regionZone(region);
  const names = (regionHint ?? '').split(/,? or |[,;] /).filter((part) => /^[a-z0-9-]+$/.test(part));
  return (id === 'b2' ? regionAsIn : regionExample)(names.join(', '));
}
