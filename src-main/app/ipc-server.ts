import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { type Answer, CHANNELS, type Channel, type Requests, wireName } from '../../src-preload/contract/channels.ts';
import { PARSERS } from '../../src-preload/contract/parsers.ts';
import { errorView } from './engine-protocol.ts';

export type Handlers = { readonly [C in Channel]: (input: Requests[C]['input']) => Promise<Requests[C]['answer']> };

export interface IpcPorts {
  readonly handlers: Handlers;
  /** The only contents that may ask; null while there is no window. */
  readonly window: () => WebContents | null;
  readonly origin: string;
}

/** Answers the window's requests. A request from any other frame or page, with an unknown name or a malformed input is refused before a handler sees it; errors cross as data. */
export function serveRequests({ handlers, window, origin }: IpcPorts): void {
  for (const channel of Object.keys(CHANNELS) as Channel[]) {
    ipcMain.handle(wireName(channel), async (event, input: unknown): Promise<Answer<unknown>> => {
      try {
        if (!isOurs(event, window(), origin)) return { ok: false, error: { code: 'refused', message: 'this page may not ask', hint: null } };
        const parsed = PARSERS[channel].safeParse(input);
        if (!parsed.success) return { ok: false, error: { code: 'usage', message: `malformed request: ${parsed.error.issues[0]?.message ?? ''}`, hint: null } };
        const handler = handlers[channel] as (input: unknown) => Promise<unknown>;
        return { ok: true, value: await handler(parsed.data) };
      } catch (error) {
        return { ok: false, error: errorView(error) };
      }
    });
  }
}

/** Only the main frame of our own window, showing our own page. */
function isOurs({ sender, senderFrame }: IpcMainInvokeEvent, window: WebContents | null, origin: string): boolean {
  if (window === null || sender !== window || senderFrame === null) return false;
  return senderFrame === window.mainFrame && senderFrame.origin === origin;
}
