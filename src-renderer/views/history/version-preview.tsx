import { Loader, Text } from '@mantine/core';
import type { ContentPreview } from '../../../src-preload/contract/history.ts';
import { say } from '../../strings/say.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useAnswer } from '../../use-answer.ts';

/** What one version holds: text, a picture, or why neither is shown. */
export function VersionPreview({ pair, path, version }: { readonly pair: string; readonly path: string; readonly version: string }) {
  const { value, loading, error } = useAnswer('history/preview', { pair, path, version });
  return (
    <section className="preview" aria-label={say.history.versions.preview} aria-busy={loading}>
      {error === null ? (
        value === null ? (
          <Loader size="sm" aria-label={say.history.looking} />
        ) : (
          <Content preview={value} name={path.split('/').at(-1) ?? ''} />
        )
      ) : (
        <ErrorNote error={error} />
      )}
    </section>
  );
}

function Content({ preview, name }: { readonly preview: ContentPreview; readonly name: string }) {
  switch (preview.kind) {
    case 'text':
      return preview.text === '' ? (
        <Quiet text={say.history.versions.empty} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
        <pre className="code preview-text" tabIndex={0}>
          {preview.text}
        </pre>
      );
    case 'image':
      return <img className="preview-image" src={preview.url} alt={say.history.versions.previewImage(name)} />;
    case 'none':
      return <Quiet text={say.history.versions.noPreview[preview.why]} />;
  }
}

function Quiet({ text }: { readonly text: string }) {
  return (
    <Text size="sm" c="dimmed" ta="center" m="auto" p="lg">
      {text}
    </Text>
  );
}
