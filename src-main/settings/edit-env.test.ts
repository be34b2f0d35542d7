import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withSetting } from './edit-env.ts';
import { parseEnvFile } from './env-file.ts';

describe('a settings file that is edited', () => {
  it.each<[string, string, string | null, string]>([
    ['# mine\nA=1\nB=2 # two\n', 'B', '3', '# mine\nA=1\nB=3\n'],
    ['A=1\n', 'B', 'x y', "A=1\nB='x y'\n"],
    ['A=1', 'B', '2', 'A=1\nB=2\n'],
    ['\uFEFFA=1\r\nexport B=2\r\n', 'B', '3', '\uFEFFA=1\r\nexport B=3\r\n'],
    ["A='over\ntwo lines'\nB=2\n", 'A', '1', 'A=1\nB=2\n'],
    ['B=1\nA=1\nB=2\n', 'B', '3', 'A=1\nB=3\n'],
    ['B=1\nA=1\nB=2\n', 'B', null, 'A=1\n'],
    ['A=1\n', 'B', null, 'A=1\n'],
    ['', 'A', '1', 'A=1\n'],
    ['not an assignment\n', 'A', '1', 'not an assignment\nA=1\n'],
  ])('%j with %s=%s', (before, name, value, after) => {
    expect(withSetting(before, name, value)).toBe(after);
  });

  it('says the new value and leaves every other', () => {
    const name = fc.constantFrom('A', 'B', 'C');
    const value = fc.string({ unit: fc.constantFrom('a', ' ', '#', "'", '"', '\\', '$', '\n', '\t', '=', 'ä') });
    const line = fc.oneof(
      fc.tuple(name, fc.constantFrom('1', '"a\nb"', "'x # y'", '', '"open')).map(([n, v]) => `${n}=${v}`),
      fc.constantFrom('# note', '', 'nonsense'),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), name, fc.option(value), (lines, end, changed, wanted) => {
        const before = lines.join(end);
        const [was, now] = [parseEnvFile(before), parseEnvFile(withSetting(before, changed, wanted))];
        // An opening quote that never closes may find its end in what is added.
        if (was.faults.some(({ what }) => what.includes('never closed'))) return;
        expect(now.values.get(changed)?.value ?? null).toBe(wanted);
        for (const other of ['A', 'B', 'C'].filter((n) => n !== changed)) expect(now.values.get(other)?.value).toBe(was.values.get(other)?.value);
      }),
    );
  });
});
