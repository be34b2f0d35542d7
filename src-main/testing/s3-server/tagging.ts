import type { StoredObject } from './bucket.ts';
import { type Answer, bucketOf, type Call, emptyAnswer, keyOf, receiveText, xmlAnswer } from './call.ts';
import { versionHeader } from './object-facts.ts';
import { findObject } from './objects.ts';
import { childText, element, parseXml } from './xml.ts';

export function getObjectTagging(call: Call): Answer {
  const object = tagged(call);
  const tags = object.tags.map(([name, value]) => element('Tag', [element('Key', name), element('Value', value)]));
  return xmlAnswer('Tagging', [element('TagSet', tags)], versionHeader(object.versionId, bucketOf(call).isVersioned));
}

export async function putObjectTagging(call: Call): Promise<Answer> {
  const set = parseXml(await receiveText(call)).children.find(({ name }) => name === 'TagSet');
  return retag(call, 200, set?.children.map((tag) => [childText(tag, 'Key') ?? '', childText(tag, 'Value') ?? ''] as const) ?? []);
}

export function deleteObjectTagging(call: Call): Answer {
  return retag(call, 204, []);
}

function retag(call: Call, status: number, tags: StoredObject['tags']): Answer {
  const object = tagged(call);
  bucketOf(call).replace({ ...object, tags });
  return emptyAnswer(status, versionHeader(object.versionId, bucketOf(call).isVersioned));
}

function tagged(call: Call): StoredObject {
  return findObject(call, bucketOf(call), keyOf(call), call.request.query.get('versionId'));
}
