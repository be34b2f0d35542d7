import { expect, it, vi } from 'vitest';
import { runSuites } from './suites.mjs';

const says = (name, code = 0) => ({ name, command: [process.execPath, ['-e', `process.stdout.write('${name} ran\\n'); process.exit(${code})`]] });

/** What is printed, and the exit code. */
async function outcome(suites) {
  let printed = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const code = await runSuites(suites).finally(() => spy.mockRestore());
  return { code, printed };
}

it('runs the suites of each row one after the other, prints each whole, and names what passed', async () => {
  const { code, printed } = await outcome([[[says('one'), says('two')], [says('three')]]]);
  expect(code).toBe(0);
  for (const name of ['one', 'two', 'three']) expect(printed).toContain(`=== ${name} ===\n${name} ran\n`);
  expect(printed.indexOf('one ran')).toBeLessThan(printed.indexOf('two ran'));
  expect(printed.trimEnd()).toMatch(/\npassed: one, two, three$/);
});

it('goes on after one that failed, in its row too, and fails in the end', async () => {
  const { code, printed } = await outcome([[[says('bad', 3), says('next')], [says('beside')]], { ...says('last'), command: [process.execPath, ['-e', '']] }]);
  expect(code).toBe(1);
  expect(printed).toContain('passed: next, beside, last\nFAILED: bad');
});

it('names a suite that has no tests', async () => {
  const { code, printed } = await outcome([{ ...says('empty'), files: { folder: 'scripts', ending: '.nothing' } }]);
  expect(code).toBe(0);
  expect(printed).toContain('skipped: empty');
});
