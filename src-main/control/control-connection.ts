import type { Socket } from 'node:net';
import { SyncError } from '../core/errors.ts';
import type { CycleReport } from '../core/events.ts';
import type { Clock } from '../platform/clock.ts';
import {
  ASK,
  type Ask,
  CANCEL,
  errorPart,
  HANDSHAKE_MS,
  INTRODUCTION,
  isProof,
  LONGEST_ANSWER,
  LONGEST_ASK,
  PLANNED_AT_ONCE,
  PROTOCOL,
  proofOf,
  type Welcome,
} from './control-protocol.ts';
import { LineStream } from './line-stream.ts';
import type { PairDesk } from './pair-desk.ts';

/** Pictures of progress are left out for an end that is slow to take them; one that takes nothing is let go. */
const SLOW = 262_144;
const MOST_ASKS = 8;

export interface ConnectionPorts {
  readonly token: string;
  readonly nonce: string;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly welcome: Omit<Welcome, 'proof'>;
  readonly answer: (ask: Ask, signal: AbortSignal) => Promise<unknown>;
  readonly events: () => Promise<Pick<PairDesk, 'on'>>;
  readonly onEnd: () => void;
}

/** One command at the owner's end. Nothing is told or done before the other end has proved that it knows the token; when it goes away, what it asked for is interrupted. */
export class ControlConnection {
  readonly #ports: ConnectionPorts;
  readonly #lines: LineStream;
  readonly #asks = new Map<number, AbortController>();
  readonly #silence = new AbortController();
  #isKnown = false;

  constructor(socket: Socket, ports: ConnectionPorts) {
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
    const ask = ASK.safeParse(value);
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
      if (ask.ask === 'sync' || ask.ask === 'restore') stop = this.#tell(id, await this.#ports.events());
      const result = await this.#ports.answer(ask, cancelled.signal);
      this.#lines.send({ id, result: ask.ask === 'sync' ? this.#inPieces(id, result as CycleReport) : result });
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

  /** A plan has as many actions as there are changes. */
  #inPieces(id: number, report: CycleReport): CycleReport {
    for (let at = 0; at < report.planned.length; at += PLANNED_AT_ONCE) this.#lines.send({ id, planned: report.planned.slice(at, at + PLANNED_AT_ONCE) });
    return { ...report, planned: [] };
  }
}
