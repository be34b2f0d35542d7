import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import './ui/app.css';
import './ui/contrast.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { cssVariables, theme } from './ui/theme.ts';
import { App } from './views/shell/app.tsx';
import { PageGuard, watchPage } from './views/shell/page-guard.tsx';

watchPage();
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <PageGuard>
          <App />
        </PageGuard>
      </MantineProvider>
    </StrictMode>,
  );
}
