import { spawnSync } from 'node:child_process';
import { CreateBucketCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { isTombstone } from '../../../src-main/backends/s3/tombstone.ts';
import { type Ceph, isCephInstalled, startCeph } from '../../../src-main/testing/ceph.ts';
import { StorageOwner } from '../../cli/tampering/storage-owner.ts';
import { type Device, World } from '../../cli/world.ts';

export { isCephInstalled };

/** Devices that meet in a bucket of a real Ceph gateway. */
export class CephWorld {
  readonly world = new World();
  readonly ceph: Ceph;
  readonly bucket = 'shared';
  /** Whoever runs it. */
  readonly owner: StorageOwner;
  readonly #client: S3Client;

  private constructor(ceph: Ceph) {
    this.ceph = ceph;
    const { endpoint, region, accessKeyId, secretAccessKey } = ceph;
    this.owner = new StorageOwner({ endpoint, region, accessKeyId, secretAccessKey, bucket: this.bucket });
    this.#client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  static async start(): Promise<CephWorld> {
    const made = new CephWorld(await startCeph());
    await made.#client.send(new CreateBucketCommand({ Bucket: made.bucket }));
    return made;
  }

  device(name: string, settings: Readonly<Record<string, string>> = {}): Device {
    return this.world.device(name, { ...this.settings, S3_PREFIX: 'our files', ...settings });
  }

  /** Of the bucket, without a prefix. */
  get settings(): Readonly<Record<string, string>> {
    const { endpoint, region, accessKeyId, secretAccessKey } = this.ceph;
    return { BACKEND_TYPE: 's3', S3_BUCKET: this.bucket, S3_ENDPOINT: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  }

  /** The text of every object, kept versions included. */
  async texts(): Promise<string[]> {
    const texts: string[] = [];
    for await (const key of this.#keys()) {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      texts.push((await Body?.transformToString()) ?? '');
    }
    return texts;
  }

  /** What killed programs had claimed is free again, as after an hour; nothing runs meanwhile. */
  async letClaimsRunOut(): Promise<void> {
    for await (const Key of this.#keys()) {
      const { ContentLength, Metadata } = await this.#client.send(new HeadObjectCommand({ Bucket: this.bucket, Key }));
      if (isTombstone({ size: ContentLength ?? 0, meta: Metadata ?? {} })) await this.#client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key }));
    }
  }

  async *#keys(): AsyncGenerator<string> {
    for (let token: string | undefined; ; ) {
      const page = await this.#client.send(new ListObjectsV2Command({ Bucket: this.bucket, ContinuationToken: token }));
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
      token = page.NextContinuationToken;
      if (token === undefined) return;
    }
  }

  /** The bucket holds the folder's files, and nothing else unless there are `links`, which lie there as small files of their own, as another program reads it. */
  expectBucketHolds(folder: string, { links = false } = {}): void {
    const { endpoint, accessKeyId, secretAccessKey } = this.ceph;
    const remote = `:s3,provider=Ceph,endpoint="${endpoint}",access_key_id=${accessKeyId},secret_access_key=${secretAccessKey}:${this.bucket}/our files`;
    const { status, stderr } = spawnSync('rclone', ['check', '--download', ...(links ? ['--one-way'] : []), '--exclude', '.file-sync/**', folder, remote], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: this.world.root },
    });
    expect(status, stderr).toBe(0);
  }

  async end(): Promise<void> {
    await this.world.end();
    this.owner.close();
    this.#client.destroy();
    await this.ceph.end();
  }
}
