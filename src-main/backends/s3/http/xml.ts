/** An element of an S3 answer: its text with entities resolved, its children in their order. */
export interface XmlNode {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlNode[];
}

export function childrenOf(node: XmlNode, name: string): readonly XmlNode[] {
  return node.children.filter((child) => child.name === name);
}

/** Undefined when there is no such child. White space is part of it. */
export function textOf(node: XmlNode, name: string): string | undefined {
  return node.children.find((child) => child.name === name)?.text;
}

interface OpenNode {
  readonly name: string;
  text: string;
  readonly children: OpenNode[];
}

/**
 * Reads the XML that S3 speaks: elements and text. Attributes, comments, and the prefixes of namespaces are passed over; nothing is ever expanded but the five entities and character numbers, and a document type is
 * refused. Null for whatever is not one whole document of that kind: a page of HTML, an answer cut short.
 */
export function parseXml(source: string): XmlNode | null {
  const top: OpenNode = { name: '', text: '', children: [] };
  const open: OpenNode[] = [top];
  let at = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < source.length) {
    const next = readToken(source, at, open);
    if (next === null) return null;
    at = next;
  }
  const [root] = top.children;
  return open.length === 1 && top.children.length === 1 && top.text.trim() === '' && root !== undefined ? root : null;
}

/** Text up to the next tag, and that tag; where it ends, or null when it is none of ours. */
function readToken(source: string, at: number, open: OpenNode[]): number | null {
  const current = open.at(-1);
  if (current === undefined) return null;
  const start = source.indexOf('<', at);
  const text = decodeEntities(source.slice(at, start === -1 ? source.length : start));
  if (text === null) return null;
  current.text += text;
  if (start === -1) return source.length;
  const next = source.charAt(start + 1);
  if (next === '?') return after(source, '?>', start);
  if (next === '!') return readMarked(source, start, current);
  const end = source.indexOf('>', start);
  if (end === -1) return null;
  if (next === '/') return closes(open, source.slice(start + 2, end)) ? end + 1 : null;
  return begin(open, current, source.slice(start + 1, end)) ? end + 1 : null;
}

function readMarked(source: string, start: number, current: OpenNode): number | null {
  if (source.startsWith('<!--', start)) return after(source, '-->', start);
  if (!source.startsWith('<![CDATA[', start)) return null;
  const end = after(source, ']]>', start);
  if (end !== null) current.text += source.slice(start + '<![CDATA['.length, end - ']]>'.length);
  return end;
}

function after(source: string, mark: string, from: number): number | null {
  const at = source.indexOf(mark, from);
  return at === -1 ? null : at + mark.length;
}

function begin(open: OpenNode[], parent: OpenNode, tag: string): boolean {
  const isEmpty = tag.endsWith('/');
  const inside = isEmpty ? tag.slice(0, -1) : tag;
  const space = inside.search(/\s/);
  const name = space === -1 ? inside : inside.slice(0, space);
  if (name === '' || name.includes('<')) return false;
  const node: OpenNode = { name: localName(name), text: '', children: [] };
  parent.children.push(node);
  if (!isEmpty) open.push(node);
  return true;
}

function closes(open: OpenNode[], tag: string): boolean {
  return open.length > 1 && open.pop()?.name === localName(tag.trimEnd());
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string | null {
  if (!text.includes('&')) return text;
  let isKnown = true;
  const decoded = text.replace(/&(?:#x([\da-fA-F]{1,6})|#(\d{1,7})|(\w+));|&/g, (_whole, hex?: string, decimal?: string, name?: string) => {
    const code = hex !== undefined ? Number.parseInt(hex, 16) : decimal !== undefined ? Number(decimal) : null;
    const character = code === null ? NAMED[name ?? ''] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    isKnown &&= character !== undefined;
    return character ?? '';
  });
  return isKnown ? decoded : null;
}

/** Text for the inside of an element, or null when XML cannot carry it. */
export function escapeXml(text: string): string | null {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) return null;
  return text.replace(/[&<>"\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Writes an element as it was read. */
export function xmlOf({ name, text, children }: XmlNode): string {
  const inside = children.length === 0 ? (escapeXml(text) ?? '') : children.map(xmlOf).join('');
  return `<${name}>${inside}</${name}>`;
}
