// Which test shows which case. docs/cases.txt names every situation by number; the titles of the tests carry the numbers.
//   node scripts/guarantees.mjs [--write | --check]   print the table; write it into docs/cases.md; or say what is missing, contradictory or stale
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(import.meta.dirname, '..');
const CATALOGUE = path.join(root, 'docs/cases.txt');
const PAGE = path.join(root, 'docs/cases.md');
const BEGIN = '<!-- written by scripts/guarantees.mjs: begin -->';
const END = '<!-- written by scripts/guarantees.mjs: end -->';

const FOLDERS = ['e2e', 'scripts', 'src-main', 'src-preload', 'src-renderer'];
const HOLDS_TESTS = /\.(?:test|spec)\.tsx?$|\.sim\.ts$|\.test\.mjs$|\/conformance\/[\w-]+\.ts$|-contract\.ts$/;
/** Its examples are no tests of a case. */
const NOT_THIS = 'scripts/guarantees.test.mjs';
const MOST_TITLES = 3;

/**
 * @typedef {{ id: string, text: string, section: string, waits: null | { what: string, why: string, all: boolean } }} Case
 * @typedef {{ file: string, title: string }} Shown
 */

/** @returns {Case[]} */
export function readCatalogue(text) {
  const cases = [];
  let section = '';
  for (const line of text.split('\n')) {
    const entry = /^([CS]\d+) (.+)$/.exec(line);
    const waits = /^ {2}(rest )?waits for ([^:]+): (.+)$/.exec(line);
    if (entry) cases.push({ id: entry[1], text: entry[2], section, waits: null });
    else if (waits && cases.length > 0) cases[cases.length - 1].waits = { what: waits[2], why: waits[3], all: waits[1] === undefined };
    else if (line.startsWith('# ')) section = line.slice(2);
    else if (line !== '' && !line.startsWith('#')) throw new Error(`docs/cases.txt: cannot read "${line}"`);
  }
  return cases;
}

/** A text in quotes, or a comment, which is passed over. */
const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`/g;
/** What stands before the title of a test, of a group, or of a row in a table of tests. */
const BEFORE_TITLE = /(?:\b(?:it|test|describe)(?:\.\w+)*\(|\]\)\(|\)\(|\bname:|\[)\s*$/;
const STARTS_WITH_NUMBER = /^['"`](?:C|S)\d+(?:-[CS]?\d+)? /;

