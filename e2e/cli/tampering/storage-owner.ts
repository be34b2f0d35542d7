import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

export interface BucketAddress {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly bucket: string;
}

/** An object as whoever runs the storage sees it. */
export interface Stored {
  readonly body: Buffer;
  readonly meta: Readonly<Record<string, string>>;
}

/** Whoever runs the storage, or stole a key to it: he reads, writes and deletes whatever he likes, and has no key of the vault. */
export class StorageOwner {
  readonly #bucket: string;
  readonly #client: S3Client;

  constructor({ endpoint, region, accessKeyId, secretAccessKey, bucket }: BucketAddress) {
    this.#bucket = bucket;
    this.#client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  async keys(prefix = ''): Promise<readonly string[]> {
    const keys: string[] = [];
    for (let token: string | undefined; ; ) {
      const page = await this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, ContinuationToken: token }));
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
      token = page.NextContinuationToken;
      if (token === undefined) return keys;
    }
  }

  async get(key: string): Promise<Stored> {
    const { Body, Metadata } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    return { body: Buffer.from((await Body?.transformToByteArray()) ?? []), meta: Metadata ?? {} };
  }

  async put(key: string, { body, meta }: Stored): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body, Metadata: meta }));
  }

  async remove(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }

  async everything(prefix = ''): Promise<Map<string, Stored>> {
    const all = new Map<string, Stored>();
    for (const key of await this.keys(prefix)) all.set(key, await this.get(key));
    return all;
  }

  /** Fetches what lies below a prefix into a folder, as any tool does; returns names and metadata as one text. */
  async download(prefix: string, folder: string): Promise<string> {
    const besides: string[] = [];
    for (const [key, { body, meta }] of await this.everything()) {
      besides.push(key, ...Object.entries(meta).flat());
      if (!key.startsWith(prefix)) continue;
      const to = join(folder, key.slice(prefix.length));
      mkdirSync(key.endsWith('/') ? to : dirname(to), { recursive: true });
      if (!key.endsWith('/')) writeFileSync(to, body);
    }
    return besides.join('\n');
  }

  close(): void {
    this.#client.destroy();
  }
}
