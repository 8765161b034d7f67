// The mock puppet of the Wechaty bridge, steered over a loopback connection: what it is told is done, and it tells what
// the account says. A bridge that dies leaves its acts undone; the next one does them.
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { z } from 'zod'

/** What the puppet is told; `do` names it. */
export type PuppetAct = Readonly<Record<string, unknown>> & { readonly do: string }

const Report = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ acted: z.string() }),
  z.strictObject({
    conversationId: z.string(),
    text: z.string().optional(),
    file: z.strictObject({ name: z.string(), base64: z.string() }).optional(),
  }),
])

/** Something the account said. */
export type Said = Extract<z.output<typeof Report>, { readonly conversationId: string }>

export interface PuppetDeps {
  readonly port: number
  /** A bridge has come up: what it must know before anything else. */
  readonly onReady: () => readonly PuppetAct[]
  readonly onSaid: (said: Said) => void
}

/** The connection to whichever bridge is up. */
export interface Puppet {
  /** Resolves once a bridge can connect; rejects when the port is not free. */
  readonly ready: Promise<void>
  /** Does it now, or once a bridge is up; `done` hears when it was done. */
  readonly act: (act: PuppetAct, done?: () => void) => void
  /** Ends the bridge at once, without a word. */
  readonly crash: () => void
  /** Forgets what no bridge has done yet. */
  readonly drop: () => void
  readonly close: () => Promise<void>
}

interface Ordered {
  readonly act: PuppetAct
  readonly done: () => void
}

const nothing = (): void => undefined

const createLine = () => {
  let socket: Socket | undefined
  let waiting: readonly Ordered[] = []
  let doing: readonly Ordered[] = []
  const write = (act: PuppetAct): boolean | undefined => socket?.write(`${JSON.stringify(act)}\n`)
  const pump = (): void => {
    if (socket === undefined) return
    for (const { act } of waiting) write(act)
    doing = [...doing, ...waiting]
    waiting = []
  }
  return {
    pump,
    write,
    order: (ordered: Ordered): void => {
      waiting = [...waiting, ordered]
      pump()
    },
    up: (next: Socket, first: readonly PuppetAct[]): void => {
      socket = next
      waiting = [...first.map((act) => ({ act, done: nothing })), ...waiting]
      pump()
    },
    /** What the bridge took with it is ordered again; a message twice is one, by its id. */
    down: (): void => {
      socket = undefined
      waiting = [...doing.filter(({ done }) => done !== nothing), ...waiting]
      doing = []
    },
    acted: (): void => {
      const [first, ...rest] = doing
      doing = rest
      first?.done()
    },
    drop: (): void => {
      waiting = []
    },
    end: (): void => void socket?.destroy(),
  }
}

/** Listens for bridges; the one that comes last is spoken to. */
export const openPuppet = ({ port, onReady, onSaid }: PuppetDeps): Puppet => {
  const line = createLine()
  const server = createServer((socket) => {
    socket.on('error', nothing)
    socket.once('close', () => line.down())
    createInterface({ input: socket }).on('line', (text) => {
      const report = Report.parse(JSON.parse(text))
      if ('ready' in report) line.up(socket, onReady())
      else if ('acted' in report) line.acted()
      else onSaid(report)
    })
  })
  const ready = new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    ready,
    act: (act, done = nothing) => line.order({ act, done }),
    crash: () => void line.write({ do: 'crash' }),
    drop: line.drop,
    close: () =>
      new Promise((resolve) => {
        line.end()
        server.close(() => resolve())
      }),
  }
}
