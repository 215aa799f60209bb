import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm run dev -w apps/console` serves the pages from their sources and asks this system for everything else. */
const system = process.env.CSMS_URL ?? 'http://localhost:8080';

const answered = [
  '/device-manager',
  '/session',
  '/message-manager',
  '/login',
  '/health',
  '/metrics',
  '/log-levels',
  '/process',
  '/docs',
  '/openapi.json',
];

export default defineConfig({
  plugins: [react()],
  publicDir: false,
  build: {
    target: 'baseline-widely-available',
    assetsInlineLimit: 0,
    // The chart and the QR code are loaded when they are first shown, each page when it is first opened.
    chunkSizeWarningLimit: 600,
    modulePreload: { polyfill: false },
  },
  server: { proxy: Object.fromEntries(answered.map((path) => [path, system])) },
});
