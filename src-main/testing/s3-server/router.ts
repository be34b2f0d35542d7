import { configuration, createBucket, deleteBucket, getBucketLocation, getBucketVersioning, headBucket, listBuckets, putBucketVersioning } from './buckets.ts';
import { type Answer, type Call, type Handler, requireAction } from './call.ts';
import { completeMultipartUpload } from './complete.ts';
import { copyObject } from './copy.ts';
import { deleteObjects } from './delete-objects.ts';
import { listMultipartUploads } from './list-uploads.ts';
import { listObjectVersions } from './list-versions.ts';
import { listObjects, listObjectsV2 } from './listing.ts';
import { abortMultipartUpload, createMultipartUpload, listParts, uploadPart, uploadPartCopy } from './multipart.ts';
import { deleteObject, getObject, getObjectAttributes, putObject } from './objects.ts';
import { actionOf, type Operation } from './operation.ts';
import { S3Error } from './s3-error.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './tagging.ts';

const lifecycle = configuration('lifecycle', 'NoSuchLifecycleConfiguration');
const encryption = configuration('encryption', 'ServerSideEncryptionConfigurationNotFoundError');

const HANDLERS: Readonly<Record<Exclude<Operation, 'Unknown'>, Handler>> = {
  ListBuckets: listBuckets,
  CreateBucket: createBucket,
  HeadBucket: headBucket,
  DeleteBucket: deleteBucket,
  GetBucketLocation: getBucketLocation,
  GetBucketVersioning: getBucketVersioning,
  PutBucketVersioning: putBucketVersioning,
  GetBucketLifecycleConfiguration: lifecycle.get,
  PutBucketLifecycleConfiguration: lifecycle.put,
  DeleteBucketLifecycle: lifecycle.remove,
  GetBucketEncryption: encryption.get,
  PutBucketEncryption: encryption.put,
  DeleteBucketEncryption: encryption.remove,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
  ListMultipartUploads: listMultipartUploads,
  DeleteObjects: deleteObjects,
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: getObject,
  DeleteObject: deleteObject,
  CopyObject: copyObject,
  GetObjectAttributes: getObjectAttributes,
  GetObjectTagging: getObjectTagging,
  PutObjectTagging: putObjectTagging,
  DeleteObjectTagging: deleteObjectTagging,
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
};

/** Carries one signed request out. */
export function route(call: Call): Promise<Answer> | Answer {
  const { operation } = call.request;
  if (operation === 'Unknown' || call.world.quirks.unsupported.includes(operation)) throw new S3Error('NotImplemented');
  // Deletions ask for themselves: a batch is answered per key.
  if (operation !== 'DeleteObject' && operation !== 'DeleteObjects') requireAction(call, actionOf(operation));
  return HANDLERS[operation](call);
}
