import { randomUUID } from 'node:crypto'
import { createConnection, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { ImapFlow } from 'imapflow'
import { email } from '../../../channels/email/index.ts'
import type { Channel } from '../../../src/core/channel.ts'
import type { ContractHost } from '../../contract/channel.ts'
import { configOf } from './account.ts'

/** The password of every user of the test server. */
const password = 'secret'

/** A line to the server that can be cut. */
export interface Wire {
  readonly port: number
  /** Connections made so far. */
  readonly connections: () => number
  /** Whether one stands now. */
  readonly isOpen: () => boolean
  /** Breaks every open connection; with `refuse`, new ones too until `mend`. */
  cut(refuse?: boolean): void
  mend(): void
  close(): Promise<void>
}

/** Starts a line to the server on a port of this machine. */
export const startWire = async (to: number): Promise<Wire> => {
  const open = new Set<Socket>()
  let connections = 0
  let refusing = false
  const server = createServer((near) => {
    if (refusing) {
      near.destroy()
      return
    }
    connections += 1
    const far = createConnection({ port: to, host: '127.0.0.1' })
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(near)
        open.delete(far)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    connections: () => connections,
    isOpen: () => open.size > 0,
    cut: (refuse = false) => {
      refusing = refuse
      for (const socket of open) socket.destroy()
    },
    mend: () => {
      refusing = false
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** A user's mailbox on a real server, and inboxes that read it. */
export interface TestMailbox {
  readonly wire: Wire
  /** How an inbox in another process finds it. */
  readonly login: {
    readonly port: number
    readonly user: string
    readonly password: string
    readonly mailbox: string
  }
  /** Puts a mail into the mailbox, as the provider does when one arrives. */
  arrives(raw: string | Buffer, at?: Date): Promise<void>
  /** Deletes the mailbox and makes it anew: the server numbers from 1 under a new UIDVALIDITY. */
  remakes(): Promise<void>
  /** How many mails are marked as seen. */
  seen(): Promise<number>
  /** Starts an inbox that reads the mailbox. */
  reads(host: ContractHost, imap?: Record<string, unknown>): Promise<Channel>
  close(): Promise<void>
}

const mailbox = 'Support'

export const openMailbox = async (serverUrl: string): Promise<TestMailbox> => {
  const { hostname, port } = new URL(serverUrl)
  const user = `user-${randomUUID()}`
  const wire = await startWire(Number(port))
  const channels: Channel[] = []
  const provider = new ImapFlow({
    host: hostname,
    port: Number(port),
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: password },
    logger: false,
  })
  await provider.connect()
  await provider.mailboxCreate(mailbox)
  return {
    wire,
    login: { port: wire.port, user, password, mailbox },
    arrives: async (raw, at) => {
      await provider.append(mailbox, raw, [], at)
    },
    remakes: async () => {
      await provider.mailboxDelete(mailbox)
      await provider.mailboxCreate(mailbox)
    },
    seen: async () => {
      const status = await provider.status(mailbox, { messages: true, unseen: true })
      return status === false ? 0 : (status.messages ?? 0) - (status.unseen ?? 0)
    },
    reads: async (host, imap = {}) => {
      const channel = email.create(
        configOf({
          receiver: undefined,
          imap: {
            host: '127.0.0.1',
            port: wire.port,
            tls: 'none',
            user,
            password,
            mailbox,
            pollMs: 1_000,
            ...imap,
          },
        }),
        host,
      )
      await channel.start()
      channels.push(channel)
      return channel
    },
    close: async () => {
      await Promise.all(channels.map((channel) => channel.stop()))
      await wire.close()
      await provider.logout()
    },
  }
}
