import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme/states.css';
import './theme/global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

// After an update of the system the parts of the old console are gone: the new one is fetched, once.
window.addEventListener('vite:preloadError', (event) => {
  const reloaded = 'csms-reloaded-at';
  const before = Number(sessionStorage.getItem(reloaded) ?? 0);
  if (Date.now() - before < 60_000) return;
  event.preventDefault();
  sessionStorage.setItem(reloaded, String(Date.now()));
  window.location.reload();
});

const place = document.getElementById('root');
if (place) {
  createRoot(place).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