/** The titles in a source that carry numbers. */
export function titlesIn(source) {
  const titles = [];
  for (const match of source.matchAll(TOKEN)) {
    if (match[0].startsWith('/')) continue;
    const before = source.slice(Math.max(0, match.index - 60), match.index);
    if (!BEFORE_TITLE.test(before) || (/\[\s*$/.test(before) && !STARTS_WITH_NUMBER.test(match[0]))) continue;
    const title = match[0].slice(1, -1).replace(/\\(['"`])/g, '$1');
    if (numbersIn(title).length > 0) titles.push(title);
  }
  return titles;
}

/** The numbers a title carries: `C12`, `S66`, ranges as `C26-C28`. `S3` is a kind of store; scenario 3 is written `S03`. */
export function numbersIn(title) {
  const numbers = [];
  for (const [, kind, first, last] of title.matchAll(/(?<![\w-])([CS])(\d{1,3})(?:-[CS]?(\d{1,3}))?(?![\w])/g)) {
    if (kind === 'S' && first === '3') continue;
    for (let n = Number(first); n <= Number(last ?? first); n++) numbers.push(`${kind}${n}`);
  }
  return numbers;
}

/** @returns {Map<string, Shown[]>} */
export function shownBy(sources) {
  const shown = new Map();
  for (const { file, source } of sources) {
    for (const title of titlesIn(source)) {
      for (const id of new Set(numbersIn(title))) {
        const list = shown.get(id) ?? [];
        if (!list.some((s) => s.file === file && s.title === title)) list.push({ file, title });
        shown.set(id, list);
      }
    }
  }
  return shown;
}

/** What is wrong, in words: gaps in the numbers, cases nobody shows or excuses, excuses that are none any more, numbers that mean nothing. */
export function faults(cases, shown, counts = { C: 75, S: 150 }) {
  const found = [];
  const byId = new Map(cases.map((c) => [c.id, c]));
  if (byId.size < cases.length) found.push('docs/cases.txt names a number twice');
  for (const [kind, count] of Object.entries(counts)) for (let n = 1; n <= count; n++) if (!byId.has(`${kind}${n}`)) found.push(`docs/cases.txt lacks ${kind}${n}`);
  for (const { id, waits } of cases) {
    const tests = shown.get(id) ?? [];
    if (tests.length === 0 && waits === null) found.push(`${id} is neither shown by a test nor excused in docs/cases.txt`);
    if (tests.length === 0 && waits?.all === false) found.push(`${id}: docs/cases.txt says tests show a part of it, but none carries the number`);
    if (tests.length > 0 && waits?.all === true) found.push(`${id} is excused in docs/cases.txt, but ${tests[0].file} shows it: "${tests[0].title}"`);
  }
  for (const [id, [first]] of shown) if (!byId.has(id)) found.push(`${first.file}: "${first.title}" names ${id}, which is not in docs/cases.txt`);
  return found;
}

export function table(cases, shown) {
  const lines = [...summary(cases), ''];
  for (const section of new Set(cases.map((c) => c.section))) {
    lines.push(`## ${section}`, '', '| number | case | shown by |', '| --- | --- | --- |');
    for (const c of cases.filter((one) => one.section === section)) lines.push(`| ${c.id} | ${cell(c.text)} | ${[...tests(shown.get(c.id) ?? []), ...excuse(c)].join('<br>')} |`);
    lines.push('');
  }
  return lines.join('\n');
}

function summary(cases) {
  const open = cases.filter((c) => c.waits?.all);
  const partly = cases.filter((c) => c.waits && !c.waits.all);
  const lines = [
    `Of ${cases.length} cases ${cases.length - open.length - partly.length} are shown by tests, ${partly.length} in part, ${open.length} wait for something that is not built:`,
    '',
  ];
  for (const what of [...new Set([...open, ...partly].map((c) => c.waits.what))].sort()) {
    const ids = (list) => list.filter((c) => c.waits.what === what).map((c) => c.id);
    const parts = [ids(open).join(', '), ids(partly).length > 0 ? `parts of ${ids(partly).join(', ')}` : ''].filter((part) => part !== '');
    lines.push(`- **${what}**: ${parts.join('; ')}`);
  }
  return lines;
}

function tests(list) {
  const files = new Map();
  for (const { file, title } of list) files.set(file, [...(files.get(file) ?? []), title]);
  return [...files].map(([file, titles]) => {
    const more = titles.length > MOST_TITLES ? ` and ${titles.length - MOST_TITLES} more` : '';
    return `\`${file}\`: ${titles.slice(0, MOST_TITLES).map(cell).join('; ')}${more}`;
  });
}

function excuse({ waits }) {
  if (waits === null) return [];
  return [`*${waits.all ? 'waits' : 'the rest waits'} for ${cell(waits.what)}*: ${cell(waits.why)}`];
}

function cell(text) {
  return text.replace(/[|\\<>*_`]/g, (c) => `\\${c}`).replaceAll('\n', ' ');
}

function sources() {
  const found = [];
  const walk = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const full = path.join(folder, entry.name);
      const file = path.relative(root, full).replaceAll('\\', '/');
      if (entry.isDirectory()) walk(full);
      else if (HOLDS_TESTS.test(`/${file}`) && file !== NOT_THIS) found.push({ file, source: fs.readFileSync(full, 'utf8') });
    }
  };
  for (const folder of FOLDERS) walk(path.join(root, folder));
  return found.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The page with a new table between the marks. */
export function withTable(page, text) {
  const [head, tail] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (head < 0 || tail < head) throw new Error(`docs/cases.md has no place for the table between "${BEGIN}" and "${END}"`);
  return `${page.slice(0, head)}${BEGIN}\n\n${text}\n${page.slice(tail)}`;
}

function main(option) {
  const cases = readCatalogue(fs.readFileSync(CATALOGUE, 'utf8'));
  const shown = shownBy(sources());
  const text = table(cases, shown);
  if (option === undefined) return process.stdout.write(`${text}\n`);
  const page = fs.readFileSync(PAGE, 'utf8');
  const fresh = withTable(page, text);
  if (option === '--write') fs.writeFileSync(PAGE, fresh);
  const wrong = faults(cases, shown);
  if (option === '--check' && fresh !== page) wrong.push('docs/cases.md is stale: node scripts/guarantees.mjs --write');
  for (const line of wrong) process.stdout.write(`${line}\n`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv[2]);
