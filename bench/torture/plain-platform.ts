import { createServer, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { z } from 'zod'
import { freePort } from '../../src/app/free-port.ts'

/** WeChat's API as far as a bot that says words and shows pictures needs it: cheap enough to stand beside a product at full load. */
export interface PlainPlatform {
  readonly url: string
  /** What a contact was told, in the order of its coming. */
  said(openid: string): readonly string[]
  /** Messages of words that came, of all contacts. */
  count(): number
  /** Waits for the first message to a contact that has none yet; gives false after `limitMs`. */
  first(openid: string, limitMs: number): Promise<boolean>
  close(): void
}

const sending = z.looseObject({
  touser: z.string(),
  text: z.looseObject({ content: z.string() }).optional(),
})

/** What the API answers on each path; any other is taken for the fetching of a token. */
const answers: Readonly<Record<string, unknown>> = {
  '/cgi-bin/message/custom/send': { errcode: 0, errmsg: 'ok' },
  '/cgi-bin/media/upload': { type: 'image', media_id: 'torture', created_at: 1_700_000_000 },
}
const token = { access_token: 'torture', expires_in: 7_200 }

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(z.instanceof(Buffer).parse(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

/** Starts the platform. It keeps every word it is given, and takes any number of them. */
export const startPlainPlatform = async (): Promise<PlainPlatform> => {
  const port = await freePort()
  const told = new Map<string, string[]>()
  const waiting = new Map<string, () => void>()
  let count = 0
  const take = (body: string): void => {
    const { touser, text } = sending.parse(JSON.parse(body))
    if (text === undefined) return
    const texts = told.get(touser) ?? []
    texts.push(text.content)
    told.set(touser, texts)
    count += 1
    waiting.get(touser)?.()
    waiting.delete(touser)
  }
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const path = request.url?.split('?')[0] ?? ''
      if (path === '/cgi-bin/message/custom/send') take(body)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answers[path] ?? token))
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${String(port)}`,
    said: (openid) => told.get(openid) ?? [],
    count: () => count,
    first: (openid, limitMs) =>
      new Promise((resolve) => {
        if (told.has(openid)) {
          resolve(true)
          return
        }
        const giveUp = setTimeout(() => {
          waiting.delete(openid)
          resolve(false)
        }, limitMs)
        waiting.set(openid, () => {
          clearTimeout(giveUp)
          resolve(true)
        })
      }),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
