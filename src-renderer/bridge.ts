import type { Answer, Bridge, Channel, Requests } from '../src-preload/contract/channels.ts';

declare global {
  interface Window {
    readonly fileSync: Bridge;
  }
}

export const bridge: Bridge = window.fileSync;

/** A request whose failure is data too: a bridge that breaks is told like any other error. */
export async function ask<C extends Channel>(channel: C, input: Requests[C]['input']): Promise<Answer<Requests[C]['answer']>> {
  try {
    return await bridge.request(channel, input);
  } catch (error) {
    return { ok: false, error: { code: 'internal', message: error instanceof Error ? error.message : String(error), hint: null } };
  }
}
