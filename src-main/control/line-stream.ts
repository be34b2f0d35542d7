import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { decode, encode } from './control-protocol.ts';

/** JSON lines over a socket, each of bounded length. What is longer, or no JSON, ends the connection. */
export class LineStream {
  readonly #socket: Socket;
  #rest = '';
  #ended = false;

  constructor(socket: Socket, { longest, onLine, onEnd }: { readonly longest: number; readonly onLine: (value: unknown) => void; readonly onEnd: () => void }) {
    this.#socket = socket;
    const decoder = new StringDecoder('utf8');
    const end = (): void => {
      if (this.#ended) return;
      this.#ended = true;
      onEnd();
    };
    socket.on('data', (chunk: Buffer) => {
      const parts = (this.#rest + decoder.write(chunk)).split('\n');
      this.#rest = parts.pop() ?? '';
      for (const part of parts) {
        if (this.#ended) return;
        if (part.length > longest) return this.destroy();
        let value: unknown;
        try {
          value = decode(part);
        } catch {
          return this.destroy();
        }
        onLine(value);
      }
      if (this.#rest.length > longest) this.destroy();
    });
    socket.on('error', end);
    socket.on('close', end);
    socket.on('end', end);
  }

  /** Bytes that the other end has not taken yet. */
  get backlog(): number {
    return this.#socket.writableLength;
  }

  send(value: object): void {
    if (!this.#socket.destroyed && this.#socket.writable) this.#socket.write(encode(value));
  }

  /** What was sent still goes out. */
  end(): void {
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#rest = '';
    this.#socket.destroy();
  }
}
