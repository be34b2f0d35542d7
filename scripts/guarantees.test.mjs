import { describe, expect, it } from 'vitest';
import { faults, numbersIn, readCatalogue, shownBy, table, titlesIn, withTable } from './guarantees.mjs';

const CATALOGUE = `# Roots
C1 One thing.
C2 Another | thing.
  waits for a | store: why not
# Names
S1 A scenario.
  rest waits for more: the rest
`;
const source = (...titles) => [{ file: 'src-main/a.test.ts', source: titles.map((title) => `it('${title}', () => {});`).join('\n') }];
const wrong = (...titles) => faults(readCatalogue(CATALOGUE), shownBy(source(...titles)), { C: 2, S: 1 });

describe('the numbers of a title', () => {
  it.each([
    ['C12 a file', ['C12']],
    ['(C7, S66) both', ['C7', 'S66']],
    ['C26-C28 a range', ['C26', 'C27', 'C28']],
    ['C26-28 a range', ['C26', 'C27', 'C28']],
    ['an S3 bucket is no scenario', []],
    ['S03 is one', ['S3']],
    ['I8 L5 R2 C C1000 XC1 none of ours', []],
  ])('%s', (title, numbers) => expect(numbersIn(title)).toEqual(numbers));
});

describe('the titles of a source', () => {
  it.each([
    ["it('C1 plain', f)", ['C1 plain']],
    ['test(`C1 at ${path}`, f)', ['C1 at ${path}']],
    ["describe('group (C1)', f)", ['group (C1)']],
    ["it.each([1])('C1 each', f)", ['C1 each']],
    ["it.each([['C1 a row', 1]])('%s', f)", ['C1 a row']],
    ["tableOf([{ name: 'C1 a case', base: 'C1' }])", ['C1 a case']],
    ["it.runIf(ok)('C1 when \\'ok\\'', f)", ["C1 when 'ok'"]],
    ["it(\n    'C1 on a line of its own', f)", ['C1 on a line of its own']],
    ["write('C1 no title')", []],
    ["// it('C1 a comment')", []],
    ["it('no number', f)", []],
  ])('%s', (text, titles) => expect(titlesIn(text)).toEqual(titles));
});

describe('the check', () => {
  it('is content when every number is shown or excused', () => expect(wrong('C1 x', 'S1 y')).toEqual([]));
  it('names what is neither', () => expect(wrong('S1 y')).toEqual([expect.stringContaining('C1 is neither')]));
  it('names an excuse that is none any more', () => expect(wrong('C1 S1 x', 'C2 z')).toEqual([expect.stringContaining('C2 is excused')]));
  it('names a part that nothing shows', () => expect(wrong('C1 x')).toEqual([expect.stringContaining('S1: docs/cases.txt says')]));
  it('names a number that means nothing', () => expect(wrong('C1 S1 C9 x')).toEqual([expect.stringContaining('names C9')]));
  it('names a gap and a double in the catalogue', () => {
    const cases = readCatalogue('C1 a\nC1 b\n');
    expect(faults(cases, shownBy(source('C1 x')), { C: 2 })).toEqual(['docs/cases.txt names a number twice', 'docs/cases.txt lacks C2']);
  });
  it('refuses a line it cannot read', () => expect(() => readCatalogue('C1 a\n waits for nothing\n')).toThrow('cannot read'));
});

describe('the table', () => {
  it('names tests, excuses and what waits for what', () => {
    const text = table(readCatalogue(CATALOGUE), shownBy(source('C1 one', 'C1 two', 'C1 three', 'C1 four', 'S1 x')));
    expect(text).toContain('| C1 | One thing. | `src-main/a.test.ts`: C1 one; C1 two; C1 three and 1 more |');
    expect(text).toContain('| C2 | Another \\| thing. | *waits for a \\| store*: why not |');
    expect(text).toContain('- **more**: parts of S1');
    expect(text).toContain('Of 3 cases 1 are shown by tests, 1 in part, 1 wait');
  });
  it('replaces what was between the marks, and only that', () => {
    const page = 'before\n<!-- written by scripts/guarantees.mjs: begin -->\nold\n<!-- written by scripts/guarantees.mjs: end -->\nafter\n';
    const fresh = withTable(page, 'new');
    expect(fresh).toBe(page.replace('old', '\nnew'));
    expect(withTable(fresh, 'new')).toBe(fresh);
    expect(() => withTable('no marks', 'x')).toThrow('no place');
  });
});
