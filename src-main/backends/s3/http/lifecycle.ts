import type { CallOptions } from '../../backend.ts';
import type { S3Config } from '../s3-config.ts';
import { withStore } from './buckets.ts';
import type { Call } from './call.ts';
import type { HttpPorts } from './http-api.ts';
import { md5Base64 } from './sigv4.ts';
import { errorOf, type Store } from './store.ts';
import { childrenOf, textOf, type XmlNode, xmlOf } from './xml.ts';

/** Uploads that nobody finished are given up by the bucket itself after so many days. */
export const CLEAN_UP_DAYS = 7;

/** Whether the bucket gives up unfinished uploads below the vault's prefix. */
export function hasCleanUpRule(config: S3Config, ports: HttpPorts, options: CallOptions = {}): Promise<boolean> {
  return withStore(config, ports, async (store) => (await rulesOf(store, options)).some((rule) => cleansUp(rule, store.prefix)));
}

/**
 * Adds such a rule; the rules that are there stay as they are. Nothing changes when there is one.
 * RACE: S3 knows no condition here: a rule that somebody else adds in the same second may be lost.
 */
export function addCleanUpRule(config: S3Config, ports: HttpPorts, options: CallOptions = {}): Promise<void> {
  return withStore(config, ports, async (store) => {
    const rules = await rulesOf(store, options);
    if (!rules.some((rule) => cleansUp(rule, store.prefix))) await putRules(store, [...rules, ruleFor(store.prefix, rules)], options);
  });
}

async function rulesOf(store: Store, { signal }: CallOptions): Promise<readonly XmlNode[]> {
  const call: Call = {
    kind: 'other',
    action: 's3:GetLifecycleConfiguration',
    method: 'GET',
    key: null,
    query: { lifecycle: '' },
    signal,
    proof: { root: 'LifecycleConfiguration' },
  };
  const reply = await store.retries.read(call);
  if (reply.kind === 'ok') return childrenOf(reply.xml ?? NO_RULES, 'Rule');
  if (reply.code === 'NoSuchLifecycleConfiguration') return [];
  throw errorOf(store, reply, call);
}

async function putRules(store: Store, rules: readonly XmlNode[], { signal }: CallOptions): Promise<void> {
  const body = Buffer.from(`<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${rules.map(xmlOf).join('')}</LifecycleConfiguration>`);
  const headers = { 'content-md5': md5Base64(body), 'content-type': 'application/xml' };
  const call: Call = { kind: 'other', action: 's3:PutLifecycleConfiguration', method: 'PUT', key: null, query: { lifecycle: '' }, headers, body, signal, proof: 'any' };
  const reply = await store.retries.write(call);
  if (reply.kind === 'unanswered') throw reply.error;
  if (reply.kind === 'fault') throw errorOf(store, reply, call);
}

const NO_RULES: XmlNode = { name: 'LifecycleConfiguration', text: '', children: [] };

function cleansUp(rule: XmlNode, prefix: string): boolean {
  const [filter] = childrenOf(rule, 'Filter');
  const isWhole = filter === undefined || filter.children.every(({ name }) => name === 'Prefix');
  const covered = textOf(filter ?? rule, 'Prefix') ?? '';
  return textOf(rule, 'Status')?.trim() === 'Enabled' && childrenOf(rule, 'AbortIncompleteMultipartUpload').length > 0 && isWhole && prefix.startsWith(covered);
}

/** In the form of its neighbours: S3 takes the old one and the new one, but not both in one bucket. */
function ruleFor(prefix: string, neighbours: readonly XmlNode[]): XmlNode {
  const isOldForm = neighbours.some((rule) => childrenOf(rule, 'Filter').length === 0);
  const covered = leaf('Prefix', prefix);
  return branch('Rule', [
    leaf('ID', `file-sync gives up unfinished uploads ${prefix}`.trim().slice(0, 255)),
    isOldForm ? covered : branch('Filter', [covered]),
    leaf('Status', 'Enabled'),
    branch('AbortIncompleteMultipartUpload', [leaf('DaysAfterInitiation', `${CLEAN_UP_DAYS}`)]),
  ]);
}

function leaf(name: string, text: string): XmlNode {
  return { name, text, children: [] };
}

function branch(name: string, children: readonly XmlNode[]): XmlNode {
  return { name, text: '', children };
}
