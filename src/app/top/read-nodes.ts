import { setTimeout as delay } from 'node:timers/promises'
import { TongdaError } from '../../core/errors.ts'
import { frameOf, type Frame, type NodeReadings } from './frame.ts'
import { parseSamples, type Reading } from './samples.ts'

/** Whom to ask, and how. */
export interface TopOptions {
  /** Where each node is reached, e.g. `http://127.0.0.1:8787`. */
  readonly urls: readonly string[]
  /** `telemetry.metricsToken`; other machines need it. */
  readonly token: string | undefined
  /** Milliseconds between two readings. */
  readonly everyMs: number
}

const answerMs = 5_000

const refused = `/metrics 不给这台机器看，需要 --token 或 telemetry.metricsToken it does not answer this machine; give the product's telemetry.metricsToken by --token`

const readNode = async (url: string, token: string | undefined): Promise<Reading> => {
  const response = await fetch(new URL('/metrics', url), {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(answerMs),
  })
  const text = await response.text()
  if (response.status === 404) throw new Error(refused)
  if (!response.ok) throw new Error(`HTTP ${String(response.status)}`)
  const samples = parseSamples(text)
  if (!samples.some(({ name }) => name === 'tongda_build_info'))
    throw new Error('这里不是通答 this is not Tongda; look at the address')
  return { url, at: performance.now(), samples }
}

const problemOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return error.name === 'TimeoutError' ? '5 秒内无应答 no answer within 5 s' : error.message
}

/** Reads all nodes again and again; each frame is of the time since the last. */
export const createReader = ({ urls, token, everyMs }: TopOptions) => {
  const known = new Map<string, Reading>()

  const readOne = async (url: string): Promise<NodeReadings> => {
    try {
      const before = known.get(url)
      const after = await readNode(url, token)
      known.set(url, after)
      return { url, pair: [before ?? after, after] }
    } catch (error) {
      known.delete(url)
      return { url, problem: problemOf(error) }
    }
  }
  const readAll = () => Promise.all(urls.map(readOne))

  return {
    /**
     * Reads once, so that there is something to compare with. Throws `not_found` when no node answers.
     */
    begin: async (): Promise<void> => {
      const found = await readAll()
      const problems = found.flatMap((node) => ('problem' in node ? `${node.url}: ${node.problem}` : []))
      if (problems.length === found.length)
        throw new TongdaError(
          'not_found',
          `产品没有应答 the product does not answer; ${problems.join('; ')}; 看它是否在运行，用 --url 给出地址 see that it runs, and give its address by --url`,
        )
    },
    /** Waits for a moment and reads again. */
    next: async (signal?: AbortSignal): Promise<Frame> => {
      await delay(everyMs, undefined, signal === undefined ? {} : { signal })
      return frameOf(await readAll(), new Date())
    },
  }
}
