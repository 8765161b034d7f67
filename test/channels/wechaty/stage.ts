import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'vitest'
import { z } from 'zod'
import { wechaty } from '../../../channels/wechaty/index.ts'
import type { Channel } from '../../../src/core/channel.ts'
import { createContractHost } from '../../contract/channel.ts'
import type { ContractHost } from '../../contract/channel.ts'
import { serviceUrl } from '../../support/services.ts'

const Report = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ acted: z.string() }),
  z.strictObject({
    conversationId: z.string(),
    text: z.string().optional(),
    file: z.strictObject({ name: z.string(), base64: z.string() }).optional(),
  }),
])

/** What the account said. */
export type Said = Extract<z.output<typeof Report>, { conversationId: string }>

/** The mock puppet within the real bridge, over its control connection. */
export interface Steering {
  readonly port: number
  readonly said: readonly Said[]
  /** How often a bridge came up. */
  readonly ups: () => number
  /** How often a bridge connected; one that has connected may not be up yet. */
  readonly connections: () => number
  /** How many bridges are connected now. */
  readonly open: () => number
  /** Resolves once the puppet has done it, or is gone. */
  readonly act: (act: Readonly<Record<string, unknown>>) => Promise<void>
  readonly close: () => void
}

export const startSteering = async (): Promise<Steering> => {
  const said: Said[] = []
  const acting: (() => void)[] = []
  let ups = 0
  let connections = 0
  let open = 0
  let latest: Socket | undefined
  const server = createServer((socket) => {
    latest = socket
    connections += 1
    open += 1
    socket.once('close', () => (open -= 1))
    // The bridge before this one has ended, whatever it was asked to do.
    for (const done of acting.splice(0)) done()
    socket.on('error', () => undefined)
    const lines = createInterface({ input: socket })
    // It says again what the socket says.
    lines.on('error', () => undefined)
    lines.on('line', (line) => {
      const report = Report.parse(JSON.parse(line))
      if ('ready' in report) ups += 1
      else if ('acted' in report) acting.shift()?.()
      else said.push(report)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    said,
    ups: () => ups,
    connections: () => connections,
    open: () => open,
    act: (act) =>
      new Promise((done) => {
        acting.push(done)
        latest?.write(`${JSON.stringify(act)}\n`)
      }),
    close: () => {
      latest?.destroy()
      server.close()
    },
  }
}

/** An inbox whose bridge runs with the mock puppet, signed in. */
export interface Stage {
  readonly host: ContractHost
  readonly channel: Channel
  readonly steering: Steering
  readonly stateDir: string
  /** A message from a contact; more of its payload and content by `more`. */
  readonly says: (id: string, text: string, more?: Readonly<Record<string, unknown>>) => Promise<void>
  readonly signIn: () => Promise<void>
  readonly close: () => Promise<void>
}

/** How often an event was logged. */
export const logs = (host: ContractHost, event: string): number =>
  host.logged.filter((line) => line.event === event).length

export const contactId = 'contact-1'
const textType = 7

export const openStage = async (
  more: Readonly<Record<string, unknown>> = {},
  host = createContractHost(),
): Promise<Stage> => {
  const steering = await startSteering()
  const stateDir = mkdtempSync(join(tmpdir(), 'tongda-wechaty-'))
  const config = wechaty.config.parse({
    puppet: 'wechaty-puppet-mock',
    puppetOptions: { controlPort: steering.port },
    bridgeDir: serviceUrl('wechaty-bridge'),
    stateDir,
    sendsPerSecond: 1_000,
    maxFileBytes: 65_536,
    ...more,
  })
  const channel = wechaty.create(config, host)
  await channel.start()
  await expect.poll(() => steering.ups()).toBe(1)
  const signIn = async (): Promise<void> => {
    const before = logs(host, 'wechat account signed in')
    await steering.act({ do: 'contact', id: contactId })
    await steering.act({ do: 'login' })
    await expect.poll(() => logs(host, 'wechat account signed in')).toBe(before + 1)
  }
  await signIn()
  return {
    host,
    channel,
    steering,
    stateDir,
    signIn,
    says: (id, text, { payload, ...rest } = {}) =>
      steering.act({
        do: 'message',
        id,
        from: contactId,
        payload: { type: textType, text, ...(typeof payload === 'object' ? payload : {}) },
        ...rest,
      }),
    close: async () => {
      await channel.stop()
      steering.close()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}
