import type { Secret } from '../../core/secret.ts';

/** A vault in S3-compatible storage. Apart from `credentials`, every field may be shown. */
export interface S3Config {
  readonly kind: 's3';
  readonly bucket: string;
  /** Folder within the bucket: empty, or ending in `/`. */
  readonly prefix: string;
  /** Null: Amazon S3 of `region`. */
  readonly endpoint: string | null;
  /** Null: as the profile or the environment says, at last `us-east-1`. */
  readonly region: string | null;
  /** `https://host/bucket/key` instead of `https://bucket.host/key`. Null: path style for endpoints of one's own, except where they are known to want the other. */
  readonly forcePathStyle: boolean | null;
  readonly credentials: CredentialSource;
  /** `http://host:port`; null: as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say. */
  readonly proxy: string | null;
  /** A PEM file with certificates trusted besides the system's, for a private authority; null: none. */
  readonly caFile: string | null;
}

export type CredentialSource =
  /** The AWS SDK's provider chain: environment, ~/.aws, SSO, web identity, container and instance roles. */
  | { readonly kind: 'chain' }
  /** A named profile of ~/.aws. */
  | { readonly kind: 'profile'; readonly name: string }
  | { readonly kind: 'keys'; readonly accessKeyId: string; readonly secretAccessKey: Secret; readonly sessionToken: Secret | null }
  /** Kept in the system's keychain under this account; compose.ts turns it into `keys`. */
  | { readonly kind: 'keychain'; readonly account: string };

/** Requests so far, by kind, for status and costs. */
export const REQUEST_KINDS = ['put', 'part', 'copy', 'list', 'get', 'head', 'delete', 'other'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];
