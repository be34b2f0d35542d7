import { describe, expect, it } from 'vitest';
import { childrenOf, escapeXml, parseXml, textOf, xmlOf } from './xml.ts';

describe('XML', () => {
  it('keeps every text as it is, in the order of the document', () => {
    const root = parseXml(
      '\ufeff<?xml version="1.0"?><!-- x --><s3:R xmlns="http://x/"><K>007</K><K> x </K><K>&#13;&#x9;&amp;lt;&quot;</K><K/><E a="1">true</E><K><![CDATA[<&>]]></K></s3:R>\n',
    );
    expect(root?.name).toBe('R');
    expect(childrenOf(root ?? { name: '', text: '', children: [] }, 'K').map(({ text }) => text)).toEqual(['007', ' x ', '\r\t&lt;"', '', '<&>']);
    expect(root?.children.map(({ name }) => name)).toEqual(['K', 'K', 'K', 'K', 'E', 'K']);
    expect([textOf(root ?? { name: '', text: '', children: [] }, 'E'), textOf(root ?? { name: '', text: '', children: [] }, 'none')]).toEqual(['true', undefined]);
  });

  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['a page', '<!DOCTYPE html><html><body><p>Sign in<br></body></html>'],
    ['a page without a type', '<html><body><p>Sign in<br></body></html>'],
    ['a cut document', '<R><K>a</K><K>b'],
    ['a cut tag', '<R><K>a</K'],
    ['a cut end', '<R><K>a</K>'],
    ['two documents', '<R></R><R></R>'],
    ['text around', '<R></R>x'],
    ['entities of its own', '<!DOCTYPE r [<!ENTITY a "aaaa">]><R>&a;</R>'],
    ['unknown entities', '<R>&a;</R>'],
    ['a lone ampersand', '<R>a & b</R>'],
    ['a number of no character', '<R>&#x110000;</R>'],
    ['an end of another', '<R><K></R></K>'],
    ['an end too many', '</R>'],
  ])('refuses %s', (_name, source) => {
    expect(parseXml(source)).toBe(null);
  });

  it('writes what it reads, and knows what it cannot write', () => {
    const source = '<R><K>a&#38;b&#13;&#10;</K><E></E></R>';
    const root = parseXml(source);
    expect(root === null ? '' : xmlOf(root)).toBe(source);
    expect([escapeXml('a\u0001'), escapeXml('\ufffe'), escapeXml('<">')]).toEqual([null, null, '&#60;&#34;&#62;']);
  });
});
