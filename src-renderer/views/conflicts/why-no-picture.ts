import type { SidePreview } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';

/** What stands in a picture's place beside the other side's picture. */
export function whyNoPicture(preview: SidePreview): string {
  const { noPreview } = say.conflict;
  switch (preview.kind) {
    case 'image':
      return noPreview['not-a-picture'];
    case 'text':
      return noPreview['text-beside-picture'];
    case 'none':
      return preview.why === 'not-text' ? noPreview['not-a-picture'] : noPreview[preview.why];
  }
}
