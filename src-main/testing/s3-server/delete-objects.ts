import { type Answer, bucketOf, type Call, receiveText, storedKey, xmlAnswer } from './call.ts';
import { removeObject } from './objects.ts';
import { S3Error } from './s3-error.ts';
import { childText, element, optional, parseXml, type XmlNode } from './xml.ts';

const MOST_KEYS = 1000;

/** Each key has its own outcome; the request is answered 200 whatever became of them. */
export async function deleteObjects(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  checkDigest(call);
  const root = parseXml(await receiveText(call));
  const nodes = root.children.filter(({ name }) => name === 'Object');
  if (nodes.length === 0 || nodes.length > MOST_KEYS) throw new S3Error('MalformedXML');
  const isQuiet = childText(root, 'Quiet') === 'true';
  const outcomes = nodes.map((node) => outcomeOf(call, bucket, node));
  return xmlAnswer('DeleteResult', isQuiet ? outcomes.filter((xml) => xml.startsWith('<Error>')) : outcomes);
}

/** S3 takes a batch of deletions only with a digest of it. */
function checkDigest({ request: { headers } }: Call): void {
  const hasDigest = ['content-md5', 'x-amz-trailer'].some((name) => headers[name] !== undefined) || Object.keys(headers).some((name) => /^x-amz-checksum-(?:crc|sha)/.test(name));
  if (!hasDigest) throw new S3Error('InvalidRequest', { Message: 'Missing required header for this request: Content-MD5' });
}

function outcomeOf(call: Call, bucket: ReturnType<typeof bucketOf>, node: XmlNode): string {
  const [key = '', versionId, ifMatch] = [childText(node, 'Key'), childText(node, 'VersionId'), childText(node, 'ETag')];
  try {
    const removed = removeObject(call, bucket, { key: storedKey(key, call.world.quirks), versionId, ifMatch });
    const marker = removed?.kind === 'marker' ? [element('DeleteMarker', true), element('DeleteMarkerVersionId', removed.versionId)] : [];
    return element('Deleted', [element('Key', key), optional('VersionId', versionId), ...marker]);
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return element('Error', [element('Key', key), optional('VersionId', versionId), element('Code', error.code), element('Message', error.message)]);
  }
}
