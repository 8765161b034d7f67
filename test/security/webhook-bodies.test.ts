// Bodies that are too large, too deep, compressed or of another kind, at the door of every channel there is: refused
// before they cost memory, on the server and the channels that ship.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { installedNames } from '../../src/app/installed-channels.ts'
import { openRaw } from '../http/channel-world.ts'

const Started = z.object({
  port: z.number(),
  channels: z.array(
    z.object({
      name: z.string(),
      routes: z.array(z.object({ path: z.string(), maxBodyBytes: z.number() })),
    }),
  ),
})
const mebibyte = 1_048_576

let child: ChildProcess
let started: z.infer<typeof Started>
const doors = (): readonly { readonly path: string; readonly maxBodyBytes: number }[] =>
  started.channels.flatMap(({ name, routes }) =>
    routes.map(({ path, maxBodyBytes }) => ({
      path: `/channels/${name}${path.replace(/:\w+/g, 'x')}`,
      maxBodyBytes,
    })),
  )
const next = async (): Promise<unknown> => {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the process ended')))
  return ((await Promise.race([once(child, 'message'), ended])) as unknown[])[0]
}

beforeAll(async () => {
  const program = fileURLToPath(new URL('webhook-process.ts', import.meta.url))
  child = fork(program, { execArgv: ['--import', 'tsx'] })
  started = Started.parse(await next())
})
afterAll(() => child.disconnect())

/** Sends bytes as they are and gives the status line's number. */
const post = async (path: string, headers: string, pieces: readonly (string | Buffer)[]): Promise<number> => {
  const raw = openRaw(started.port, `POST ${path} HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n`)
  for (const piece of pieces) raw.socket.write(piece)
  const answer = await raw.closed
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0)
}
const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
const bomb = gzipSync(Buffer.alloc(50 * mebibyte))
const whole = (body: string | Buffer, headers: string): readonly [string, readonly (string | Buffer)[]] => [
  `connection: close\r\ncontent-length: ${String(Buffer.byteLength(body))}\r\n${headers}`,
  [body],
]

const bodies: readonly (readonly [
  name: string,
  statuses: readonly number[],
  request: readonly [string, readonly (string | Buffer)[]],
])[] = [
  // 401 and 403: who shows no proof is refused before the body is looked at.
  [
    '10 MB in chunks',
    // 0: the connection was cut while the rest was on its way, and took the answer with it.
    [413, 401, 403, 0],
    [
      'content-type: application/json\r\ntransfer-encoding: chunked',
      Array.from({ length: 160 }, () => chunk),
    ],
  ],
  [
    '10 MB announced',
    [413, 401, 403],
    ['content-type: application/json\r\ncontent-length: 10485760', ['x'.repeat(1_000)]],
  ],
  ['a bomb', [415, 401, 403], whole(bomb, 'content-encoding: gzip\r\ncontent-type: application/json')],
  [
    '200,000 brackets',
    [400, 401, 403, 413, 415],
    whole('['.repeat(200_000), 'content-type: application/json'),
  ],
  [
    '33 levels with a reserved name',
    [400, 401, 403, 415],
    whole(`${'{"__proto__":'.repeat(33)}1${'}'.repeat(33)}`, 'content-type: application/json'),
  ],
  ['a form', [400, 401, 403, 415], whole('a=1&b=2', 'content-type: application/x-www-form-urlencoded')],
  ['no type', [400, 401, 403, 415], whole('{}', 'x: y')],
]

/** The most memory that the process has held since `forget`. */
const peak = (): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(child.pid)}/status`, 'utf8'))?.[1] ?? 0) *
  1_024
const forget = () => writeFileSync(`/proc/${String(child.pid)}/clear_refs`, '5')

describe('the door of every channel', () => {
  it('is looked at: none is left out, and each says how much it takes', () => {
    expect(started.channels.map(({ name }) => name).sort()).toEqual([...installedNames].sort())
    const without = started.channels.filter(({ routes }) => routes.length === 0).map(({ name }) => name)
    // Mail comes by SMTP or IMAP, personal WeChat by a process of its own: both have tests of their own.
    expect(without.sort()).toEqual(['email', 'wechaty'])
    for (const { path, maxBodyBytes } of doors())
      expect([path, maxBodyBytes <= mebibyte]).toEqual([path, true])
  })

  it.each(bodies)('refuses %s, stores nothing, and serves on', async (_name, statuses, [headers, pieces]) => {
    for (const { path } of doors())
      expect([path, statuses]).toEqual([path, expect.arrayContaining([await post(path, headers, pieces)])])
    const health = await fetch(`http://127.0.0.1:${String(started.port)}/healthz`)
    expect(health.status).toBe(200)
    child.send('count')
    expect(await next()).toBe(0)
  })

  it.runIf(process.platform === 'linux')(
    'holds 64 MB more at most while all of it comes at once',
    async () => {
      const flood = () =>
        Promise.all(
          doors().flatMap(({ path }) =>
            bodies.flatMap(([, , [headers, pieces]]) => [
              post(path, headers, pieces),
              post(path, headers, pieces),
            ]),
          ),
        )
      // What is compiled and kept for good at the first flood is there once.
      await flood()
      forget()
      const before = peak()
      await flood()
      expect(peak() - before).toBeLessThan(64 * mebibyte)
    },
  )
})
