import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { afterEach, beforeEach } from 'vitest';
import { S3Server, type S3ServerOptions, TEST_CREDENTIAL } from './s3-server.ts';

export const BUCKET = 'test-bucket';

export interface Served {
  readonly server: S3Server;
  /** A client that adds no checksums of its own and never tries again. */
  client(config?: S3ClientConfig): S3Client;
}

/** A fresh server with one empty bucket for every test of the file. A test fails when a fault that it planned never fired. */
export function serverPerTest(options: S3ServerOptions = {}): () => Served {
  let served: (Served & { end(): Promise<void> }) | null = null;
  beforeEach(async () => {
    served = await serve(options);
  });
  afterEach(async () => {
    const ended = served;
    served = null;
    await ended?.end();
    ended?.server.faults.assertAllFired();
  });
  return () => {
    if (served === null) throw new Error('no server outside a test');
    return served;
  };
}

async function serve(options: S3ServerOptions): Promise<Served & { end(): Promise<void> }> {
  const server = await S3Server.start({ buckets: [BUCKET], ...options });
  const clients = openClients(server);
  return {
    server,
    client: clients.client,
    end: async () => {
      clients.end();
      await server.close();
    },
  };
}

/** Clients of one server, ended together. */
export function openClients(server: S3Server): { client(config?: S3ClientConfig): S3Client; end(): void } {
  const clients: S3Client[] = [];
  return {
    client: (config = {}) => {
      const client = new S3Client({ ...clientConfig(server), ...config });
      clients.push(client);
      return client;
    },
    end: () => {
      for (const client of clients) client.destroy();
    },
  };
}

function clientConfig(server: S3Server): S3ClientConfig {
  return {
    endpoint: server.endpoint,
    region: server.region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: server.credentials[0] ?? TEST_CREDENTIAL,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
}
