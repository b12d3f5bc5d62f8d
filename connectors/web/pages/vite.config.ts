import { readFileSync } from 'node:fs'
import { fileURLToPath, URL } from 'node:url'
import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig, type Plugin } from 'vite'

const backend = process.env.GUANJIA_BACKEND_URL ?? 'http://127.0.0.1:8001'

const local = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** In development the console lives at /console, and a label at /s/…, as they do behind the public port. */
function consoleEntry(): Plugin {
  return {
    name: 'console-entry',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        if (request.url === '/console' || request.url?.startsWith('/console/')) request.url = '/console.html'
        if (request.url?.startsWith('/s/')) request.url = '/scan.html'
        next()
      })
    },
  }
}

/** The API documentation page works without the internet: its two files lie beside the pages. */
function apiDocs(): Plugin {
  return {
    name: 'api-docs',
    generateBundle() {
      for (const fileName of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
        const source = readFileSync(local(`./node_modules/swagger-ui-dist/${fileName}`))
        this.emitFile({ type: 'asset', fileName: `api-docs/${fileName}`, source })
      }
    },
  }
}

export default defineConfig({
  plugins: [
    vue(),
    Components({
      dirs: [],
      dts: 'src/components.d.ts',
      resolvers: [VantResolver(), ElementPlusResolver()],
    }),
    consoleEntry(),
    apiDocs(),
  ],
  resolve: {
    alias: [
      { find: '@', replacement: local('./src') },
      // Vant's icon font comes from a foreign server; these pages draw their own few icons and ask nobody else.
      { find: /^.*\/icon\/index\.css$/, replacement: local('./src/shared/no-icon-font.css') },
    ],
  },
  build: {
    target: 'es2022',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { input: { chat: 'index.html', console: 'console.html', scan: 'scan.html' } },
  },
  server: { proxy: { '/api': backend } },
})
