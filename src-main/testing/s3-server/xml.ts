import { S3Error } from './s3-error.ts';

/** An element as text: its text is escaped, its children are elements already. */
export function element(name: string, content: string | number | boolean | readonly string[]): string {
  const inside = Array.isArray(content) ? content.join('') : encodeEntities(String(content));
  return inside === '' ? `<${name}/>` : `<${name}>${inside}</${name}>`;
}

/** The same, left out when there is no value. */
export function optional(name: string, content: string | number | undefined): string {
  return content === undefined ? '' : element(name, content);
}

export function document(name: string, children: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${children.join('')}</${name}>`;
}

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

function encodeEntities(text: string): string {
  return text.replace(/[&<>"'\u0000-\u001f\u007f]/g, (character) => NAMED[character] ?? `&#x${character.charCodeAt(0).toString(16)};`);
}

export interface XmlNode {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlNode[];
}

export function childText(node: XmlNode, name: string): string | undefined {
  return node.children.find((child) => child.name === name)?.text;
}

/** Reads what S3 clients send: elements with text; attributes, comments and namespaces are passed over. Anything else is MalformedXML. */
export function parseXml(source: string): XmlNode {
  const top: OpenNode = { name: '', text: '', children: [] };
  const open: OpenNode[] = [top];
  for (const token of source.replace(/<\?.*?\?>|<!--.*?-->/gs, '').matchAll(/<(\/?)([\w:.-]+)[^<>]*?(\/?)>|([^<]+)|</g)) readToken(open, token);
  const root = top.children[0];
  if (open.length !== 1 || top.children.length !== 1 || root === undefined || top.text.trim() !== '') throw new S3Error('MalformedXML');
  return root;
}

interface OpenNode {
  readonly name: string;
  text: string;
  readonly children: OpenNode[];
}

function readToken(open: OpenNode[], [, closes, rawName, isEmpty, text]: RegExpMatchArray): void {
  const current = open.at(-1);
  if (current === undefined) throw new S3Error('MalformedXML');
  if (text !== undefined) current.text += decodeEntities(text);
  else if (rawName === undefined) throw new S3Error('MalformedXML');
  else if (closes === '/') close(open, current, localName(rawName));
  else {
    const node: OpenNode = { name: localName(rawName), text: '', children: [] };
    current.children.push(node);
    if (isEmpty !== '/') open.push(node);
  }
}

function close(open: OpenNode[], current: OpenNode, name: string): void {
  if (current.name !== name) throw new S3Error('MalformedXML');
  open.pop();
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function decodeEntities(text: string): string {
  return text.replace(/&(#x?)?([\da-zA-Z]+);/g, (_whole, numeric: string | undefined, name: string) => {
    if (numeric !== undefined) return String.fromCodePoint(Number.parseInt(name, numeric === '#x' ? 16 : 10));
    const found = Object.entries(NAMED).find(([, entity]) => entity === `&${name};`);
    if (found === undefined) throw new S3Error('MalformedXML');
    return found[0];
  });
}
