import { Text } from '@mantine/core';

/** A file's name with its folder, which gives way first when room is short. Names are foreign text: they are isolated and shown as they are. */
export function PathText({ path, dimFolder = true }: { readonly path: string; readonly dimFolder?: boolean }) {
  const cut = path.lastIndexOf('/') + 1;
  return (
    <span className="path" title={path}>
      {cut > 0 && (
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
