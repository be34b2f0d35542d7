import type { Upload } from './bucket.ts';
import { type Answer, bucketOf, type Call, isoTime, numberOf, xmlAnswer } from './call.ts';
import { encoder } from './listing.ts';
import { element, optional } from './xml.ts';

/** By key, then by the order in which they began. */
export function listMultipartUploads(call: Call): Answer {
  const { query } = call.request;
  const bucket = bucketOf(call);
  const [prefix, keyMarker, idMarker, most] = [
    query.get('prefix') ?? '',
    query.get('key-marker') ?? '',
    query.get('upload-id-marker') ?? '',
    numberOf(call, 'max-uploads', 1000, 1000),
  ];
  const all = [...bucket.uploads.values()].sort((a, b) => bucket.compare(a.key, b.key));
  const marked = all.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
  const isAfter = (upload: Upload, index: number): boolean => keyMarker === '' || bucket.compare(upload.key, keyMarker) > 0 || (marked !== -1 && index > marked);
  const rest = all.filter((upload, index) => upload.key.startsWith(prefix) && isAfter(upload, index));
  const shown = rest.slice(0, most);
  const last = rest.length > most ? shown.at(-1) : undefined;
  const write = encoder(call);
  return xmlAnswer('ListMultipartUploadsResult', [
    element('Bucket', bucket.name),
    element('Prefix', write(prefix)),
    element('KeyMarker', write(keyMarker)),
    element('UploadIdMarker', idMarker),
    optional('NextKeyMarker', last === undefined ? undefined : write(last.key)),
    optional('NextUploadIdMarker', last?.id),
    element('MaxUploads', most),
    optional('EncodingType', query.get('encoding-type')),
    element('IsTruncated', last !== undefined),
    ...shown.map(({ key, id, initiatedMs, facts }) =>
      element('Upload', [
        element('Key', write(key)),
        element('UploadId', id),
        element('StorageClass', facts.storageClass),
        element('Initiated', isoTime(initiatedMs, call.world.quirks)),
      ]),
    ),
  ]);
}
