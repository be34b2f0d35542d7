import { createHash } from 'node:crypto';
import type { Bucket, Part, StoredObject, Upload } from './bucket.ts';
import { type Answer, bucketOf, type Call, keyOf, quoted, receiveText, unquoted, xmlAnswer } from './call.ts';
import { ALGORITHMS, type Checksums, compositeChecksum, running, statedChecksums } from './checksums.ts';
import { checkWrite } from './conditions.ts';
import { type Content, join } from './content.ts';
import { uploadOf } from './multipart.ts';
import { versionHeader } from './object-facts.ts';
import { store } from './objects.ts';
import type { Quirks } from './quirks.ts';
import { S3Error } from './s3-error.ts';
import { childText, element, optional, parseXml, type XmlNode } from './xml.ts';

export async function completeMultipartUpload(call: Call): Promise<Answer> {
  const { request, world } = call;
  const bucket = bucketOf(call);
  const wanted = parseXml(await receiveText(call)).children.filter(({ name }) => name === 'Part');
  const earlier = bucket.finished.get(`${request.query.get('uploadId')} ${keyOf(call)}`);
  if (earlier !== undefined && world.quirks.completeTwice === 'answered') return xmlAnswer('CompleteMultipartUploadResult', named(call, earlier));
  if (!bucket.uploads.has(request.query.get('uploadId') ?? '')) throw new S3Error(world.quirks.completeUnknown);
  const upload = uploadOf(call, bucket);
  const parts = chosenParts(upload, wanted, world.quirks);
  const content = join(parts.map((part) => part.content));
  checkStatedSize(request.headers['x-amz-mp-object-size'], content.size);
  const checksums = await objectChecksums(upload, parts, content, statedChecksums(request.headers));
  return finish(call, bucket, upload, { content, checksums, etag: multipartEtag(call, parts) });
}

/** Condition and effect in one step: whoever finishes first wins. A lost condition leaves the upload as it was. */
function finish(call: Call, bucket: Bucket, upload: Upload, { content, checksums, etag }: Pick<StoredObject, 'content' | 'checksums' | 'etag'>): Answer {
  const { quirks } = call.world;
  if (!bucket.uploads.has(upload.id)) throw new S3Error('NoSuchUpload', { UploadId: upload.id });
  checkWrite(call, bucket, upload.key, quirks.completeConditions);
  const object = store(call, bucket, { ...upload.facts, key: upload.key, content, checksums, checksumType: upload.checksumType, etag });
  bucket.uploads.delete(upload.id);
  bucket.finished.set(`${upload.id} ${upload.key}`, etag);
  const sums = ALGORITHMS.map((name) => optional(`Checksum${name}`, checksums[name]));
  const answered = [...named(call, quirks.completeEtag === 'empty' ? '' : etag), ...sums];
  return xmlAnswer('CompleteMultipartUploadResult', answered, versionHeader(object.versionId, bucket.versioning === 'Enabled'));
}

function named({ request }: Call, etag: string): string[] {
  const location = `http://${request.headers['host']}${request.rawPath}`;
  return [element('Location', location), element('Bucket', request.bucket), element('Key', request.key), element('ETag', etag === '' ? '' : quoted(etag))];
}

function chosenParts(upload: Upload, wanted: readonly XmlNode[], quirks: Quirks): Part[] {
  if (wanted.length === 0) throw new S3Error('MalformedXML');
  const numbers = wanted.map((node) => Number(childText(node, 'PartNumber')));
  if (numbers.some((number, index) => index > 0 && number <= (numbers[index - 1] ?? 0))) throw new S3Error('InvalidPartOrder');
  const parts = wanted.map((node, index) => chosenPart(upload, node, numbers[index] ?? 0));
  checkSizes(upload, parts, quirks);
  return parts;
}

function chosenPart(upload: Upload, node: XmlNode, number: number): Part {
  const part = upload.parts.get(number);
  const etag = unquoted(childText(node, 'ETag') ?? '');
  const isOther = ALGORITHMS.some((name) => {
    const stated = childText(node, `Checksum${name}`);
    return stated !== undefined && part?.checksums[name] !== undefined && stated !== part.checksums[name];
  });
  if (part === undefined || part.etag !== etag || isOther) throw new S3Error('InvalidPart', { UploadId: upload.id, PartNumber: `${number}`, ETag: etag });
  return part;
}

function checkSizes(upload: Upload, parts: readonly Part[], quirks: Quirks): void {
  const body = parts.slice(0, -1);
  const small = body.find(({ content }) => content.size < quirks.smallestPartBytes);
  if (small !== undefined)
    throw new S3Error('EntityTooSmall', { ProposedSize: `${small.content.size}`, MinSizeAllowed: `${quirks.smallestPartBytes}`, PartNumber: `${small.number}`, ETag: small.etag });
  const sizes = new Set(body.map(({ content }) => content.size));
  const isLastLonger = (parts.at(-1)?.content.size ?? 0) > (body[0]?.content.size ?? Number.POSITIVE_INFINITY);
  if (quirks.equalPartSizes && (sizes.size > 1 || isLastLonger))
    throw new S3Error('InvalidPart', { UploadId: upload.id, Message: 'All non-trailing parts must have the same length.' });
}

function checkStatedSize(stated: string | undefined, size: number): void {
  if (stated !== undefined && Number(stated) !== size) throw new S3Error('InvalidRequest', { Message: 'The provided x-amz-mp-object-size does not match the size of the parts.' });
}

function multipartEtag({ world }: Call, parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'));
  return `${world.quirks.etag === 'opaque' ? world.freshId() : hash.digest('hex')}-${parts.length}`;
}

/** The object's checksum in the upload's algorithm, of its bytes or of its parts' checksums. @throws BadDigest when the request states another */
async function objectChecksums({ algorithm, checksumType }: Upload, parts: readonly Part[], content: Content, stated: Checksums): Promise<Checksums> {
  if (algorithm === undefined) return {};
  const ofParts = parts.flatMap(({ checksums }) => checksums[algorithm] ?? []);
  if (checksumType === 'COMPOSITE' && ofParts.length < parts.length) return {};
  const value = checksumType === 'COMPOSITE' ? compositeChecksum(algorithm, ofParts) : await sumOf(running(algorithm), content);
  if (stated[algorithm] !== undefined && stated[algorithm] !== value) throw new S3Error('BadDigest');
  return { [algorithm]: value };
}

async function sumOf(sum: ReturnType<typeof running>, content: Content): Promise<string> {
  for await (const piece of content.read(0, content.size)) sum.update(piece);
  return sum.digest();
}
