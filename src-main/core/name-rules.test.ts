import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWindowsName, nameRules } from './name-rules.ts';

const windows = nameRules('win32');
const cannotHold = /[<>:"|?*\\\x01-\x1F]|[. ]$|^(con|prn|aux|nul|com[0-9]|lpt[0-9]) *(\.|$)/i;

const tricky = fc
  .array(fc.constantFrom('%', '25', '3A', '2E', '20', '43', '6E', ':', '?', '.', ' ', 'con', 'NUL', 'on', 'ul', 'COM1', '.txt', '\\', '\x01', 'a', '\u00E9', '\u{1F600}'), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(''));

describe('names on Windows', () => {
  it.each([
    ['plain.txt', 'plain.txt'],
    ['100%.txt', '100%.txt'],
    ['100%25.txt', '100%25.txt'],
    ['a%41', 'a%41'],
    ['a:b', 'a%3Ab'],
    ['a%3Ab', 'a%253Ab'],
    ['a%253Ab', 'a%25253Ab'],
    ['back\\slash', 'back%5Cslash'],
    ['line\nbreak', 'line%0Abreak'],
    ['dots...', 'dots..%2E'],
    ['space ', 'space%20'],
    ['a. b', 'a. b'],
    ['a%2E', 'a%252E'],
    ['a%2Eb', 'a%2Eb'],
    ['con', '%63on'],
    ['NUL.tar.gz', '%4EUL.tar.gz'],
    ['com1 .txt', '%63om1 .txt'],
    ['COM\u00B9', '%43OM\u00B9'],
    ['%63on', '%2563on'],
    ['console', 'console'],
    ['con.', 'con%2E'],
    ['\u00E9\u{1F600}', '\u00E9\u{1F600}'],
  ])('C20 %j lies on disk as %j', (name, disk) => {
    expect(windows.toDisk(name)).toBe(disk);
    expect(windows.fromDisk(disk)).toBe(name);
  });

  it('C20 S75 every name comes back from a disk name that Windows can hold', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          tricky,
          fc.string({ unit: 'binary', minLength: 1 }).map((s) => s.replace(/[/\0]/g, '_')),
        ),
        (name) => {
          const disk = windows.toDisk(name);
          expect(disk).not.toMatch(cannotHold);
          expect(isWindowsName(disk)).toBe(true);
          expect(isWindowsName(name)).toBe(!cannotHold.test(name) && !/^(com|lpt)[\u00B9\u00B2\u00B3] *(\.|$)|^con(in|out)\$ *(\.|$)/i.test(name));
          expect(windows.fromDisk(disk)).toBe(name);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('C20 every name that Windows can hold is the disk name of what it is read as', () => {
    fc.assert(
      fc.property(
        tricky.filter((disk) => !cannotHold.test(disk)),
        (disk) => {
          expect(windows.toDisk(windows.fromDisk(disk))).toBe(disk);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

it('POSIX holds every name as it is', () => {
  fc.assert(fc.property(fc.string(), (name) => nameRules('posix').toDisk(name) === name && nameRules('posix').fromDisk(name) === name));
});
