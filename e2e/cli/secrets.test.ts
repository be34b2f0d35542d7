import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { S3Server, TEST_CREDENTIAL } from '../../src-main/testing/s3-server/s3-server.ts';
import { World } from './world.ts';

const PLANTED = { id: 'AKIAHUNTER2PLANTED', key: 'hunter2+planted/secret=key', encryption: 'hunter2-0123456789-0123456789-01' };
/** As it is, and as it would come in base64, hex and a URL. */
const FORMS = Object.values(PLANTED).flatMap((secret) => [
  secret,
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('hex'),
  encodeURIComponent(secret),
]);

let world: World;
let server: S3Server;
beforeEach(async () => {
  world = new World();
  server = await S3Server.start({ buckets: ['our-bucket'], credentials: [{ ...TEST_CREDENTIAL, accessKeyId: PLANTED.id, secretAccessKey: PLANTED.key }] });
});
afterEach(async () => {
  await world.end();
  await server.close();
});

/** Every file but the settings, as text. */
function written(): string {
  return readdirSync(world.root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'settings.env')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

it.each(['json', 'text'])('I9 no planted secret is in what commands say while debugging, in the log (%s) or in the state', async (format) => {
  const device = world.device('laptop', {
    BACKEND_TYPE: 's3',
    S3_BUCKET: 'our-bucket',
    S3_ENDPOINT: server.endpoint,
    AWS_REGION: server.region,
    AWS_ACCESS_KEY_ID: PLANTED.id,
    AWS_SECRET_ACCESS_KEY: PLANTED.key,
    ENCRYPTION_KEY: PLANTED.encryption,
    LOG_LEVEL: 'debug',
    LOG_FORMAT: format,
  });
  device.write('a.txt', 'a');
  let said = '';
  for (const argv of [['sync'], ['status', '--json'], ['doctor'], ['activity'], ['keys']]) {
    const { code, out, err } = await device.run(...argv, '--log-level', 'debug');
    expect(code, `${argv.join(' ')}: ${err}`).toBe(0);
    said += out + err;
  }
  expect(said).toContain('our-bucket');
  expect(said).toContain('upload a.txt');
  expect(written()).toMatch(format === 'json' ? /"path":"a.txt"/ : / path=a\.txt /);
  for (const form of FORMS) expect((said + written()).includes(form), `a secret of ${form.length} characters that begins with ${form.slice(0, 4)}`).toBe(false);
});
