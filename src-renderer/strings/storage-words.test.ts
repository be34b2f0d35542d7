import { afterEach, expect, it } from 'vitest';
import { presetOf, S3_PRESETS } from '../../src-preload/contract/providers.ts';
import { setLanguage } from './say.ts';
import { regionWords } from './storage-words.ts';

afterEach(() => setLanguage('en'));

it('what to type as the region is said in the language of the window, whatever the table has around the names', () => {
  const said = (id: Parameters<typeof presetOf>[0]) => regionWords(presetOf(id));
  expect(['minio', 'ceph', 'b2', 'hetzner', 'idrive', 'ovh'].map((id) => said(id as 'b2'))).toEqual([
    'Usually us-east-1. Another one only where the storage names one.',
    'The name of the zone group; us-east-1 where nobody gave it one.',
    'It is part of the endpoint that the bucket shows, for example us-west-004.',
    'For example fsn1, nbg1, hel1.',
    'For example us-west-1, eu-central-1.',
    'For example gra, rbx, de.',
  ]);
  setLanguage('de');
  for (const preset of S3_PRESETS.filter(({ regionHint }) => regionHint !== null)) expect(regionWords(preset)).not.toMatch(/ (or|as|unless|the|see) |undefined|beispiel \./i);
});
