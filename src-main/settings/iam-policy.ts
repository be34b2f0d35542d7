import type { S3Config } from '../backends/s3/s3-config.ts';

export interface PolicyOptions {
  /** The bucket keeps versions and does not judge conditions: older versions are looked at, and one's own may be taken back. */
  readonly lineage?: boolean;
  /** May read and set the rule that clears unfinished uploads. */
  readonly lifecycle?: boolean;
}

/**
 * The least that File Sync needs on AWS for one bucket and prefix, as an IAM policy. Without s3:ListBucket a missing object is answered 403 and not 404, so it is needed even where nothing is listed; for that question the object's
 * key stands in for `s3:prefix`.
 */
export function iamPolicy({ bucket, prefix, region }: Pick<S3Config, 'bucket' | 'prefix' | 'region'>, { lineage = false, lifecycle = false }: PolicyOptions = {}): object {
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
      { Sid: 'Objects', Effect: 'Allow', Action: [...objectActions, ...(lineage ? ['s3:DeleteObjectVersion'] : [])], Resource: [`${arn}/${prefix}*`] },
    ],
  };
}

function partition(region: string | null): string {
  if (region?.startsWith('cn-')) return 'aws-cn';
  return region?.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
