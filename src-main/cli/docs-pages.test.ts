import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEnvFile } from '../settings/env-file.ts';
import { VARIABLES } from '../settings/variables.ts';
import { catalogueOf } from './catalogue.ts';
import { bareProgram } from './program.ts';

/** Every kind of box in the docs, and what holds it to the truth. */
const BOXES: Readonly<Record<string, string>> = {
  sh: 'run line by line by e2e/cli/docs.test.ts',
  console: 'needs a terminal, root or the network; its commands are parsed by docs-commands.test.ts',
  ts: 'README.md: compiled and run by e2e/cli/package.test.ts; docs/api.md: made of the sources (scripts/generate.test.mjs)',
  env: 'parsed below',
  json: 'compared by settings/iam-policy.test.ts',
  yaml: 'compared below',
  text: 'a drawing, or bytes',
};

const ROOT = resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  'CHANGELOG.md',
  'src-main/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
const boxesOf = (page: string): readonly { readonly kind: string; readonly text: string }[] =>
  [...textOf(page).matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = '']) => ({ kind, text }));
const withoutBoxes = (page: string): string => textOf(page).replaceAll(/^```.*\n[\s\S]*?^```$/gm, '');

/** As GitHub makes them of headings. */
function anchorsOf(page: string): readonly string[] {
  return [...withoutBoxes(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function deadLinks(page: string): readonly string[] {
  const targets = [...withoutBoxes(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^https?:/.test(target));
  return targets.filter((target) => {
    const [name = '', anchor] = target.split('#');
    const file = name === '' ? page : join(dirname(page), name);
    return !existsSync(join(ROOT, file)) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
  });
}

describe('the docs', () => {
  it.each(pages)('%s: every link and picture is there, every box is of a kind that something checks', (page) => {
    expect(deadLinks(page)).toEqual([]);
    expect(boxesOf(page).filter(({ kind }) => BOXES[kind] === undefined)).toEqual([]);
  });

  it.each(pages.filter((page) => boxesOf(page).some(({ kind }) => kind === 'env')))('%s: boxes of settings are well formed', (page) => {
    for (const { text } of boxesOf(page).filter(({ kind }) => kind === 'env')) expect(parseEnvFile(text).faults).toEqual([]);
  });

  it('docs/metrics.md: Prometheus asks where `watch` answers', () => {
    const [command, prometheus] = ['sh', 'yaml'].map((kind) => boxesOf('docs/metrics.md').find((box) => box.kind === kind)?.text ?? '');
    const port = /--metrics-port (\d+)/.exec(command ?? '')?.[1];
    expect(prometheus).toContain(`targets: ['127.0.0.1:${port}']`);
  });

  it('README.md names every command', () => {
    const cells = [...textOf('README.md').matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell);
    const named = new Set(cells.flatMap((cell) => cell.split(/[` ,]+/)));
    const commands = catalogueOf(bareProgram()).commands.map(({ path }) => path[0] ?? '');
    expect([...new Set(commands)].filter((command) => !named.has(command))).toEqual([]);
  });

  it('docs/configuration.md has a line for every setting', () => {
    const first = [...textOf('docs/configuration.md').matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name = '']) => name));
    expect(Object.keys(VARIABLES).filter((name) => !first.includes(name))).toEqual([]);
  });
});
