import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/app/free-port.ts'
import { createServerProcess } from '../server-process.ts'

/** What came of a second product on a data folder that is in use. */
export interface SecondProcessResult {
  /** Its exit status; must not be 0. */
  readonly status: number | null
  readonly refusedAfterMs: number
  /** What it said. */
  readonly said: string
  /** Whether the first one still accepts messages. */
  readonly firstIsReady: boolean
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Starts a product, then another one on the same folder. */
export const secondProcessRun = async (): Promise<SecondProcessResult> => {
  const server = createServerProcess({ port: await freePort() })
  try {
    await server.start()
    const startedAt = performance.now()
    const second = spawn(process.execPath, ['src/launch.mjs', 'serve'], {
      cwd: root,
      env: {
        ...process.env,
        TONGDA_PORT: String(await freePort()),
        TONGDA_DATA_DIR: `${server.folder}/data`,
        TONGDA_LOG_LEVEL: 'silent',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    second.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    await once(second, 'exit')
    const refusedAfterMs = Math.round(performance.now() - startedAt)
    const firstIsReady = (await fetch(`${server.url}/readyz`)).ok
    return { status: second.exitCode, refusedAfterMs, said: said.trim(), firstIsReady }
  } finally {
    await server.dispose()
  }
}
