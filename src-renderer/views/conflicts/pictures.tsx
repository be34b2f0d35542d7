import { SimpleGrid } from '@mantine/core';
import { useState } from 'react';
import type { ConflictPreview, SidePreview } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';
import { whyNoPicture } from './why-no-picture.ts';

/** Whether both sides, or one of them, can be shown as a picture. */
export function hasPicture({ local, remote }: ConflictPreview): boolean {
  return local.kind === 'image' || remote.kind === 'image';
}

/** Both pictures beside each other. */
export function Pictures({ preview: { local, remote } }: { readonly preview: ConflictPreview }) {
  return (
    <SimpleGrid cols={2} spacing="sm" role="group" aria-label={say.conflictTools.pictures}>
      <Picture preview={local} alt={say.conflictTools.pictureHere} />
      <Picture preview={remote} alt={say.conflictTools.pictureThere} />
    </SimpleGrid>
  );
}

/** What begins like a picture may not be one: that shows only when it is drawn. */
function Picture({ preview, alt }: { readonly preview: SidePreview; readonly alt: string }) {
  const [broken, setBroken] = useState(false);
  if (preview.kind === 'image' && !broken) return <img className="conflict-picture" src={preview.url} alt={alt} onError={() => setBroken(true)} />;
  return <div className="conflict-picture conflict-no-picture">{whyNoPicture(preview)}</div>;
}
