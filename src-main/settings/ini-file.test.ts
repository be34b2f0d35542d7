import { expect, it } from 'vitest';
import { parseIniFile } from './ini-file.ts';

const shape = (text: string) => parseIniFile(text).sections.map(({ name, line, values }) => [name, line, Object.fromEntries([...values].map(([key, { value }]) => [key, value]))]);

it('reads what ~/.aws and rclone.conf hold', () => {
  expect(
    shape('\uFEFF# top\r\n[default]\r\nregion = eu-west-1\r\n\r\n[profile  work]\ns3 =\n  addressing_style = path\n  endpoint_url=https://s3.example.org\noutput = json\n'),
  ).toEqual([
    ['default', 2, { region: 'eu-west-1' }],
    ['profile  work', 5, { s3: '', 's3.addressing_style': 'path', 's3.endpoint_url': 'https://s3.example.org', output: 'json' }],
  ]);
  expect(shape('[b2]\ntype = s3\nsecret_access_key = a=b#c;d\n')).toEqual([['b2', 1, { type: 's3', secret_access_key: 'a=b#c;d' }]]);
});

it('names what is neither, and never repeats it', () => {
  const { faults } = parseIniFile('early = 1\n[a]\nsecret-without-a-name\n= nothing\n');
  expect(faults).toEqual([
    { line: 1, what: 'comes before any [section]' },
    { line: 3, what: 'is neither [section] nor name = value' },
    { line: 4, what: 'is neither [section] nor name = value' },
  ]);
});
