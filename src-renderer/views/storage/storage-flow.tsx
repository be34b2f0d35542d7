import { useState } from 'react';
import type { ErrorView } from '../../../src-preload/contract/model.ts';
import type { ImportedStorage, S3Access, S3Place, TestAnswer } from '../../../src-preload/contract/storage.ts';
import { emptyAccess } from './access-form.ts';
import { AccessStep } from './access-step.tsx';
import { PlaceStep } from './place-step.tsx';
import { SourceStep } from './source-step.tsx';
import { useSignIn } from './use-sign-in.ts';

type At =
  | { readonly step: 'access' }
  | { readonly step: 'place'; readonly access: S3Access }
  | { readonly step: 'source'; readonly access: S3Access; readonly place: S3Place; readonly report: TestAnswer };

/** The way to a pair with a bucket: sign in, choose the bucket and try it out, choose the folder. Going back keeps what was filled in. */
export function StorageFlow({ onBack, onAdded }: { readonly onBack: () => void; readonly onAdded: () => void }) {
  const [at, setAt] = useState<At>({ step: 'access' });
  const [form, setForm] = useState(() => emptyAccess('aws'));
  const [target, setTarget] = useState({ bucket: '', prefix: '' });
  // The fields are open again then, with what was said of them.
  const [refused, setRefused] = useState<ErrorView | null>(null);
  const signIn = useSignIn();
  const onImported = ({ bucket, prefix }: ImportedStorage): void => setTarget((before) => ({ bucket: bucket ?? before.bucket, prefix: prefix ?? before.prefix }));
  switch (at.step) {
    case 'access':
      return (
        <AccessStep
          form={form}
          onForm={setForm}
          signIn={signIn}
          refused={refused}
          onRefused={setRefused}
          onImported={onImported}
          onBack={onBack}
          onNext={(access) => {
            setRefused(null);
            setAt({ step: 'place', access });
          }}
        />
      );
    case 'place':
      return (
        <PlaceStep
          access={at.access}
          form={target}
          onForm={setTarget}
          onRefused={setRefused}
          onBack={() => {
            if (refused !== null) signIn.change({ held: null });
            setAt({ step: 'access' });
          }}
          onNext={(place, report) => setAt({ step: 'source', access: at.access, place, report })}
        />
      );
    case 'source':
      return <SourceStep place={at.place} report={at.report} onBack={() => setAt({ step: 'place', access: at.access })} onAdded={onAdded} />;
  }
}
