import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { Client, Dispatcher } from 'undici';
import { SyncError } from '../../../core/errors.ts';

export interface NetworkOptions {
  readonly proxy: string | null;
  readonly caFile: string | null;
  readonly connectMs: number;
}

/** Keep-alive connections to any host, through a proxy where there is one. Loaded when it is needed: a command on a folder starts a quarter sooner without. */
export async function openNetwork({ proxy, caFile, connectMs }: NetworkOptions): Promise<Dispatcher> {
  const { Agent, Client, ProxyAgent } = await import('undici');
  await loadParser(Client);
  const connect = { timeout: connectMs, ...(caFile === null ? {} : { secureContext: await contextWith(caFile) }) };
  if (proxy === null) return new Agent({ connect });
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol)) {
    throw new SyncError('config', 'the proxy is no address that can be used', { hint: 'It looks like http://host:port. SOCKS proxies are not supported.' });
  }
  return new ProxyAgent({ uri: proxy, proxyTunnel: false, requestTls: connect, proxyTls: connect });
}

/**
 * The library loads its parser of answers with the first connection, and hears nothing of one that the store resets meanwhile: its request would wait for ever (undici 6, `connectH1`). So the first connection is to an
 * answer of our own.
 */
async function loadParser(Connection: typeof Client): Promise<void> {
  const answering = new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      this.push('HTTP/1.1 204 No Content\r\n\r\n');
      done();
    },
  });
  const client = new Connection('http://parser.invalid', { connect: (_options, connected) => connected(null, answering as unknown as Socket) });
  await client.request({ path: '/', method: 'HEAD' });
  await client.destroy();
}

/** Made once: reading some hundred and forty certificates for every connection would be slow. */
async function contextWith(caFile: string): Promise<tls.SecureContext> {
  const hint = 'It must be a PEM file with the certificate of the authority that signed the store’s certificate.';
  const pem = await readFile(caFile, 'utf8').catch((error: unknown) => {
    throw new SyncError('config', `the file with certificates, ${caFile}, cannot be read`, { cause: error, hint });
  });
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) throw new SyncError('config', `${caFile} holds no certificate`, { hint });
  try {
    // TLS passes over what it cannot read.
    for (const certificate of certificates) new X509Certificate(certificate);
    return tls.createSecureContext({ ca: [...tls.rootCertificates, ...certificates] });
  } catch (error) {
    throw new SyncError('config', `the certificates in ${caFile} cannot be used`, { cause: error, hint });
  }
}
