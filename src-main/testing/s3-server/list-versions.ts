import type { StoredVersion } from './bucket.ts';
import { type Answer, bucketOf, type Call, isoTime, xmlAnswer } from './call.ts';
import { encoder, head, objectXml, page, prefixXml, wantedOf } from './listing.ts';
import { element, optional } from './xml.ts';

export function listObjectVersions(call: Call): Answer {
  const bucket = bucketOf(call);
  const [keyMarker, idMarker] = [call.request.query.get('key-marker') ?? '', call.request.query.get('version-id-marker') ?? ''];
  const wanted = { ...wantedOf(call, keyMarker), resumesKey: idMarker !== '' };
  const { rows, isTruncated } = page(bucket, wanted, (key) => {
    const versions = bucket.versionsOf(key);
    return key === keyMarker ? versions.slice(versions.findIndex(({ versionId }) => versionId === idMarker) + 1) : versions;
  });
  const write = encoder(call);
  const last = isTruncated ? rows.at(-1) : undefined;
  return xmlAnswer('ListVersionsResult', [
    ...head(call, wanted),
    element('KeyMarker', write(keyMarker)),
    element('VersionIdMarker', idMarker),
    element('IsTruncated', isTruncated),
    optional('NextKeyMarker', last === undefined ? undefined : write(last.name)),
    optional('NextVersionIdMarker', last?.kind === 'item' ? last.item.versionId : undefined),
    ...rows.map((row) => (row.kind === 'prefix' ? prefixXml(call, row.name) : versionXml(call, row.item, bucket.versionsOf(row.name)[0] === row.item))),
  ]);
}

function versionXml(call: Call, version: StoredVersion, isLatest: boolean): string {
  const named = [element('Key', encoder(call)(version.key)), element('VersionId', version.versionId), element('IsLatest', isLatest)];
  if (version.kind === 'object') return element('Version', [...named, ...objectXml(call, version)]);
  return element('DeleteMarker', [...named, element('LastModified', isoTime(version.modifiedMs, call.world.quirks))]);
}
