import type { S3Config } from '../backends/s3/s3-config.ts';

export type PolicyPlace = Pick<S3Config, 'bucket' | 'prefix' | 'region' | 'endpoint'>;
export interface PolicyOptions {
  /** May read and set the rule that clears unfinished uploads. */
  readonly lifecycle?: boolean;
}

/**
 * The least that File Sync needs on AWS for one bucket and prefix, as an IAM policy. Without s3:ListBucket a missing object is answered 403 and not 404, so it is needed even where nothing is listed; for that question the object's
 * key stands in for `s3:prefix`. A bucket that keeps versions and does not judge conditions is looked at by its versions, and one's own may be taken back: Amazon judges them, so `s3:DeleteObjectVersion` is for other stores.
 */
export function iamPolicy({ bucket, prefix, region, endpoint }: PolicyPlace, { lifecycle = false }: PolicyOptions = {}): object {
  const arn = `arn:${partition(region)}:s3:::${bucket}`;
  const below = prefix === '' ? {} : { Condition: { StringLike: { 's3:prefix': [`${prefix}*`] } } };
  const objectActions = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:GetObjectVersion'];
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'List', Effect: 'Allow', Action: ['s3:ListBucket', 's3:ListBucketVersions'], Resource: [arn], ...below },
      {
        Sid: 'Bucket',
        Effect: 'Allow',
        Action: ['s3:GetBucketVersioning', 's3:ListBucketMultipartUploads', ...(lifecycle ? ['s3:GetLifecycleConfiguration', 's3:PutLifecycleConfiguration'] : [])],
        Resource: [arn],
      },
      { Sid: 'Objects', Effect: 'Allow', Action: [...objectActions, ...(takesBack({ endpoint }) ? ['s3:DeleteObjectVersion'] : [])], Resource: [`${arn}/${prefix}*`] },
    ],
  };
}

/** Whether a version of one's own may have to be taken back there. */
export function takesBack({ endpoint }: Pick<PolicyPlace, 'endpoint'>): boolean {
  return endpoint !== null && !/(?:^|\.)amazonaws\.com(?:\.cn)?$/i.test(new URL(endpoint).hostname);
}

function partition(region: string | null): string {
  if (region?.startsWith('cn-')) return 'aws-cn';
  return region?.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
