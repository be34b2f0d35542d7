import type { ChosenFolder, ErrorView } from '../../../src-preload/contract/model.ts';
import { endpointOf, presetOf, type S3Preset, type S3PresetId } from '../../../src-preload/contract/providers.ts';
import type { ImportedStorage, S3Access } from '../../../src-preload/contract/storage.ts';

/** Where an S3 service is reached, as it is being filled in. */
export interface AccessForm {
  readonly provider: S3PresetId;
  readonly region: string;
  readonly account: string;
  readonly endpoint: string;
  readonly addressing: Addressing;
  readonly proxy: string;
  readonly ca: ChosenFolder | null;
}
export const ADDRESSINGS = ['auto', 'path', 'host'] as const;
export type Addressing = (typeof ADDRESSINGS)[number];

export type Place = Omit<S3Access, 'signIn'>;

export function emptyAccess(provider: S3PresetId): AccessForm {
  return { provider, region: presetOf(provider).region, account: '', endpoint: '', addressing: 'auto', proxy: '', ca: null };
}

/** The parts of an endpoint that this provider's has. */
export function asks({ endpoint, regionHint }: S3Preset): { readonly region: boolean; readonly account: boolean; readonly endpoint: boolean } {
  return { region: regionHint !== null, account: endpoint?.includes('{account}') === true, endpoint: endpoint === '' };
}

/** Null while a part is missing. */
export function placeOf(form: AccessForm): Place | null {
  const preset = presetOf(form.provider);
  const asked = asks(preset);
  const region = asked.region ? form.region.trim() : preset.region;
  const answers = { region, account: form.account.trim(), ...(asked.endpoint ? { endpoint: addressOf(form.endpoint) ?? '' } : {}) };
  if ((asked.account && answers.account === '') || (asked.endpoint && answers.endpoint === '') || (asked.region && region === '')) return null;
  return {
    provider: form.provider,
    endpoint: endpointOf(preset, answers),
    region,
    forcePathStyle: form.addressing === 'auto' ? preset.forcePathStyle : form.addressing === 'path',
    proxy: form.proxy.trim() === '' ? null : form.proxy.trim(),
    caFile: form.ca?.token ?? null,
  };
}

/** Whether others can read along. What does not leave this computer nobody reads. */
export function isPlainHttp({ provider, endpoint }: AccessForm): boolean {
  const address = presetOf(provider).endpoint === '' ? addressOf(endpoint) : null;
  if (address === null) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !isThisComputer(hostname);
}

/** The address that is meant: without a scheme it is https, which nobody can read along; http for this computer itself. Null for what is none, and while it is only being begun. */
export function addressOf(typed: string): string | null {
  const text = typed.trim().replace(/\/+$/, '');
  if (/^https?:\/\/[^/]/i.test(text)) return URL.canParse(text) ? text : null;
  if (text === '' || /:\/|^https?:?$/i.test(text) || !URL.canParse(`https://${text}`)) return null;
  return `${isThisComputer(new URL(`https://${text}`).hostname) ? 'http' : 'https'}://${text}`;
}

function isThisComputer(hostname: string): boolean {
  return /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** Whether a store refuses the sign-in itself: then it is refused everywhere. Keys that may not list buckets are refused nothing, and an answer that is only quoted may mean anything. */
export function isSignInFault({ code, message }: ErrorView): boolean {
  return code === 'refused' && !/ answered \d/.test(message);
}

/** What a settings file says goes in; an endpoint of its own makes it another store than Amazon's. */
export function withImported(form: AccessForm, { endpoint, region }: ImportedStorage): AccessForm {
  if (endpoint === null) return { ...form, provider: 'aws', region: region ?? presetOf('aws').region };
  const provider = presetOf(form.provider).endpoint === '' ? form.provider : 'custom';
  return { ...form, provider, endpoint, region: region ?? presetOf(provider).region };
}
