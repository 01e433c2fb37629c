/**
 * `npm run dev`: the rehearsal, with the server restarted and the screens reloaded as you save. It prints its link
 * at each restart; a browser that is signed in stays so.
 */
import { spawn } from 'node:child_process'
import { createServer } from 'vite'

const apiPort = process.env.PORT ?? '4000'
const screens = await createServer({
  configFile: 'vite.config.ts',
  server: { port: 5173, strictPort: true, proxy: { '/api': `http://127.0.0.1:${apiPort}` } },
})
await screens.listen()

const env = {
  ...process.env,
  PORT: apiPort,
  EVENHAND_DATA: 'dist/dev',
  EVENHAND_URL: 'http://localhost:5173',
  EVENHAND_WEB: 'off',
}
const server = spawn(process.execPath, ['--watch', '--watch-preserve-output', 'src/main.ts', '--rehearse'], {
  env,
  stdio: 'inherit',
})

// Ctrl-C reaches both of us from the terminal; we leave after the server, which stops its database.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal))
server.once('exit', async (code) => {
  await screens.close()
  process.exit(code ?? 0)
})
