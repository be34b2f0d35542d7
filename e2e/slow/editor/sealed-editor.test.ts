import { it } from 'vitest';
import { World } from '../../cli/world.ts';
import { playSealedHistory } from './sealed-history.ts';

const SEED = Number(process.env['SEED'] ?? 20261126);
const SECONDS = Number(process.env['SEALED_EDITOR_SECONDS'] ?? 30);

it(`C48 I1 I6 I9 two devices on an encrypted folder with hidden names, edited at random for ${SECONDS} s and killed, lose nothing; the key alone opens it all, and nothing else reads any of it (SEED=${SEED})`, async () => {
  const world = new World();
  try {
    await playSealedHistory(
      {
        world,
        device: (name, settings) => world.device(name, settings),
        everything: async () => ({ folder: world.backup, besides: '' }),
        bytesSayAll: true,
      },
      { seed: SEED, seconds: SECONDS },
    );
  } finally {
    await world.end();
  }
});
