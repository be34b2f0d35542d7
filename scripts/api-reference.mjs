// Makes docs/api.md, the reference of the library, out of what src-main/index.ts exports and the comments it has there.
// Part of `node scripts/generate.mjs`.
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const INDEX = 'src-main/index.ts';

/** @returns {string} the page as it should be */
export function apiPage(read = (file) => fs.readFileSync(path.join(root, file), 'utf8')) {
  const index = read(INDEX);
  const own = declarations(index).filter(({ kind }) => kind !== 'type');
  const listed = [...index.matchAll(/^export type \{([^}]*)\};/gm)].flatMap(([, names]) => names.split(',').map((name) => name.trim())).filter(Boolean);
  const direct = [...index.matchAll(/^export (?:type )?\{([^}]*)\} from '(.+)';/gm)].flatMap(([, names, from]) =>
    names.split(',').map((name) => [name.replace('type', '').trim(), from]),
  );
  const imported = new Map(
    [...index.matchAll(/^import (?:type )?\{([^}]*)\} from '(\..+)';/gm)].flatMap(([, names, from]) =>
      names.split(',').map((name) => [name.replace(/^\s*type /, '').trim(), from]),
    ),
  );
  const places = [
    ...listed.filter((name) => imported.has(name)).map((name) => [name, imported.get(name)]),
    ...direct.filter(([name]) => name !== ''),
    ['SyncError', './core/errors.ts'],
  ];
  const types = places.flatMap(([name, from]) => declarations(read(path.posix.join('src-main', from))).filter((one) => one.name === name));
  const port = declarations(read('src-main/backends/backend.ts')).filter(({ name }) => !types.some((one) => one.name === name));
  const byName = (a, b) => a.name.localeCompare(b.name);
  return [
    '# Library reference',
    '',
    'Written by `node scripts/generate.mjs` from the comments in the source. Start with the [examples](examples/README.md).',
    ...section('Classes and what they take', own),
    ...section('Types and errors', [...new Map(types.map((one) => [one.name, one])).values()].sort(byName)),
    ...section('The port of a backend', port),
    '',
  ].join('\n');
}

function section(title, list) {
  return ['', `## ${title}`, ...list.flatMap(({ name, doc, code }) => ['', `### ${name}`, ...(doc === '' ? [] : ['', doc]), '', '```ts', code, '```'])];
}

/** The exported declarations of a file, without the bodies of functions and what is private. */
function declarations(source) {
  return [...source.matchAll(/(?:^\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?^export (?:async )?(class|interface|type|function|const)\*? (\w+)/gm)].map((match) => {
    const [whole, doc = '', kind, name] = match;
    const start = match.index + whole.indexOf('export ', doc === '' ? 0 : doc.length);
    const text = source.slice(start, endOf(source, start, kind));
    return { kind, name, doc: plain(doc), code: kind === 'class' ? withoutBodies(text) : kind === 'function' ? `${text.split(' {\n')[0]};` : text };
  });
}

function endOf(source, start, kind) {
  if (kind === 'type' || kind === 'const') return source.indexOf(';\n', start) + 1;
  return source.indexOf('\n}', start) + 2;
}

function withoutBodies(text) {
  const kept = [];
  let isInside = false;
  for (const line of text.split('\n')) {
    if (isInside) {
      if (line === '  }') isInside = false;
    } else if (/^ {2}(?:readonly )?(?:#|private )/.test(line) || /^ {2}(?:async )?\*?#/.test(line)) isInside = line.endsWith('{');
    else if (/^ {2}\S.*\{$/.test(line)) {
      kept.push(`${line.replace(/ \{$/, '')};`);
      isInside = true;
    } else kept.push(line);
  }
  return kept
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll(/\{\n\n/g, '{\n')
    .replaceAll(/\n\n\}/g, '\n}');
}

function plain(doc) {
  return doc
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trim())
    .join(' ')
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .trim();
}
