import { expect, it } from 'vitest';
import { Crash, FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { readText, writeText } from './text-file.ts';

const FILE = '/home/u/settings.env';

it('C61 S101 a settings file that was being replaced when the program or the power went is the old one or the new one, whole', async () => {
  const outcomes = new Set<string>();
  for (const powerCut of [false, true]) {
    for (let dieAt = 1; ; dieAt++) {
      const fake = new FakeFs({ clock: new ManualClock() });
      fake.edit.write(FILE, 'OLD=1');
      let calls = 0;
      const step = (): void => {
        if (++calls === dieAt) throw new Crash();
      };
      const died = await writeText(fake.view(step), FILE, 'NEW=2', 0o600).catch((error: unknown) => error);
      if (powerCut) fake.powerCut();
      const text = await readText(fake.view(), FILE);
      expect(['OLD=1', 'NEW=2']).toContain(text);
      outcomes.add(text);
      // What a dead writer left is no hindrance.
      await writeText(fake.view(), FILE, 'NEXT=3', 0o600);
      expect(await readText(fake.view(), FILE)).toBe('NEXT=3');
      if (!(died instanceof Crash)) break;
    }
  }
  expect(outcomes.size).toBe(2);
});
