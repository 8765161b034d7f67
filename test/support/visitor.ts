import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'

const Session = z.looseObject({ token: z.string() })
const Frame = z.looseObject({
  t: z.string(),
  seq: z.number().optional(),
  author: z.string().optional(),
  text: z.string().optional(),
  parts: z
    .array(z.looseObject({ kind: z.string(), text: z.string().optional(), prompt: z.string().optional() }))
    .optional(),
})
type Frame = z.infer<typeof Frame>

/** A visitor of the web chat, on a WebSocket as the page opens it. */
export interface Visitor {
  says(text: string): void
  hears(expected: RegExp | string): Promise<string>
  /** Everything that was said so far. */
  heard(): readonly string[]
  /** The parts of the newest message. */
  newest(): readonly object[]
  /** What was shown as being written, in the order it came. */
  previews(): readonly string[]
  /** Sequence numbers in the order they came. */
  seqs(): readonly number[]
  /** Leaves and comes back, as a reload does: same session, from where it was. */
  returns(): Promise<void>
  leaves(): void
}

const textOfFrame = ({ parts = [] }: Frame): string =>
  parts.map((part) => part.text ?? part.prompt ?? '').join('\n')

const openSession = async (base: string, url: string): Promise<string> => {
  const response = await fetch(`${base}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: '{}',
  })
  return Session.parse(await response.json()).token
}

/** Opens the chat of an inbox; with a `session` that was opened before, with that one. */
export const createVisitor = async (url: string, inboxId = 'web', session?: string): Promise<Visitor> => {
  const base = `${url}/channels/${inboxId}`
  const token = session ?? (await openSession(base, url))
  const frames: Frame[] = []
  let socket: WebSocket
  let seen = 0
  const events = (): readonly Frame[] => frames.filter((frame) => frame.t === 'ev')

  const connect = async (): Promise<void> => {
    socket = new WebSocket(`${base.replace('http', 'ws')}/ws`, { headers: { origin: url } })
    socket.on('message', (data: Buffer) => frames.push(Frame.parse(JSON.parse(data.toString('utf8')))))
    socket.on('error', () => undefined)
    await new Promise((resolve) => socket.once('open', resolve))
    const cursor = Math.max(0, ...events().map((frame) => frame.seq ?? 0))
    const known = frames.length
    socket.send(JSON.stringify({ t: 'auth', token, resume: { cursor } }))
    await expect.poll(() => frames.slice(known).some((frame) => frame.t === 'ready')).toBe(true)
  }
  await connect()

  return {
    says: (text) => {
      socket.send(JSON.stringify({ t: 'msg', clientMsgId: randomUUID(), content: { text } }))
    },
    hears: async (expected) => {
      const matches = (text: string): boolean =>
        typeof expected === 'string' ? text.includes(expected) : expected.test(text)
      const place = (): number =>
        events().findIndex(
          (frame, at) => at >= seen && frame.author !== 'contact' && matches(textOfFrame(frame)),
        )
      const waiting = expect.poll(place, { message: `waiting for ${String(expected)}` })
      await waiting.toBeGreaterThanOrEqual(0).catch((error: unknown) => {
        const line = socket.readyState === WebSocket.OPEN ? 'open' : 'closed'
        const heard = JSON.stringify(frames)
        throw new Error(`${String(expected)} was not heard (line ${line}), only ${heard}`, { cause: error })
      })
      const at = place()
      seen = at + 1
      return textOfFrame(events()[at] ?? { t: 'ev' })
    },
    heard: () => events().map(textOfFrame),
    previews: () => frames.flatMap(({ t, text }) => (t === 'preview' ? [text ?? ''] : [])),
    newest: () => events().at(-1)?.parts ?? [],
    seqs: () => events().map((frame) => frame.seq ?? 0),
    returns: async () => {
      socket.terminate()
      await connect()
    },
    leaves: () => socket.terminate(),
  }
}
