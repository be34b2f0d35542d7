import { Text } from '@mantine/core';
import { say } from '../strings/say.ts';

/** A file's name with its folder, which gives way first when room is short. Names are foreign text: they are isolated and shown as they are. */
export function PathText({ path, dimFolder = true, nameOnly = false }: { readonly path: string; readonly dimFolder?: boolean; readonly nameOnly?: boolean }) {
  const cut = folderOf(path).length;
  return (
    <span className="path" title={path}>
      {cut > 0 && !nameOnly && (
        <Text span size="sm" className="path-folder" {...(dimFolder ? { c: 'dimmed' } : {})}>
          {path.slice(0, cut)}
        </Text>
      )}
      <Text span size="sm" className="path-name">
        {path.slice(cut)}
      </Text>
    </span>
  );
}

/** Where a side of a pair lies, in one line. Its last part tells places apart and gives way last. */
export function PlaceText({ text, className }: { readonly text: string; readonly className: string }) {
  const cut = Math.max(text.lastIndexOf('/'), 0);
  return (
    <Text component="span" size="sm" c="dimmed" className={`path ${className}`} title={text}>
      <span className="path-folder">{text.slice(0, cut)}</span>
      <span className="path-name">{text.slice(cut)}</span>
    </Text>
  );
}

/** A bucket in one line; whose store it is in is left out where it does not fit whole. */
export function BucketText({ place, store, className }: { readonly place: string; readonly store: string; readonly className: string }) {
  return (
    <Text component="span" size="sm" c="dimmed" className={`bucket ${className}`} title={`${place} ${store}`}>
      <span>{place}</span>
      <span> {store}</span>
    </Text>
  );
}

/** A path and the one that it has become; the folder is told once where it is the same. */
export function MovedText({ path, to }: { readonly path: string; readonly to: string }) {
  return (
    <span className="moved">
      <PathText path={path} />
      <Text span size="sm" c="dimmed" role="img" aria-label={say.activity.movedTo} style={{ flex: 'none' }}>
        →
      </Text>
      <PathText path={to} nameOnly={folderOf(to) === folderOf(path)} />
    </span>
  );
}

/** With the slash at its end; empty at the top. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
