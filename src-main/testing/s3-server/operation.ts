/** The operations that the server knows, by the names AWS gives them. */
export type Operation =
  | 'ListBuckets'
  | BucketOperation
  | ObjectOperation
  /** A request that fits none: answered 501. */
  | 'Unknown';

export type BucketOperation =
  | 'CreateBucket'
  | 'HeadBucket'
  | 'DeleteBucket'
  | 'GetBucketLocation'
  | 'GetBucketVersioning'
  | 'PutBucketVersioning'
  | 'GetBucketLifecycleConfiguration'
  | 'PutBucketLifecycleConfiguration'
  | 'DeleteBucketLifecycle'
  | 'GetBucketEncryption'
  | 'PutBucketEncryption'
  | 'DeleteBucketEncryption'
  | 'ListObjects'
  | 'ListObjectsV2'
  | 'ListObjectVersions'
  | 'ListMultipartUploads'
  | 'DeleteObjects';

export type ObjectOperation =
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'CopyObject'
  | 'GetObjectAttributes'
  | 'GetObjectTagging'
  | 'PutObjectTagging'
  | 'DeleteObjectTagging'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'UploadPartCopy'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts';

/** Method and sub-resource of a bucket; the empty one is the bucket itself. */
const OF_BUCKET: Readonly<Record<string, BucketOperation>> = {
  'PUT ': 'CreateBucket',
  'HEAD ': 'HeadBucket',
  'DELETE ': 'DeleteBucket',
  'GET ': 'ListObjects',
  'GET list-type': 'ListObjectsV2',
  'GET versions': 'ListObjectVersions',
  'GET uploads': 'ListMultipartUploads',
  'GET location': 'GetBucketLocation',
  'GET versioning': 'GetBucketVersioning',
  'PUT versioning': 'PutBucketVersioning',
  'GET lifecycle': 'GetBucketLifecycleConfiguration',
  'PUT lifecycle': 'PutBucketLifecycleConfiguration',
  'DELETE lifecycle': 'DeleteBucketLifecycle',
  'GET encryption': 'GetBucketEncryption',
  'PUT encryption': 'PutBucketEncryption',
  'DELETE encryption': 'DeleteBucketEncryption',
  'POST delete': 'DeleteObjects',
};

const OF_OBJECT: Readonly<Record<string, ObjectOperation>> = {
  'PUT ': 'PutObject',
  'GET ': 'GetObject',
  'HEAD ': 'HeadObject',
  'DELETE ': 'DeleteObject',
  'GET attributes': 'GetObjectAttributes',
  'GET tagging': 'GetObjectTagging',
  'PUT tagging': 'PutObjectTagging',
  'DELETE tagging': 'DeleteObjectTagging',
  'POST uploads': 'CreateMultipartUpload',
  'PUT uploadId': 'UploadPart',
  'POST uploadId': 'CompleteMultipartUpload',
  'DELETE uploadId': 'AbortMultipartUpload',
  'GET uploadId': 'ListParts',
};

/** Query names that make another operation of a request. Those without an entry above are answered 501. */
const SUBRESOURCES =
  'list-type versions uploads location versioning lifecycle encryption delete attributes tagging uploadId acl cors policy website logging object-lock retention legal-hold restore torrent'.split(
    ' ',
  );

export interface Target {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly isCopy: boolean;
}

export function operationOf({ method, bucket, key, query, isCopy }: Target): Operation {
  const subresource = SUBRESOURCES.find((name) => query.has(name)) ?? '';
  if (bucket === '') return method === 'GET' ? 'ListBuckets' : 'Unknown';
  const operation = key === '' ? OF_BUCKET[`${method} ${subresource}`] : OF_OBJECT[`${method} ${subresource}`];
  if (isCopy && operation === 'PutObject') return 'CopyObject';
  if (isCopy && operation === 'UploadPart') return 'UploadPartCopy';
  return operation ?? 'Unknown';
}

/** The permission that each operation needs, by its IAM name. */
const ACTIONS: Partial<Readonly<Record<Operation, string>>> = {
  ListBuckets: 's3:ListAllMyBuckets',
  HeadBucket: 's3:ListBucket',
  ListObjects: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  ListObjectVersions: 's3:ListBucketVersions',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  HeadObject: 's3:GetObject',
  CopyObject: 's3:PutObject',
  DeleteObjects: 's3:DeleteObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  UploadPartCopy: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  ListParts: 's3:ListMultipartUploadParts',
  GetBucketLifecycleConfiguration: 's3:GetLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 's3:PutLifecycleConfiguration',
  DeleteBucketLifecycle: 's3:PutLifecycleConfiguration',
  GetBucketEncryption: 's3:GetEncryptionConfiguration',
  PutBucketEncryption: 's3:PutEncryptionConfiguration',
  DeleteBucketEncryption: 's3:PutEncryptionConfiguration',
};

export function actionOf(operation: Operation): string {
  return ACTIONS[operation] ?? `s3:${operation}`;
}
