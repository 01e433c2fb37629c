import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig(({ command }) => {
  // Whoever builds, tests included, builds what people get: React's development build is twice the size.
  if (command === 'build') process.env.NODE_ENV = 'production'
  return {
    root: 'src/web',
    plugins: [react(), tailwindcss()],
    build: {
      // For `vite build` by hand. The program names a folder by the content of the sources: src/base/web-app.ts.
      outDir: '../../dist/by-hand',
      emptyOutDir: true,
      target: 'es2023',
      // light-dark() stays as written; older targets would get a much larger stylesheet.
      cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
      // The content security policy allows no data: fonts or scripts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
    server: { proxy: { '/api': 'http://127.0.0.1:4000' } },
  }
})
