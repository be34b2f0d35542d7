import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatEnvValue, parseEnvFile } from './env-file.ts';

const valuesOf = (text: string): Record<string, string> => Object.fromEntries([...parseEnvFile(text).values].map(([name, { value }]) => [name, value]));

describe('C70 the settings file', () => {
  it.each([
    ['plain', 'A=b', { A: 'b' }],
    ['blanks around everything', '  A =  b c \t', { A: 'b c' }],
    ['BOM and CRLF', '\uFEFFA=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['old Mac line ends', 'A=1\rB=2', { A: '1', B: '2' }],
    ['export', 'export A=1', { A: '1' }],
    ['comments and blank lines', '# c\n\n   # d\nA=1', { A: '1' }],
    ['an inline comment after a blank', 'A=1 # c', { A: '1' }],
    ['a # that starts no comment', 'A=x#y', { A: 'x#y' }],
    ['a value that is only a comment', 'A=#c', { A: '' }],
    ['an empty value', 'A=', { A: '' }],
    ['equals signs in the value', 'A=b=c==', { A: 'b=c==' }],
    ['single quotes keep everything', "A=' $x \\n # '  # c", { A: ' $x \\n # ' }],
    ['double quotes read escapes', 'A="a\\n\\t\\"\\\\\\$b\\q"', { A: 'a\n\t"\\$b\\q' }],
    ['a quoted value over several lines', 'A="1\n2"\nB=3', { A: '1\n2', B: '3' }],
    ['the last one wins', 'A=1\nA=2', { A: '2' }],
    ['a backslash of a Windows path', 'A=C:\\new\\table', { A: 'C:\\new\\table' }],
  ])('reads %s', (_name, text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
    expect(parseEnvFile(text).faults).toEqual([]);
  });

  it.each([
    ['no equals sign', 'A=1\nnonsense\nB=2', 2, 'is not of the form NAME=value'],
    ['a bad name', '1A=2', 1, 'is not of the form NAME=value'],
    ['an open quote', 'A=1\nB="x\nC=3', 2, 'has an opening " that is never closed'],
    ['text after the quote', "A='b'c", 1, 'has text after the closing quote'],
  ])('names the line with %s, and not what it says', (_name, text, line, what) => {
    expect(parseEnvFile(text).faults).toEqual([{ line, what }]);
  });

  it('reads the lines after an open quote all the same', () => {
    expect(valuesOf('B="x\nC=3')).toEqual({ C: '3' });
  });

  it('reads back every value it writes', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }),
            fc.constantFrom('"', "'", '\\', '$', '#', '=', ' ', '\n', '\r', '\t', 'n', 'é', '😀', '\u2028', '\uFEFF'),
          ),
        }),
        (value) => {
          expect(parseEnvFile(`A=${formatEnvValue(value)}\nB=2`)).toMatchObject({
            values: new Map([
              ['A', { value, line: 1 }],
              ['B', { value: '2', line: expect.any(Number) }],
            ]),
            faults: [],
          });
        },
      ),
    );
  });

  it('never throws and never loops on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('A', '=', '"', "'", '\\', '\n', '\r', ' ', '#', 'é') }), (text) => {
        const { values, faults } = parseEnvFile(text);
        expect(values.size + faults.length).toBeLessThanOrEqual(text.split(/\r\n|\n|\r/).length);
      }),
    );
  });
});
