import { createConnection } from 'node:net'

/** What a mail server hands to the receiver. */
export interface HandOver {
  readonly port: number
  readonly raw: string | Buffer
  readonly protocol?: 'lmtp' | 'smtp'
  readonly from?: string
  readonly to?: string
  readonly login?: { readonly user: string; readonly password: string }
  /** Breaks the line after this many bytes of the mail. */
  readonly cutAfter?: number
}

/** The last word of the receiver. */
export interface HandOverAnswer {
  readonly code: number
  readonly text: string
}

const dotted = (raw: Buffer): Buffer =>
  Buffer.from(`${raw.toString('latin1').replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..')}\r\n.\r\n`, 'latin1')

/** Speaks LMTP or SMTP, one command after another, until the receiver refuses or has the mail. */
export const handOver = async (order: HandOver): Promise<HandOverAnswer> => {
  const { port, raw, protocol = 'lmtp', from = 'contact@qq.example', to = 'support@shop.example' } = order
  const socket = createConnection({ port, host: '127.0.0.1' })
  let buffer = ''
  let wake = (): void => undefined
  let ended = false
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    buffer += chunk
    wake()
  })
  for (const event of ['close', 'error'])
    socket.on(event, () => {
      ended = true
      wake()
    })
  const answer = async (): Promise<HandOverAnswer> => {
    for (;;) {
      const found = /^(?:\d{3}-[^\n]*\n)*(\d{3}) ?([^\n]*)\n/.exec(buffer)
      if (found !== null) {
        buffer = buffer.slice(found[0].length)
        return { code: Number(found[1]), text: found[2]?.trim() ?? '' }
      }
      if (ended) return { code: 0, text: 'connection closed' }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const say = async (line: string): Promise<HandOverAnswer> => {
    socket.write(`${line}\r\n`)
    return answer()
  }
  const { login } = order
  const commands = [
    `${protocol === 'lmtp' ? 'LHLO' : 'EHLO'} mx.test`,
    ...(login === undefined
      ? []
      : [`AUTH PLAIN ${Buffer.from(`\0${login.user}\0${login.password}`).toString('base64')}`]),
    `MAIL FROM:<${from}>`,
    `RCPT TO:<${to}>`,
    'DATA',
  ]
  try {
    await answer()
    for (const command of commands) {
      const given = await say(command)
      if (given.code >= 400 || given.code === 0) return given
    }
    const body = dotted(Buffer.isBuffer(raw) ? raw : Buffer.from(raw, 'utf8'))
    if (order.cutAfter === undefined) socket.write(body)
    else {
      await new Promise((resolve) => socket.write(body.subarray(0, order.cutAfter), resolve))
      socket.destroy()
    }
    return await answer()
  } finally {
    socket.destroy()
  }
}
