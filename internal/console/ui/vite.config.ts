import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
  server: {
    // npm run dev shows a running pawl serve.
    proxy: { '/console/api': 'http://127.0.0.1:8083' },
  },
  test: { include: ['src/**/*.test.ts', 'src/**/*.test.tsx'] },
});
