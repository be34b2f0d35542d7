import type { Ledger } from './ledger.ts';
import type { SimEvent } from './sim-event.ts';
import type { Users } from './users.ts';

export interface BucketHand {
  write(key: string, content: string): void;
  remove(key: string): void;
}

/** A program at work in a bucket that knows nothing of us: no metadata, no conditions (C46). */
export class OtherTool {
  readonly #ledger: Ledger;
  readonly #hand: BucketHand;
  #written = 0;

  constructor(ledger: Ledger, hand: BucketHand) {
    this.#ledger = ledger;
    this.#hand = hand;
  }

  /** The paths it touched. */
  act(users: Users, { a, b }: SimEvent, visible: ReadonlyMap<string, string>): readonly string[] {
    const keys = [...visible.keys()];
    const key = keys[a % Math.max(1, keys.length)];
    const target = key !== undefined && b % 3 < 2 ? key : `from elsewhere ${a % 3}`;
    const there = visible.get(target);
    if (there !== undefined) {
      this.#ledger.letGo(target, there);
      this.#ledger.destroyedByOthers.add(there);
    }
    if (key !== undefined && b % 3 === 0) {
      this.#hand.remove(target);
      users.acts.push(`another tool removes ${target}`);
      return [target];
    }
    const content = `X${++this.#written}`;
    this.#ledger.wrote(content);
    this.#hand.write(target, content);
    users.acts.push(`another tool writes ${content} to ${target}`);
    return [target];
  }
}
