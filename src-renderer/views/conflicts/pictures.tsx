import { SimpleGrid } from '@mantine/core';
import type { ConflictPreview } from '../../../src-preload/contract/model.ts';
import { en } from '../../strings/en.ts';

/** Whether both sides, or one of them, can be shown as a picture. */
export function hasPicture({ local, remote }: ConflictPreview): boolean {
  return local.kind === 'image' || remote.kind === 'image';
}

/** Both pictures beside each other. */
export function Pictures({ preview: { local, remote } }: { readonly preview: ConflictPreview }) {
  return (
    <SimpleGrid cols={2} spacing="sm" role="group" aria-label={en.conflictTools.pictures}>
      <Picture preview={local} alt={en.conflictTools.pictureHere} />
      <Picture preview={remote} alt={en.conflictTools.pictureThere} />
    </SimpleGrid>
  );
}

function Picture({ preview, alt }: { readonly preview: ConflictPreview['local']; readonly alt: string }) {
  if (preview.kind === 'image') return <img className="conflict-picture" src={preview.url} alt={alt} />;
  return <div className="conflict-picture conflict-no-picture">{en.conflict.noPreview[preview.kind === 'none' ? preview.why : 'not-a-file']}</div>;
}
