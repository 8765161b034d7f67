import type { Command } from 'commander'
import { createReader } from '../app/top/read-nodes.ts'
import { renderFrame } from '../app/top/render.ts'
import { wordsOf } from '../app/top/words.ts'
import { TongdaError } from '../core/errors.ts'
import { loadConfig } from './settings.ts'
import { print } from './terminal.ts'

interface TopFlags {
  readonly url: readonly string[]
  readonly token?: string
  readonly once?: boolean
  readonly json?: boolean
}

type Reader = ReturnType<typeof createReader>

const everyMs = 1_000

const collect = (one: string, before: readonly string[]): readonly string[] => [...before, one]

const readable = (url: string): string => {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url
  throw new TongdaError(
    'bad_input',
    `--url 要像 http://127.0.0.1:8787 --url must look like http://127.0.0.1:8787, not ${url}`,
  )
}

// Another screen, so that what stood in the terminal is there again afterwards.
const enter = '\u001b[?1049h\u001b[?25l'
const leave = '\u001b[?25h\u001b[?1049l'
const home = '\u001b[H'
const toEndOfLine = '\u001b[K'
const toEndOfScreen = '\u001b[J'

/** Resolves when somebody presses q, Esc or Ctrl-C. */
const untilQuit = (stop: () => void): (() => void) => {
  const { stdin } = process
  const hear = (key: Buffer): void => {
    if (['q', 'Q', '\u0003', '\u001b'].includes(key.toString('utf8'))) stop()
  }
  if (stdin.isTTY) {
    stdin.setRawMode(true)
    stdin.resume()
    stdin.on('data', hear)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return () => {
    stdin.off('data', hear)
    if (stdin.isTTY) stdin.setRawMode(false)
    stdin.pause()
  }
}

const live = async (reader: Reader): Promise<void> => {
  const words = wordsOf(process.env)
  const stopping = new AbortController()
  const release = untilQuit(() => stopping.abort())
  process.stdout.write(enter)
  try {
    while (!stopping.signal.aborted) {
      const frame = await reader.next(stopping.signal)
      const rows = process.stdout.rows > 1 ? process.stdout.rows - 1 : Infinity
      const lines = [...renderFrame(frame, words), '', words.quit].slice(0, rows)
      process.stdout.write(
        `${home}${lines.map((line) => `${line}${toEndOfLine}\n`).join('')}${toEndOfScreen}`,
      )
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error
  } finally {
    process.stdout.write(leave)
    release()
  }
}

const top = async ({ url, token, once, json }: TopFlags, command: Command): Promise<void> => {
  const { server, telemetry } = loadConfig(command)
  const urls = url.length > 0 ? url.map(readable) : [`http://127.0.0.1:${String(server.port)}`]
  const reader = createReader({ urls, token: token ?? telemetry.metricsToken, everyMs })
  await reader.begin()
  // A pipe gets one frame: nobody could quit.
  if (json !== true && once !== true && process.stdout.isTTY) return live(reader)
  const frame = await reader.next()
  print(json === true ? JSON.stringify(frame) : renderFrame(frame, wordsOf(process.env)).join('\n'))
}

/** Adds `tongda top`. */
export const addTop = (program: Command): void => {
  program
    .command('top')
    .description('实时看运行状况 watch a running product live: rates, queues, what waits, who is there')
    .option('-u, --url <url>', '节点的地址，可重复 address of a node; may be repeated', collect, [])
    .option('--token <token>', 'telemetry.metricsToken，从另一台机器看时需要 needed from another machine')
    .option('--once', '只看一秒，输出一次 one frame of one second, as plain text')
    .option('--json', '只看一秒，输出 JSON one frame as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run -s tongda -- top\n  npm run -s tongda -- top --once\n  npm run -s tongda -- top --url http://10.0.0.4:8787 --url http://10.0.0.5:8787 --json',
    )
    .action(top)
}
