import fs from 'node:fs';
import path from 'node:path';

/** Files below a folder whose name or bytes hold the text, in one of the ways programs write text. What goes away meanwhile, as temporary files of a running app do, is passed over. */
export function filesWith(folder: string, text: string): readonly string[] {
  fs.accessSync(folder);
  const forms = [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(Buffer.from(text).toString('base64').replace(/=+$/, ''))];
  return below(folder)
    .filter(({ at, name, isFile }) => {
      const bytes = isFile ? ifThere(() => fs.readFileSync(at)) : undefined;
      return name.includes(text) || forms.some((form) => bytes?.includes(form));
    })
    .map(({ at }) => at);
}

function below(folder: string): readonly { at: string; name: string; isFile: boolean }[] {
  return (ifThere(() => fs.readdirSync(folder, { withFileTypes: true })) ?? []).flatMap((entry) => {
    const at = path.join(folder, entry.name);
    return [{ at, name: entry.name, isFile: entry.isFile() }, ...(entry.isDirectory() ? below(at) : [])];
  });
}

function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}
