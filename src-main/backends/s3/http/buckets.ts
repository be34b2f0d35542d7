import { SyncError } from '../../../core/errors.ts';
import type { CallOptions } from '../../backend.ts';
import type { S3Config } from '../s3-config.ts';
import type { Call } from './call.ts';
import { type HttpPorts, openStore } from './http-api.ts';
import { md5Base64 } from './sigv4.ts';
import { errorOf, type Store } from './store.ts';
import { childrenOf, textOf } from './xml.ts';

/** Answers that these keys, or this store, show no list: a bucket can be named all the same. */
const HIDDEN = ['AccessDenied', 'NotImplemented', 'MethodNotAllowed'];

/** The names of the account's buckets; null when these keys may not see them. The bucket of `config` is of no account. */
export async function listBuckets(config: S3Config, ports: HttpPorts, { signal }: CallOptions = {}): Promise<readonly string[] | null> {
  return withStore({ ...config, bucket: '', prefix: '' }, ports, async (store) => {
    const call: Call = { kind: 'list', action: 's3:ListAllMyBuckets', method: 'GET', key: null, signal, proof: { root: 'ListAllMyBucketsResult' } };
    const reply = await store.retries.read(call);
    if (reply.kind === 'fault') {
      if (HIDDEN.includes(reply.code)) return null;
      throw errorOf(store, reply, call);
    }
    const nodes = reply.xml === null ? [] : childrenOf(reply.xml, 'Buckets').flatMap((list) => childrenOf(list, 'Bucket'));
    return nodes.map((node) => textOf(node, 'Name')?.trim() ?? '').filter((name) => name !== '');
  });
}

/** Makes the bucket of `config`; fine too when this account has it already. `exists` when another one has. */
export async function createBucket(config: S3Config, ports: HttpPorts, { signal }: CallOptions = {}): Promise<void> {
  // A new name is not known to the name servers at once.
  const wanted = config.endpoint === null ? { ...config, forcePathStyle: true } : config;
  await withStore({ ...wanted, prefix: '' }, ports, async (store) => {
    const { host, region } = store.wire.place;
    const isElsewhere = config.endpoint === null && region !== 'us-east-1';
    const body = isElsewhere ? { body: new TextEncoder().encode(constraint(region)) } : {};
    const call: Call = { kind: 'put', action: 's3:CreateBucket', method: 'PUT', key: null, signal, proof: 'any', ...body };
    // Making what is there already changes nothing, so it may be tried again.
    const reply = await store.retries.read(call);
    if (reply.kind === 'ok' || reply.code === 'BucketAlreadyOwnedByYou') return;
    if (reply.code === 'BucketAlreadyExists')
      throw new SyncError('exists', `the name ${config.bucket} is taken at ${host}`, { hint: 'Names of buckets are shared by everybody there: choose another.' });
    throw errorOf(store, reply, call);
  });
}

export type BucketState = { readonly kind: 'there'; readonly region: string } | { readonly kind: 'missing' } | { readonly kind: 'denied' };

/** Whether the bucket of `config` is there, and in which region. `denied`: it is, but these keys may not list it. */
export function bucketState(config: S3Config, ports: HttpPorts, { signal }: CallOptions = {}): Promise<BucketState> {
  return withStore(config, ports, async (store) => {
    const query = { 'list-type': '2', 'max-keys': '1' };
    const call: Call = { kind: 'list', action: 's3:ListBucket', method: 'GET', key: null, query, signal, proof: { root: 'ListBucketResult' } };
    const reply = await store.retries.read(call);
    if (reply.kind === 'ok') return { kind: 'there', region: store.wire.place.region };
    if (reply.code === 'NoSuchBucket') return { kind: 'missing' };
    if (reply.code === 'AccessDenied') return { kind: 'denied' };
    throw errorOf(store, reply, call);
  });
}

/** Versions are kept from now on. */
export function enableVersioning(config: S3Config, ports: HttpPorts, { signal }: CallOptions = {}): Promise<void> {
  return withStore(config, ports, async (store) => {
    const body = Buffer.from('<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>');
    const headers = { 'content-md5': md5Base64(body), 'content-type': 'application/xml' };
    const call: Call = { kind: 'other', action: 's3:PutBucketVersioning', method: 'PUT', key: null, query: { versioning: '' }, headers, body, signal, proof: 'any' };
    const reply = await store.retries.read(call);
    if (reply.kind === 'fault') throw errorOf(store, reply, call);
  });
}

function constraint(region: string): string {
  return `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
}

export async function withStore<T>(config: S3Config, ports: HttpPorts, work: (store: Store) => Promise<T>): Promise<T> {
  const { store } = await openStore(config, ports);
  try {
    return await work(store);
  } finally {
    await store.wire.close();
  }
}
