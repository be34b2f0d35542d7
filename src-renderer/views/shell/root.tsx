import { MantineProvider } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { useAppStateFeed } from '../../store.ts';
import { setLanguage } from '../../strings/say.ts';
import { cssVariables, themeOf } from '../../ui/theme.ts';
import { App } from './app.tsx';
import { PageGuard } from './page-guard.tsx';

/** The app in the language that is set; another one draws everything anew. */
export function Root({ nonce }: { readonly nonce: string }) {
  const state = useAppStateFeed();
  const language = state?.language ?? 'en';
  // Before anything below is drawn.
  setLanguage(language);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme holds words
  const theme = useMemo(themeOf, [language]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <PageGuard>
        <App key={language} state={state} />
      </PageGuard>
    </MantineProvider>
  );
}
