// The mock puppet of the Wechaty bridge, steered over a loopback connection: what it is told is done, and it tells what
// the account says. A bridge that dies leaves its acts undone; the next one does them. Whoever does not show the secret
// first, or says what no puppet says, is cut off: every program of this machine can connect.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { z } from 'zod'

/** What the puppet is told; `do` names it. */
export type PuppetAct = Readonly<Record<string, unknown>> & { readonly do: string }

const Report = z.union([
  z.strictObject({ ready: z.literal(true), secret: z.string() }),
  z.strictObject({ acted: z.string() }),
  z.strictObject({
    conversationId: z.string(),
    text: z.string().optional(),
    file: z.strictObject({ name: z.string(), base64: z.string() }).optional(),
  }),
])

type Report = z.output<typeof Report>

/** Something the account said. */
export type Said = Extract<Report, { readonly conversationId: string }>

export interface PuppetDeps {
  readonly port: number
  /** A bridge has come up: what it must know before anything else. */
  readonly onReady: () => readonly PuppetAct[]
  readonly onSaid: (said: Said) => void
}

/** The connection to whichever bridge is up. */
export interface Puppet {
  /** What a bridge must show first, so that no other program of this machine is taken for one. */
  readonly secret: string
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
  /** What the bridge took with it is ordered again; a message twice is one, by its id. */
  const down = (which: Socket): void => {
    if (socket !== which) return
    socket = undefined
    waiting = [...doing.filter(({ done }) => done !== nothing), ...waiting]
    doing = []
  }
  return {
    write,
    order: (ordered: Ordered): void => {
      waiting = [...waiting, ordered]
      pump()
    },
    up: (next: Socket, first: readonly PuppetAct[]): void => {
      if (socket !== undefined) down(socket)
      socket = next
      waiting = [...first.map((act) => ({ act, done: nothing })), ...waiting]
      pump()
    },
    isUp: (which: Socket): boolean => socket === which,
    down,
    acted: (): void => {
      const [first, ...rest] = doing
      doing = rest
      first?.done()
    },
    drop: (): void => {
      waiting = []
    },
  }
}

/** Longest line of a bridge: a file of 20 MB in base64, and some. */
const maxLineLength = 40_000_000
/** Who has not shown the secret has nothing long to say. */
const maxFirstLength = 1_000

const reportOf = (line: string): Report | undefined => {
  try {
    return Report.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

/** Cuts what a socket brings into lines; a half one at its end is none. False from `onLine`, or a line too long: cut off. */
const readLines = (socket: Socket, limit: () => number, onLine: (line: string) => boolean): void => {
  let pieces: string[] = []
  let length = 0
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    for (const [place, text] of chunk.split('\n').entries()) {
      if (place > 0) {
        const line = pieces.join('')
        pieces = []
        length = 0
        if (!onLine(line)) return void socket.destroy()
      }
      pieces.push(text)
      length += text.length
      if (length > limit()) return void socket.destroy()
    }
  })
}

/** Listens for bridges; the one that comes last is spoken to. */
export const openPuppet = ({ port, onReady, onSaid }: PuppetDeps): Puppet => {
  const secret = randomBytes(24).toString('base64url')
  const line = createLine()
  /** Only the bridge that is up is heard; false: cut it off. */
  const hear = (socket: Socket, report: Report | undefined): boolean => {
    if (report === undefined) return false
    if ('ready' in report) {
      if (report.secret === secret) line.up(socket, onReady())
      return line.isUp(socket)
    }
    if (!line.isUp(socket)) return false
    if ('acted' in report) line.acted()
    else onSaid(report)
    return true
  }
  /** All of them, those that have not shown the secret yet and those that were followed by another too. */
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    const limit = (): number => (line.isUp(socket) ? maxLineLength : maxFirstLength)
    socket.on('error', nothing)
    socket.once('close', () => {
      sockets.delete(socket)
      line.down(socket)
    })
    readLines(socket, limit, (text) => hear(socket, reportOf(text)))
  })
  const ready = new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    ...{ secret, ready },
    act: (act, done = nothing) => line.order({ act, done }),
    crash: () => void line.write({ do: 'crash' }),
    drop: line.drop,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
