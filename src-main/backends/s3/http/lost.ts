import { SyncError } from '../../../core/errors.ts';
import type { Lost } from './call.ts';

const HTTPS_TO_HTTP = /wrong version number|packet length too long|EPROTO/i;
const UNTRUSTED = /^(?:UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_)/;
const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNREFUSED: 'nothing answers there',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'it fell silent',
  UND_ERR_BODY_TIMEOUT: 'it fell silent',
};

interface Thrown {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly errors?: readonly unknown[];
  readonly message?: unknown;
}

/** What broke on the way to a host. */
export function lost(cause: unknown, host: string): Lost {
  const { code, syscall, message } = innermost(cause);
  const name = String(code ?? '');
  if (UNTRUSTED.test(name)) return { kind: 'lost', error: untrusted(name, host, cause), effect: 'certainly-none', isLasting: true };
  if (HTTPS_TO_HTTP.test(`${name} ${String(message)}`)) return { kind: 'lost', error: noTls(host, cause), effect: 'certainly-none', isLasting: true };
  const isUnsent = syscall === 'connect' || syscall === 'getaddrinfo' || name === 'UND_ERR_CONNECT_TIMEOUT';
  const proxied = name === 'UND_ERR_ABORTED' || name === 'UND_ERR_INVALID_ARG' ? /\((\d{3})\)/.exec(String(message))?.[1] : undefined;
  if (proxied !== undefined) return { kind: 'lost', error: refusedByProxy(proxied, host, cause), effect: 'certainly-none', isLasting: proxied === '407' };
  const why = UNREACHABLE[name] ?? (name === '' ? 'the connection broke' : `the connection broke: ${name}`);
  const hint = name === 'ENOTFOUND' ? 'Check the address of the store and the network.' : 'It is tried again; check the network if this lasts.';
  return {
    kind: 'lost',
    error: new SyncError('unreachable', `${host} cannot be reached: ${why}`, { cause, hint }),
    effect: isUnsent ? 'certainly-none' : 'unknown',
    isLasting: false,
  };
}

/** Several addresses were tried: the first tells. */
function innermost(cause: unknown): Thrown {
  const thrown = (typeof cause === 'object' && cause !== null ? cause : {}) as Thrown;
  const first = thrown.errors?.[0];
  return first === undefined ? thrown : innermost(first);
}

function untrusted(code: string, host: string, cause: unknown): SyncError {
  const isName = code.includes('ALTNAME');
  const isTime = /EXPIRED|NOT_YET/.test(code);
  const why = isName ? 'it is made out to another name' : isTime ? 'it is not valid at this time' : 'nobody this device trusts has signed it';
  const hint = isName
    ? 'Check the endpoint; a bucket with dots needs path style.'
    : isTime
      ? 'Check the clock of this device; else the store has to renew its certificate.'
      : 'For a private authority name its certificate in caFile. If you did not expect this, something on the way reads along: sign in to the network, or use another one.';
  return new SyncError('unreachable', `the certificate of ${host} is not trusted: ${why} (${code})`, { cause, hint });
}

function noTls(host: string, cause: unknown): SyncError {
  return new SyncError('unreachable', `${host} does not speak TLS`, { cause, hint: 'Begin the endpoint with http:// if this store is meant to be used without encryption.' });
}

function refusedByProxy(status: string, host: string, cause: unknown): SyncError {
  const hint = status === '407' ? 'It wants a user and a password: http://user:password@host:port.' : 'Check the proxy, or name this host in NO_PROXY.';
  return new SyncError('unreachable', `the proxy does not let ${host} through (${status})`, { cause, hint });
}
