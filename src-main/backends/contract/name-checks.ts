import type { ContractCheck } from './kit.ts';
import { ABSENT, expectFailure, expectSame, inLanes, leafKeys, listed, putText, textAt, textBody, versionAt } from './kit.ts';

const ODD_NAMES: readonly (readonly [what: string, name: string])[] = [
  ['blanks and quotes', ` it's "so"  \`x\` `],
  ['signs of addresses', '100%+20%25&a=b;c#1?x=y'],
  ['signs of XML', '<a>&amp;</a>]]>'],
  ['a backslash', 'a\\b'],
  ['line ends and tabs', 'a\nb\tc\r'],
  ['control characters', '\u0001\u001b[31m\u007f'],
  ['dots, dashes, brackets', '..a~[b]{c}*$d...'],
  ['a dot or blank at the end', 'a. '],
  ['letters of many scripts', '日本語 שלום äöü 𝒳'],
  ['emoji', '👩‍👩‍👧 🇩🇪'],
  ['255 bytes', `${'ä'.repeat(127)}x`],
];
/** Above one page of a listing (1,000) by a page's length of markers. */
const MANY = 1_050;

/** Names as users have them, and listings. */
export const NAME_CHECKS: readonly ContractCheck[] = [
  ...ODD_NAMES.map(
    ([what, name]): ContractCheck => ({
      name: `a name with ${what} comes back as it was given`,
      matters: 'files with such names could not be kept; they are listed and left alone',
      run: async ({ first, second }) => {
        for (const key of [`folder/${name}`, `${name}/below`]) {
          await putText(first, key, key);
          expectSame(await textAt(second, key), key, 'the content');
        }
        expectSame(await leafKeys(second), [`folder/${name}`, `${name}/below`].sort(), 'the listing');
        expectSame(await leafKeys(second, `${name}/`), [`${name}/below`], 'the listing below it');
        await second.delete(`folder/${name}`, { version: await versionAt(second, `folder/${name}`) });
        expectSame(await leafKeys(first), [`${name}/below`], 'the listing after a deletion');
      },
    }),
  ),
  {
    name: 'names that differ in case are two, or one, as the store says',
    matters: 'two files would become one unseen',
    run: async ({ first, second }) => {
      await putText(first, 'Readme', 'upper');
      expectSame((await second.put('readme', textBody('lower'), { condition: ABSENT, meta: {} })).kind, first.capabilities.caseInsensitive ? 'stale' : 'done', 'the second name');
      expectSame(await textAt(second, 'Readme'), 'upper', 'the first file');
    },
  },
  {
    name: 'two Unicode forms of one name are two, or the second is refused',
    matters: 'two files would become one unseen',
    run: async ({ first, second }) => {
      await putText(first, 'caf\u00e9', 'composed');
      const { kind } = await second.put('cafe\u0301', textBody('decomposed'), { condition: ABSENT, meta: {} });
      expectSame([kind, await textAt(second, 'caf\u00e9')], [kind === 'done' ? 'done' : 'stale', 'composed'], 'the second name, and the first file');
    },
  },
  {
    name: 'names that lead out of the place are refused',
    matters: 'a foreign program could make us write elsewhere',
    run: async ({ first }) => {
      for (const key of ['a/../../b', 'a//b', './a', 'a/..'])
        await expectFailure(first.put(key, textBody('x'), { condition: ABSENT, meta: {} }), 'name-not-allowed', `the name ${key}`);
      expectSame(await leafKeys(first), [], 'what is there');
    },
  },
  {
    name: 'a marker of an empty folder is kept, listed and removed',
    matters: 'empty folders would be lost',
    run: async ({ first, second }) => {
      await first.put('empty/', textBody(''), { condition: ABSENT, meta: {} });
      expectSame(
        (await listed(second)).map(({ key, size }) => [key, size]),
        [['empty/', 0]],
        'the listing',
      );
      expectSame((await second.delete('empty/', { version: await versionAt(second, 'empty/') })).kind, 'done', 'its deletion');
      expectSame(await first.stat('empty/'), null, 'what is left');
    },
  },
  {
    name: 'a listing goes by the beginning of names, and leaves out what it is told to',
    matters: 'files would be missed, and so look deleted',
    run: async ({ first, second }) => {
      const keys = ['ab', 'abc', 'a/b', 'a/bc', 'a b', 'a-b', 'skip/a', 'skipped'];
      await inLanes(keys, async (key) => void (await putText(first, key, key)));
      for (const prefix of ['', 'a', 'a/', 'a/b', 'b'])
        expectSame(await leafKeys(second, prefix), keys.filter((key) => key.startsWith(prefix)).sort(), `below ${JSON.stringify(prefix)}`);
      expectSame(await leafKeys(second, '', { skip: 'skip/' }), keys.filter((key) => !key.startsWith('skip/')).sort(), 'without skip/');
    },
  },
  {
    name: `a listing of ${MANY.toLocaleString('en-US')} objects is complete, each once`,
    matters: 'files would be missed, and so look deleted',
    isCostly: true,
    run: async ({ first, second }) => {
      const keys = Array.from({ length: MANY }, (_, i) => `many/${i % 7}/${String(i).padStart(5, '0')}`).sort();
      await inLanes(keys, async (key) => void (await putText(first, key, key)));
      const found = await leafKeys(second, 'many/');
      expectSame([found.length, new Set(found).size], [MANY, MANY], 'listed, and different ones');
      expectSame(found, keys, 'the names');
    },
  },
  {
    name: 'a listing shows at once what was written and not what was removed',
    matters: 'a device would act on what is no longer so',
    run: async ({ first, second }) => {
      for (let round = 0; round < 5; round++) {
        const version = await putText(first, `l/${round}`, 'x');
        expectSame(await leafKeys(second, 'l/'), [`l/${round}`], 'the listing after a write');
        await second.delete(`l/${round}`, { version });
        expectSame(await leafKeys(first, 'l/'), [], 'the listing after a deletion');
      }
    },
  },
];
