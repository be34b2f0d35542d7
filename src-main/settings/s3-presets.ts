import type { CredentialSource, S3Config } from '../backends/s3/s3-config.ts';
import { SyncError } from '../core/errors.ts';

/** What the provider says of itself, for choosing; what a bucket really does is found by the probe and nothing else. */
export interface S3Preset {
  readonly id: S3PresetId;
  readonly name: string;
  /** `{region}` and `{account}` are asked for. Null: Amazon S3 of the region. `''`: the whole endpoint is asked for. */
  readonly endpoint: string | null;
  /** What a region looks like there; null where it is always `region`. */
  readonly regionHint: string | null;
  /** The region to suggest, and where `regionHint` is null the one there is. */
  readonly region: string;
  /** What `{account}` in the endpoint stands for; null where there is none. */
  readonly accountHint: string | null;
  readonly forcePathStyle: boolean | null;
  /** What keeps two devices that save at once apart there, as documented. */
  readonly protection: string;
  readonly source: string;
  /** When the source said so. */
  readonly asOf: string;
}

export const S3_PRESET_IDS = ['aws', 'r2', 'b2', 'wasabi', 'minio', 'ceph', 'digitalocean', 'hetzner', 'scaleway', 'ovh', 'idrive', 'google', 'custom'] as const;
export type S3PresetId = (typeof S3_PRESET_IDS)[number];

const WHOLE = { endpoint: '', accountHint: null } as const;
const BY_REGION = { accountHint: null, forcePathStyle: null } as const;

/** The table of docs/s3.md. */
export const S3_PRESETS: readonly S3Preset[] = [
  {
    id: 'aws',
    name: 'Amazon S3',
    ...BY_REGION,
    endpoint: null,
    regionHint: 'eu-central-1',
    region: 'us-east-1',
    protection: 'conditional writes for put, completion, copy and delete',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html',
    asOf: '2026-11',
  },
  {
    id: 'r2',
    name: 'Cloudflare R2',
    endpoint: 'https://{account}.r2.cloudflarestorage.com',
    regionHint: null,
    region: 'auto',
    accountHint: 'account id, 32 hexadecimal digits',
    forcePathStyle: true,
    protection: 'conditional put and completion; copy by headers of its own; none for delete; no versions; names that differ in Unicode form only are one',
    source: 'https://developers.cloudflare.com/r2/api/s3/extensions/',
    asOf: '2026-11',
  },
  {
    id: 'b2',
    name: 'Backblaze B2',
    ...BY_REGION,
    endpoint: 'https://s3.{region}.backblazeb2.com',
    regionHint: 'us-west-004, as in the endpoint that the bucket shows',
    region: 'us-west-004',
    protection: 'no conditional writes; every bucket keeps versions, which show afterwards what two devices did',
    source: 'https://www.backblaze.com/docs/cloud-storage-s3-compatible-api',
    asOf: '2026-07',
  },
  {
    id: 'wasabi',
    name: 'Wasabi',
    ...BY_REGION,
    endpoint: 'https://s3.{region}.wasabisys.com',
    regionHint: 'eu-central-1',
    region: 'us-east-1',
    forcePathStyle: true,
    protection: 'conditional writes: not known to us; versioning can be turned on; deleted objects are paid for 90 days',
    source: 'https://docs.wasabi.com/docs/rest-api-introduction',
    asOf: '2026-11',
  },
  {
    id: 'minio',
    name: 'MinIO',
    ...WHOLE,
    regionHint: 'us-east-1 unless the server says otherwise',
    region: 'us-east-1',
    forcePathStyle: true,
    protection: 'conditional put and, in releases since 2025, completion; none for copy and delete',
    source: 'https://github.com/minio/minio',
    asOf: '2026-11',
  },
  {
    id: 'ceph',
    name: 'Ceph Object Gateway',
    ...WHOLE,
    regionHint: 'the zone group, or us-east-1',
    region: 'us-east-1',
    forcePathStyle: true,
    protection: 'release 16: conditional put in a bucket without versioning, nothing else; newer releases: also completion and delete',
    source: 'https://docs.ceph.com/en/latest/radosgw/s3/',
    asOf: '2026-11',
  },
  {
    id: 'digitalocean',
    name: 'DigitalOcean Spaces',
    ...BY_REGION,
    endpoint: 'https://{region}.digitaloceanspaces.com',
    regionHint: 'fra1',
    region: 'nyc3',
    protection: 'conditional writes: not known to us; versioning can be turned on',
    source: 'https://docs.digitalocean.com/products/spaces/reference/s3-compatibility/',
    asOf: '2026-11',
  },
  {
    id: 'hetzner',
    name: 'Hetzner Object Storage',
    ...BY_REGION,
    endpoint: 'https://{region}.your-objectstorage.com',
    regionHint: 'fsn1, nbg1 or hel1',
    region: 'fsn1',
    protection: 'conditional writes: not known to us; versioning can be turned on',
    source: 'https://docs.hetzner.com/storage/object-storage/overview',
    asOf: '2026-11',
  },
  {
    id: 'scaleway',
    name: 'Scaleway Object Storage',
    ...BY_REGION,
    endpoint: 'https://s3.{region}.scw.cloud',
    regionHint: 'fr-par, nl-ams or pl-waw',
    region: 'fr-par',
    protection: 'conditional writes since May 2026',
    source: 'https://www.scaleway.com/en/docs/object-storage/',
    asOf: '2026-05',
  },
  {
    id: 'ovh',
    name: 'OVHcloud Object Storage',
    ...BY_REGION,
    endpoint: 'https://s3.{region}.io.cloud.ovh.net',
    regionHint: 'gra, rbx, de, in small letters',
    region: 'gra',
    protection: 'conditional put, completion and delete',
    source: 'https://github.com/ovh/docs/tree/develop/pages/storage_and_backup/object_storage',
    asOf: '2026-06',
  },
  {
    id: 'idrive',
    name: 'IDrive e2',
    ...BY_REGION,
    endpoint: 'https://s3.{region}.idrivee2.com',
    regionHint: 'us-west-1, or eu-central-1; see its list of endpoints',
    region: 'us-west-1',
    protection: 'conditional writes: not known to us; versioning can be turned on',
    source: 'https://www.idrive.com/s3-storage-e2/e2-endpoint-urls',
    asOf: '2026-11',
  },
  {
    id: 'google',
    name: 'Google Cloud Storage (S3 interoperability, HMAC keys)',
    ...BY_REGION,
    endpoint: 'https://storage.googleapis.com',
    regionHint: null,
    region: 'auto',
    forcePathStyle: true,
    protection: 'conditions in the S3 dialect are accepted and ignored; versioning can be turned on',
    source: 'https://cloud.google.com/storage/docs/interoperability',
    asOf: '2026-11',
  },
  {
    id: 'custom',
    name: 'another S3-compatible store',
    ...WHOLE,
    regionHint: 'us-east-1 unless the provider says otherwise',
    region: 'us-east-1',
    forcePathStyle: null,
    protection: 'the probe tells',
    source: 'docs/s3.md',
    asOf: '2026-11',
  },
];

