import { formatEnvValue, parseEnvFile } from './env-file.ts';

/** The text of a settings file with one setting changed, added at the end, or (null) removed. Comments, order, line ends and all other lines stay as they are; of several assignments of the name one is left. */
export function withSetting(text: string, name: string, value: string | null): string {
  const end = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const lines = text.slice(mark.length).split(/\r\n|\n|\r/);
  const mine = parseEnvFile(text).assignments.filter((assignment) => assignment.name === name);
  const kept = value === null ? undefined : mine.at(-1);
  const out: string[] = [];
  lines.forEach((content, at) => {
    const within = mine.find(({ line, lastLine }) => at + 1 >= line && at + 1 <= lastLine);
    if (within === undefined) out.push(content);
    else if (within === kept && at + 1 === within.line) out.push(`${/^[ \t]*export[ \t]/.test(content) ? 'export ' : ''}${name}=${formatEnvValue(value ?? '')}`);
  });
  if (value !== null && kept === undefined) {
    const last = out.at(-1) === '' ? (out.pop() ?? '') : '';
    out.push(`${name}=${formatEnvValue(value)}`, last);
  }
  return mark + out.join(end);
}
