import type { Socket } from 'node:net';
import { SyncError } from '../core/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { CANCEL, errorPart, HANDSHAKE_MS, INTRODUCTION, isProof, LONGEST_ANSWER, LONGEST_ASK, PROTOCOL, proofOf, type Welcome } from './control-protocol.ts';
import { LineStream } from './line-stream.ts';
import type { PairDesk } from './pair-desk.ts';
import { withoutLists } from './pieces.ts';

/** Pictures of progress are left out for an end that is slow to take them; one that takes nothing is let go. */
const SLOW = 262_144;
const MOST_ASKS = 8;

/** What is answered here. */
export interface ControlService<Ask extends { readonly id: number }> {
  readonly asks: { safeParse(value: unknown): { readonly success: true; readonly data: Ask } | { readonly success: false } };
  answer(ask: Ask, signal: AbortSignal): Promise<unknown>;
  /** What is told while it is at work on something; null: nothing. */
  events(ask: Ask): Promise<Pick<PairDesk, 'on'>> | null;
}

export interface ConnectionPorts<Ask extends { readonly id: number }> {
  readonly token: string;
  readonly nonce: string;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly welcome: Omit<Welcome, 'proof'>;
  readonly service: ControlService<Ask>;
  readonly onEnd: () => void;
}

/** One command at the owner's end. Nothing is told or done before the other end has proved that it knows the token; when it goes away, what it asked for is interrupted. */
export class ControlConnection<Ask extends { readonly id: number }> {
  readonly #ports: ConnectionPorts<Ask>;
  readonly #lines: LineStream;
  readonly #asks = new Map<number, AbortController>();
  readonly #silence = new AbortController();
  #isKnown = false;

  constructor(socket: Socket, ports: ConnectionPorts<Ask>) {
    this.#ports = ports;
    this.#lines = new LineStream(socket, { longest: LONGEST_ASK, onLine: (value) => this.#hear(value), onEnd: () => this.#end() });
    this.#lines.send({ fileSync: PROTOCOL, nonce: ports.nonce });
    ports.clock.sleep(HANDSHAKE_MS, this.#silence.signal).then(
      () => this.destroy(),
      () => undefined,
    );
  }

  destroy(): void {
    this.#lines.destroy();
    this.#end();
  }

  #end(): void {
    this.#silence.abort();
    for (const ask of this.#asks.values()) ask.abort();
    this.#asks.clear();
    this.#ports.onEnd();
  }

  #hear(value: unknown): void {
    if (!this.#isKnown) {
      this.#introduce(value);
      return;
    }
    const cancel = CANCEL.safeParse(value);
    if (cancel.success) {
      this.#asks.get(cancel.data.cancel)?.abort();
      return;
    }
    const ask = this.#ports.service.asks.safeParse(value);
    if (!ask.success || this.#asks.has(ask.data.id) || this.#asks.size >= MOST_ASKS) this.#refuse('this was not understood');
    else void this.#answer(ask.data);
  }

  #introduce(value: unknown): void {
    const { token, nonce, welcome } = this.#ports;
    const said = INTRODUCTION.safeParse(value);
    if (!said.success || said.data.protocol !== PROTOCOL) return this.#refuse('another protocol is spoken here');
    if (!isProof(said.data.proof, proofOf(token, 'command', said.data.nonce, nonce))) return this.#refuse('the token is another');
    this.#silence.abort();
    this.#isKnown = true;
    this.#lines.send({ ...welcome, proof: proofOf(token, 'owner', nonce, said.data.nonce) });
  }

  #refuse(message: string): void {
    this.#lines.send({ error: errorPart(new SyncError('refused', message)) });
    this.#lines.end();
    this.#end();
  }

  async #answer(ask: Ask): Promise<void> {
    const { id } = ask;
    const cancelled = new AbortController();
    this.#asks.set(id, cancelled);
    let stop = (): void => undefined;
    try {
      const events = await this.#ports.service.events(ask);
      if (events !== null) stop = this.#tell(id, events);
      const result = await this.#ports.service.answer(ask, cancelled.signal);
      this.#lines.send({ id, result: withoutLists(result, (at, items) => this.#lines.send({ id, at, items })) });
    } catch (error) {
      this.#lines.send({ id, error: errorPart(error) });
    } finally {
      stop();
      this.#asks.delete(id);
    }
  }

  #tell(id: number, desk: Pick<PairDesk, 'on'>): () => void {
    const stops = [
      desk.on('progress', (value) => {
        if (this.#lines.backlog < SLOW) this.#lines.send({ id, event: 'progress', value });
      }),
      desk.on('action', (value) => {
        if (this.#lines.backlog > LONGEST_ANSWER) this.destroy();
        else this.#lines.send({ id, event: 'action', value });
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }
}
