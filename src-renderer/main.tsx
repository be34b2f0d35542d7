import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import './ui/app.css';
import './ui/contrast.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { watchPage } from './views/shell/page-guard.tsx';
import { Root } from './views/shell/root.tsx';

watchPage();
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Root nonce={nonce} />
    </StrictMode>,
  );
}
