import { SyncError } from '../../../core/errors.ts';
import type { S3Config } from '../s3-config.ts';
import { uriEncode } from './encode.ts';

/** Where requests go. */
export interface Address {
  /** `https://host[:port]` */
  readonly origin: string;
  readonly host: string;
  /** What comes before the key's slash: empty, or `/bucket`, encoded. */
  readonly path: string;
  readonly region: string;
  readonly isAmazon: boolean;
}

type Wanted = Pick<S3Config, 'bucket' | 'endpoint' | 'forcePathStyle'>;

/** Without a bucket it is the service's own. */
export async function addressOf(wanted: Wanted, region: string): Promise<Address> {
  return wanted.endpoint === null ? amazonAddress(wanted, region) : ownAddress(wanted, wanted.endpoint, region);
}

/** By the SDK's rules, which know every partition. A bucket with dots comes in path style: no certificate fits it otherwise. */
async function amazonAddress({ bucket, forcePathStyle }: Wanted, region: string): Promise<Address> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ region });
  try {
    const { url } = client.config.endpointProvider({
      ...(bucket === '' ? {} : { Bucket: bucket }),
      Region: region,
      ForcePathStyle: forcePathStyle ?? false,
      UseFIPS: false,
      UseDualStack: false,
    });
    return { origin: url.origin, host: url.host, path: url.pathname.replace(/\/$/, ''), region, isAmazon: true };
  } catch (error) {
    throw new SyncError('config', `there is no Amazon S3 address for the bucket ${bucket} in the region ${region}`, {
      cause: error,
      hint: 'Check the names of bucket and region.',
    });
  } finally {
    client.destroy();
  }
}

function ownAddress({ bucket, forcePathStyle }: Wanted, endpoint: string, region: string): Address {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new SyncError('config', `${endpoint} is no address of an S3 store`, { hint: 'It looks like https://host or https://host:port.' });
  }
  const base = url.pathname.replace(/\/+$/, '');
  const isAmazon = /\.amazonaws\.com(?:\.cn)?$/.test(url.hostname);
  if (bucket === '') return { origin: url.origin, host: url.host, path: base, region, isAmazon };
  if (forcePathStyle ?? true) return { origin: url.origin, host: url.host, path: `${base}/${uriEncode(bucket)}`, region, isAmazon };
  return { origin: `${url.protocol}//${bucket}.${url.host}`, host: `${bucket}.${url.host}`, path: base, region, isAmazon };
}
