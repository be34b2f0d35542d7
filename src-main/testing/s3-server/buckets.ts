import { Bucket } from './bucket.ts';
import { type Answer, bucketOf, type Call, emptyAnswer, type Handler, isoTime, receiveText, xmlAnswer } from './call.ts';
import { type ErrorCode, S3Error } from './s3-error.ts';
import { childText, element, optional, parseXml } from './xml.ts';

export function listBuckets({ world }: Call): Answer {
  const buckets = [...world.buckets.values()].sort((a, b) => a.compare(a.name, b.name));
  const rows = buckets.map(({ name, createdMs }) => element('Bucket', [element('Name', name), element('CreationDate', isoTime(createdMs, world.quirks))]));
  return xmlAnswer('ListAllMyBucketsResult', [element('Owner', [element('ID', 'owner')]), element('Buckets', rows)]);
}

export async function createBucket(call: Call): Promise<Answer> {
  const { request, world } = call;
  const name = request.bucket;
  await call.receive();
  if (!/^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/.test(name)) throw new S3Error('InvalidBucketName', { BucketName: name });
  if (world.buckets.has(name)) throw new S3Error('BucketAlreadyOwnedByYou', { BucketName: name });
  world.buckets.set(name, new Bucket(name, world.nowMs(), world.quirks));
  return emptyAnswer(200, { location: `/${name}` });
}

export function headBucket(call: Call): Answer {
  bucketOf(call);
  return emptyAnswer(200, { 'x-amz-bucket-region': call.world.region });
}

export function deleteBucket(call: Call): Answer {
  const bucket = bucketOf(call);
  if (bucket.keys().length > 0) throw new S3Error('BucketNotEmpty', { BucketName: bucket.name });
  call.world.buckets.delete(bucket.name);
  return emptyAnswer(204);
}

export function getBucketLocation(call: Call): Answer {
  bucketOf(call);
  const { region } = call.world;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: element('LocationConstraint', region === 'us-east-1' ? '' : region) };
}

export function getBucketVersioning(call: Call): Answer {
  const { versioning } = bucketOf(call);
  return xmlAnswer('VersioningConfiguration', [optional('Status', versioning === 'Off' ? undefined : versioning)]);
}

export async function putBucketVersioning(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const status = childText(parseXml(await receiveText(call)), 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error('MalformedXML');
  if (call.world.quirks.versioning === 'always' && status === 'Suspended') throw new S3Error('InvalidRequest', { Message: 'Versioning cannot be suspended.' });
  bucket.versioning = status;
  return emptyAnswer(200);
}

/** Handlers of a configuration document that is kept as it was put. */
export function configuration(subresource: string, missing: ErrorCode): { readonly get: Handler; readonly put: Handler; readonly remove: Handler } {
  return {
    get: (call) => {
      const body = bucketOf(call).configurations.get(subresource);
      if (body === undefined) throw new S3Error(missing, { BucketName: call.request.bucket });
      return { status: 200, headers: { 'content-type': 'application/xml' }, body };
    },
    put: async (call) => {
      const body = await receiveText(call);
      parseXml(body);
      bucketOf(call).configurations.set(subresource, body);
      return emptyAnswer(200);
    },
    remove: (call) => {
      bucketOf(call).configurations.delete(subresource);
      return emptyAnswer(204);
    },
  };
}
