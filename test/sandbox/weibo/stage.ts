import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { createMovableClock } from '../../../src/core/clock.ts'
import type { MovableClock } from '../../../src/core/clock.ts'
import { createWeiboSimulator } from '../../../sandbox/index.ts'
import type { WeiboAccount, WeiboSimulator, WeiboSimulatorOptions } from '../../../sandbox/index.ts'

export const account: WeiboAccount = {
  name: '次元站',
  uid: '1902538057',
  appSecret: 'xyz123xyz',
  accessToken: '2.00token',
}
export const fan = { key: '9007199254740993', name: '阿白' }

/** A push as the callback saw it. */
export interface SeenPush {
  readonly query: URLSearchParams
  readonly body: string
}

/** What the callback answers; default: nothing, with status 200. */
type Answering = (push: SeenPush) => { readonly status?: number; readonly body?: string } | 'silence'

export interface Stage {
  readonly simulator: WeiboSimulator
  readonly clock: MovableClock
  readonly seen: readonly SeenPush[]
  answerWith(answering: Answering): void
  /** A call of the platform's API: GET, or POST when there is a form. */
  call(path: string, query?: Record<string, string>, form?: Record<string, string>): Promise<Response>
  /** What stands on the fan's screen. */
  screen(): readonly string[]
  close(): Promise<void>
}

const readAll = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** A simulator that pushes to a callback with no code of ours, patient with a busy machine unless told otherwise. */
export const setStage = async (options: Partial<WeiboSimulatorOptions> = {}): Promise<Stage> => {
  const fixed = new Date('2012-07-16T10:09:20.500Z')
  const clock = createMovableClock({ now: () => fixed })
  const seen: SeenPush[] = []
  let answering: Answering = () => ({})
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      const push = { query: new URL(request.url ?? '/', 'http://callback').searchParams, body }
      seen.push(push)
      const answer = answering(push)
      if (answer === 'silence') return
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json; charset=utf-8' })
      response.end(answer.body ?? '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const simulator = createWeiboSimulator({
    account,
    callbackUrl: () => `http://127.0.0.1:${port}/weibo`,
    clock,
    users: [fan],
    ...options,
    timing: { attemptTimeoutMs: 60_000, retryDelayMs: 1, ...options.timing },
  })
  return {
    simulator,
    clock,
    seen,
    answerWith: (next) => {
      answering = next
    },
    call: async (path, query = {}, form) => {
      const init = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }
      return simulator.api.request(`${path}?${new URLSearchParams(query).toString()}`, init)
    },
    screen: () =>
      simulator.client
        .lines(fan.key)
        .map(({ from, text, fileName, picturePath, state }) =>
          [from, text ?? fileName ?? picturePath, state].filter(Boolean).join(' '),
        ),
    close: async () => {
      await simulator.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
