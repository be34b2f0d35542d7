import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { followTrayHost } from './tray-presence.ts';

async function start(first: boolean | null) {
  const clock = new ManualClock();
  const said: string[] = [];
  let tell: (present: boolean | null) => void = () => undefined;
  await followTrayHost({
    clock,
    watch: async (onHost) => {
      tell = onHost;
      onHost(first);
    },
    onPresence: (tray) => said.push(tray),
    renew: () => said.push('renew'),
    onLost: () => said.push('lost'),
  });
  return { clock, said, tell: (present: boolean | null) => tell(present) };
}

describe('the tray’s host', () => {
  it('that is there is simply used', async () => {
    const { clock, said } = await start(true);
    await clock.advance(60_000);
    expect(said).toEqual(['shown']);
  });

  it('that comes late gets a new icon, and no window pops up for it', async () => {
    const { clock, said, tell } = await start(false);
    await clock.advance(3_000);
    tell(true);
    await clock.advance(60_000);
    expect(said).toEqual(['no-host', 'renew', 'shown']);
  });

  it('that restarts is waited for', async () => {
    const { clock, said, tell } = await start(true);
    tell(false);
    await clock.advance(2_000);
    tell(true);
    await clock.advance(60_000);
    expect(said).toEqual(['shown', 'shown']);
  });

  it.each([false, null])('that never comes (%s) gives the window back', async (first) => {
    const { clock, said } = await start(first);
    await clock.advance(60_000);
    expect(said).toEqual(['no-host', 'no-host', 'lost']);
  });

  it('that goes for good gives the window back', async () => {
    const { clock, said, tell } = await start(true);
    tell(false);
    await clock.advance(60_000);
    expect(said).toEqual(['shown', 'no-host', 'lost']);
  });
});
