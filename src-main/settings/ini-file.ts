/**
 * Files as ~/.aws and rclone.conf are: `[section]` lines, `name = value` lines, comments that begin a line with `#` or `;`. An indented line below `name =` is a value of its own within it (`s3.addressing_style`), as AWS has it. Nothing is
 * expanded; a BOM and CRLF are fine. Of several sections of a name, or values of a name, the last counts.
 */
export interface IniSection {
  readonly name: string;
  readonly line: number;
  readonly values: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
}
export interface IniFile {
  readonly sections: readonly IniSection[];
  /** Lines that are none of these. `what` never repeats them: they may hold a secret. */
  readonly faults: readonly { readonly line: number; readonly what: string }[];
}

export function parseIniFile(text: string): IniFile {
  const sections: { name: string; line: number; values: Map<string, { value: string; line: number }> }[] = [];
  const faults: { line: number; what: string }[] = [];
  let outer = '';
  for (const [at, content] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = at + 1;
    if (/^[ \t]*([#;]|$)/.test(content)) continue;
    const [, head] = /^[ \t]*\[[ \t]*([^\]]+?)[ \t]*\][ \t]*([#;].*)?$/.exec(content) ?? [];
    if (head !== undefined) {
      sections.push({ name: head, line, values: new Map() });
      outer = '';
      continue;
    }
    const [, indent = '', name, value = ''] = /^([ \t]*)([^=[\]\s][^=]*?)[ \t]*=[ \t]*(.*?)[ \t]*$/.exec(content) ?? [];
    const section = sections.at(-1);
    if (name === undefined) faults.push({ line, what: 'is neither [section] nor name = value' });
    else if (section === undefined) faults.push({ line, what: 'comes before any [section]' });
    else if (indent !== '' && outer !== '') section.values.set(`${outer}.${name.toLowerCase()}`, { value, line });
    else {
      section.values.set(name.toLowerCase(), { value, line });
      outer = value === '' ? name.toLowerCase() : '';
    }
  }
  return { sections, faults };
}
