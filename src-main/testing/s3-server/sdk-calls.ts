import { createHash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  type CompleteMultipartUploadCommandOutput,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { BUCKET } from './server-per-test.ts';

type Extra<Input> = Partial<Omit<Input, 'Bucket' | 'Key'>>;

export function put(client: S3Client, key: string, body: NonNullable<PutObjectCommandInput['Body']>, extra: Extra<PutObjectCommandInput> = {}): Promise<PutObjectCommandOutput> {
  return client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body, ...extra }));
}

export async function read(client: S3Client, key: string, extra: Extra<GetObjectCommandInput> = {}): Promise<Buffer> {
  const answer = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key, ...extra }));
  return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
}

export async function readText(client: S3Client, key: string, extra: Extra<GetObjectCommandInput> = {}): Promise<string> {
  return (await read(client, key, extra)).toString();
}

/** Every key and common prefix, page after page. */
export async function listAll(client: S3Client, extra: Extra<ListObjectsV2CommandInput> = {}): Promise<{ keys: string[]; prefixes: string[]; pages: number }> {
  const found = { keys: [] as string[], prefixes: [] as string[], pages: 0 };
  let token: string | undefined;
  do {
    const answer = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, ...extra, ContinuationToken: token }));
    found.keys.push(...(answer.Contents ?? []).map(({ Key = '' }) => Key));
    found.prefixes.push(...(answer.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix));
    found.pages += 1;
    token = answer.NextContinuationToken;
  } while (token !== undefined);
  return found;
}

export async function beginUpload(client: S3Client, key: string): Promise<string> {
  const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: key }));
  return UploadId;
}

export async function putPart(client: S3Client, key: string, uploadId: string, number: number, body: Buffer | string): Promise<{ PartNumber: number; ETag: string }> {
  const { ETag = '' } = await client.send(new UploadPartCommand({ Bucket: BUCKET, Key: key, UploadId: uploadId, PartNumber: number, Body: body }));
  return { PartNumber: number, ETag };
}

export function complete(
  client: S3Client,
  key: string,
  uploadId: string,
  parts: readonly { PartNumber: number; ETag: string }[],
  extra: Extra<CompleteMultipartUploadCommandInput> = {},
): Promise<CompleteMultipartUploadCommandOutput> {
  return client.send(new CompleteMultipartUploadCommand({ Bucket: BUCKET, Key: key, UploadId: uploadId, MultipartUpload: { Parts: [...parts] }, ...extra }));
}

/** A whole multipart upload, part after part. */
export async function uploadParts(
  client: S3Client,
  key: string,
  bodies: readonly (Buffer | string)[],
  extra: Extra<CompleteMultipartUploadCommandInput> = {},
): Promise<CompleteMultipartUploadCommandOutput> {
  const uploadId = await beginUpload(client, key);
  const parts = [];
  for (const [index, body] of bodies.entries()) parts.push(await putPart(client, key, uploadId, index + 1, body));
  return complete(client, key, uploadId, parts, extra);
}

/** `200`, or status and error name as in `412 PreconditionFailed`; the error's own name when no answer came. */
export async function outcome(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return '200';
  } catch (error) {
    const { name, code, $metadata } = error as { name: string; code?: string; $metadata?: { httpStatusCode?: number } };
    return $metadata?.httpStatusCode === undefined ? (code ?? name) : `${$metadata.httpStatusCode} ${name}`;
  }
}

/** How many of 16 parallel attempts won, round by round. */
export async function race(rounds: number, attempt: (round: number, racer: number) => Promise<unknown>): Promise<number[]> {
  const wins: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const outcomes = await Promise.all(Array.from({ length: 16 }, (_, racer) => outcome(attempt(round, racer))));
    wins.push(outcomes.filter((result) => result === '200').length);
  }
  return wins;
}

export function md5(data: Buffer | string): string {
  return createHash('md5').update(data).digest('hex');
}

/** A quoted ETag that no object has. */
export const OTHER_ETAG = `"${md5('another')}"`;
