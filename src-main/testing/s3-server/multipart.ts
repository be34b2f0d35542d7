import type { Bucket, Part, Upload } from './bucket.ts';
import { type Answer, bucketOf, type Call, emptyAnswer, isoTime, keyOf, numberOf, quoted, xmlAnswer } from './call.ts';
import { ALGORITHMS, checksumHeaders, parseAlgorithm } from './checksums.ts';
import { slice } from './content.ts';
import { copyResult, copySource, sourceHeader } from './copy.ts';
import { md5Of } from './digest.ts';
import { etagOf, factsOf } from './object-facts.ts';
import { parseCopyRange } from './range.ts';
import { S3Error } from './s3-error.ts';
import { element, optional } from './xml.ts';

const MOST_PARTS = 10_000;

export function createMultipartUpload(call: Call): Answer {
  const { world, request } = call;
  const [bucket, key] = [bucketOf(call), keyOf(call)];
  const algorithm = world.quirks.checksums === 'ignored' ? undefined : parseAlgorithm(request.headers['x-amz-checksum-algorithm']);
  const checksumType = (request.headers['x-amz-checksum-type'] ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE')) === 'FULL_OBJECT' ? 'FULL_OBJECT' : 'COMPOSITE';
  const upload: Upload = { id: world.freshId(), key, initiatedMs: world.nowMs(), facts: factsOf(request, world.quirks), algorithm, checksumType, parts: new Map() };
  bucket.uploads.set(upload.id, upload);
  const headers: Record<string, string> = algorithm === undefined ? {} : { 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': checksumType };
  return xmlAnswer('InitiateMultipartUploadResult', [element('Bucket', bucket.name), element('Key', request.key), element('UploadId', upload.id)], headers);
}

export function uploadOf(call: Call, bucket: Bucket): Upload {
  const id = call.request.query.get('uploadId') ?? '';
  const upload = bucket.uploads.get(id);
  if (upload === undefined || upload.key !== keyOf(call)) throw new S3Error('NoSuchUpload', { UploadId: id });
  return upload;
}

export async function uploadPart(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const [upload, number] = [uploadOf(call, bucket), partNumber(call)];
  const { content, md5, checksums } = await call.receive();
  const etag = etagOf(call, md5, upload.facts);
  if (content.size > call.world.quirks.largestPutBytes) throw new S3Error('EntityTooLarge');
  addPart(call, bucket, upload, { number, etag, content, checksums });
  return emptyAnswer(200, { etag: quoted(etag), ...checksumHeaders(checksums) });
}

export async function uploadPartCopy(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const [upload, number, source] = [uploadOf(call, bucket), partNumber(call), copySource(call)];
  const { start, end } = parseCopyRange(call.request.headers['x-amz-copy-source-range'], source.object.content.size);
  const content = slice(source.object.content, start, end);
  const etag = etagOf(call, await md5Of(content), upload.facts);
  const part = addPart(call, bucket, upload, { number, etag, content, checksums: {} });
  return xmlAnswer('CopyPartResult', copyResult(call, part), sourceHeader(source));
}

/** The last part of a number wins; none lands in an upload that was completed or aborted meanwhile. */
function addPart(call: Call, bucket: Bucket, upload: Upload, arrived: Omit<Part, 'modifiedMs'>): Part {
  if (!bucket.uploads.has(upload.id)) throw new S3Error('NoSuchUpload', { UploadId: upload.id });
  const part = { ...arrived, modifiedMs: call.world.nowMs() };
  upload.parts.set(part.number, part);
  return part;
}

function partNumber({ request }: Call): number {
  const number = Number(request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS)
    throw new S3Error('InvalidArgument', { Message: `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive` });
  return number;
}

export function abortMultipartUpload(call: Call): Answer {
  const bucket = bucketOf(call);
  bucket.uploads.delete(uploadOf(call, bucket).id);
  return emptyAnswer(204);
}

export function listParts(call: Call): Answer {
  const bucket = bucketOf(call);
  const upload = uploadOf(call, bucket);
  const [most, after] = [numberOf(call, 'max-parts', 1000, 1000), numberOf(call, 'part-number-marker', 0, MOST_PARTS)];
  const rest = [...upload.parts.values()].filter(({ number }) => number > after).sort((a, b) => a.number - b.number);
  const page = rest.slice(0, most);
  return xmlAnswer('ListPartsResult', [
    element('Bucket', bucket.name),
    element('Key', call.request.key),
    element('UploadId', upload.id),
    element('StorageClass', upload.facts.storageClass),
    element('PartNumberMarker', after),
    element('NextPartNumberMarker', page.at(-1)?.number ?? 0),
    element('MaxParts', most),
    element('IsTruncated', rest.length > most),
    ...page.map(({ number, etag, content, checksums, modifiedMs }) =>
      element('Part', [
        element('PartNumber', number),
        element('LastModified', isoTime(modifiedMs, call.world.quirks)),
        element('ETag', quoted(etag)),
        element('Size', content.size),
        ...ALGORITHMS.map((name) => optional(`Checksum${name}`, checksums[name])),
      ]),
    ),
  ]);
}