export interface PresetAnswers {
  readonly bucket: string;
  readonly prefix?: string;
  readonly region?: string;
  /** For an endpoint with `{account}`. */
  readonly account?: string;
  /** The whole endpoint; goes before the preset's. */
  readonly endpoint?: string;
  readonly forcePathStyle?: boolean;
  readonly credentials: CredentialSource;
  readonly proxy?: string;
  readonly caFile?: string;
}

export function presetOf(id: S3PresetId): S3Preset {
  const preset = S3_PRESETS.find((known) => known.id === id);
  if (preset === undefined) throw new SyncError('internal', `no preset ${id}`);
  return preset;
}

/** A configuration out of a preset and what was answered. Throws `config` when a part of the endpoint was not. */
export function s3ConfigOf(preset: S3Preset, answers: PresetAnswers): S3Config {
  const region = answers.region ?? (preset.endpoint === null ? null : preset.region);
  return {
    kind: 's3',
    bucket: answers.bucket,
    prefix: asPrefix(answers.prefix ?? ''),
    endpoint: endpointOf(preset, region === null ? answers : { ...answers, region }),
    region,
    forcePathStyle: answers.forcePathStyle ?? preset.forcePathStyle,
    credentials: answers.credentials,
    proxy: answers.proxy ?? null,
    caFile: answers.caFile ?? null,
  };
}

export function endpointOf(preset: S3Preset, { endpoint, region, account }: Pick<PresetAnswers, 'endpoint' | 'region' | 'account'>): string | null {
  const template = endpoint ?? preset.endpoint;
  if (template === null) return null;
  const filled = template.replace('{region}', region ?? '').replace('{account}', account ?? '');
  if (template === '' || (template.includes('{account}') && !account) || (template.includes('{region}') && !region))
    throw new SyncError('config', `${preset.name} needs ${template === '' ? 'its endpoint' : template.includes('{account}') ? `the ${preset.accountHint}` : 'a region'}`, {
      hint: 'The provider shows it beside the bucket; docs/s3.md has examples.',
    });
  return filled;
}

/** A folder within the bucket: empty, or ending in `/`. */
export function asPrefix(text: string): string {
  const inner = text.replace(/^\/+|\/+$/g, '');
  return inner === '' ? '' : `${inner}/`;
}
