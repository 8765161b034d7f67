import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a run of the command left. */
export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `tongda` as a user does, with a data folder of the test's own. */
export const tongda = async (
  args: readonly string[],
  {
    dataDir,
    input = '',
    environment = {},
    cwd = root,
  }: { dataDir: string; input?: string; environment?: Record<string, string>; cwd?: string },
): Promise<Ran> => {
  const child = spawn(process.execPath, [join(root, 'src/launch.mjs'), ...args], {
    cwd,
    env: {
      ...process.env,
      NO_COLOR: '1',
      TONGDA_DATA_DIR: dataDir,
      TONGDA_LOG_LEVEL: 'warn',
      DATABASE_URL: '',
      REDIS_URL: '',
      ...environment,
    },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.end(input)
  await once(child, 'close')
  return { status: child.exitCode, stdout, stderr }
}
