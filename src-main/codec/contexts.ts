import { ByteWriter } from './bytes.ts';
import { BOUND_BYTES } from './header.ts';

/** What a head is sealed to: its vault and the header before it. */
export function headContext(vaultId: string, header: Uint8Array): Buffer {
  return context('head', vaultId, header);
}

/** What a body is sealed to: its vault and the header but for the length of the head. */
export function bodyContext(vaultId: string, header: Uint8Array): Buffer {
  return context('body', vaultId, header.subarray(0, BOUND_BYTES));
}

/** What an envelope is sealed to: its vault, where it lies (SHA-256 of the stored key) and what stands before it. */
export function envelopeContext(vaultId: string, placeHash: Uint8Array, prefix: Uint8Array): Buffer {
  return context('envelope', vaultId, placeHash, prefix);
}

function context(label: string, vaultId: string, ...rest: readonly Uint8Array[]): Buffer {
  const to = new ByteWriter()
    .bytes(Buffer.from(`file-sync/1/${label}`, 'ascii'))
    .u8(vaultId.length)
    .bytes(Buffer.from(vaultId, 'ascii'));
  for (const part of rest) to.bytes(part);
  return to.done();
}
