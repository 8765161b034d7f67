import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { TongdaError } from '../../../src/core/errors.ts'
import type { ClientAct, ShownLine, SimulatedClient } from '../../../sandbox/simulator.ts'
import type { SetUp } from '../stage.ts'
import { until } from '../until.ts'

const inboxId = 'web'
const reconnectMs = 50

const Frame = z.looseObject({
  t: z.string(),
  clientMsgId: z.string().optional(),
  seq: z.number().optional(),
  author: z.string().optional(),
  parts: z
    .array(
      z.looseObject({
        text: z.string().optional(),
        prompt: z.string().optional(),
        choices: z.array(z.looseObject({ id: z.string(), label: z.string() })).optional(),
      }),
    )
    .optional(),
})
type Frame = z.infer<typeof Frame>

/** A visitor's page: what was not taken yet is sent again once the socket stands. */
interface Page {
  readonly token: string
  lines: readonly ShownLine[]
  socket: WebSocket | undefined
  cursor: number
  readonly open: Map<string, string>
  lastFrame: string
  losesNext: boolean
  isClosed: boolean
  /** The code of the last end of a socket. */
  closeCode: number | undefined
  /** Signed in, and nothing to wait for. */
  isReady: boolean
}

const shownOf = ({ seq = 0, parts = [] }: Frame): ShownLine => {
  const choices = parts.flatMap((part) => part.choices ?? []).map(({ id, label }) => ({ id, label }))
  return {
    id: String(seq),
    at: new Date(),
    from: 'account',
    text: parts.map(({ text, prompt }) => text ?? prompt ?? '').join('\n'),
    ...(choices.length === 0 ? {} : { choices }),
  }
}

const setState = (page: Page, id: string, state: 'delivered' | 'failed'): void => {
  page.open.delete(id)
  page.lines = page.lines.map((line) => (line.id === id ? { ...line, state } : line))
}

const hear = (page: Page, frame: Frame): void => {
  const { t, seq = 0, clientMsgId = '' } = frame
  if (t === 'ready') page.isReady = true
  if (t === 'ev') {
    page.cursor = Math.max(page.cursor, seq)
    if (frame.author !== 'contact') page.lines = [...page.lines, shownOf(frame)]
  }
  if (t === 'accepted' && page.losesNext) {
    page.losesNext = false
    page.socket?.terminate()
  } else if (t === 'accepted') setState(page, clientMsgId, 'delivered')
}

/** Opens a socket, signs in and says what is still open. */
const connect = (page: Page, url: string, token = page.token): void => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/${inboxId}/ws`, { origin: url })
  page.socket = socket
  page.isReady = false
  socket.on('error', () => undefined)
  socket.on('open', () => {
    socket.send(JSON.stringify({ t: 'auth', token, resume: { cursor: page.cursor } }))
    for (const frame of page.open.values()) socket.send(frame)
  })
  socket.on('message', (data: Buffer) => {
    if (page.socket === socket) hear(page, Frame.parse(JSON.parse(data.toString('utf8'))))
  })
  socket.on('close', (code) => {
    page.closeCode = code
    if (token !== page.token) for (const id of page.open.keys()) setState(page, id, 'failed')
    else if (page.socket === socket)
      setTimeout(() => {
        if (page.socket === socket && !page.isClosed) connect(page, url)
      }, reconnectMs)
  })
}

const openPage = async (url: string): Promise<Page> => {
  const response = await fetch(`${url}/channels/${inboxId}/session`, {
    method: 'POST',
    headers: { origin: url },
  })
  const { token } = z.looseObject({ token: z.string() }).parse(await response.json())
  const page: Page = {
    ...{ token, lines: [], socket: undefined, cursor: 0, open: new Map<string, string>() },
    ...{ lastFrame: '', losesNext: false, isClosed: false, isReady: false, closeCode: undefined },
  }
  connect(page, url)
  await until(() => page.isReady)
  return page
}

const upload = async (page: Page, url: string, id: string, act: { bytes: Uint8Array; name: string }) => {
  const query = new URLSearchParams({ id, name: act.name })
  const headers = {
    origin: url,
    authorization: `Bearer ${page.token}`,
    'content-type': 'application/octet-stream',
  }
  const body = new Uint8Array(act.bytes)
  const { ok } = await fetch(`${url}/channels/${inboxId}/uploads?${query.toString()}`, {
    method: 'POST',
    headers,
    body,
  })
  setState(page, id, ok ? 'delivered' : 'failed')
}

const endOf = ({ closeCode }: Page): number | undefined => closeCode

const faultNames = ['bad-signature', 'duplicate'] as const

/** Visitors' pages as a client of the port: the web chat has no provider but the browser. */
const createClient = (pages: Map<string, Page>, productUrl: () => string): SimulatedClient => {
  const on = new Set<string>()
  const pageOf = (userKey: string): Page => {
    const page = pages.get(userKey)
    if (page === undefined) throw new TongdaError('not_found', 'there is no such visitor')
    return page
  }
  const say = (page: Page, id: string, content: object): void => {
    const frame = JSON.stringify({ t: 'msg', clientMsgId: id, content })
    page.open.set(id, frame)
    page.lastFrame = frame
    if (on.has('bad-signature')) {
      page.socket?.removeAllListeners('close')
      page.socket?.close()
      connect(page, productUrl(), `${page.token.slice(0, -2)}xx`)
    } else if (page.socket?.readyState === WebSocket.OPEN)
      for (let copy = on.has('duplicate') ? 3 : 1; copy > 0; copy -= 1) page.socket.send(frame)
  }
  const perform = (page: Page, id: string, act: ClientAct): string => {
    switch (act.kind) {
      case 'text':
        say(page, id, { text: act.text })
        return act.text
      case 'choice':
        say(page, id, { choice: act.choiceId })
        return act.choiceId
      case 'image':
      case 'file': {
        const name = act.kind === 'file' ? act.name : 'picture.png'
        void upload(page, productUrl(), id, { bytes: act.bytes, name })
        return name
      }
      default:
        throw new TongdaError('bad_input', `a page has no ${act.kind}`)
    }
  }
  return {
    acts: ['text', 'image', 'file', 'choice'],
    users: () => [...pages.keys()].map((key) => ({ key, name: key })),
    lines: (userKey) => pageOf(userKey).lines,
    act: (userKey, act) => {
      const page = pageOf(userKey)
      const id = randomUUID()
      page.lines = [...page.lines, { id, at: new Date(), from: 'user', state: 'sending', text: '' }]
      const text = perform(page, id, act)
      page.lines = page.lines.map((line) => (line.id === id ? { ...line, text } : line))
    },
    faults: () => faultNames.map((name) => ({ name, on: on.has(name) })),
    setFault: (name, isOn) => {
      if (isOn) on.add(name)
      else on.delete(name)
      if (name !== 'bad-signature' || isOn) return
      for (const page of pages.values())
        if (page.socket?.readyState !== WebSocket.OPEN) connect(page, productUrl())
    },
    exchanges: (userKey) =>
      pageOf(userKey).lines.map(({ id, at, text = '' }) => ({
        ...{
          id,
          at,
          kind: 'push' as const,
          title: 'msg',
          status: '',
          request: text,
          response: '',
          problems: [],
        },
      })),
    allowance: () => undefined,
    onChange: () => () => undefined,
  }
}

export const web: SetUp = ({ productUrl }) => {
  const pages = new Map<string, Page>()
  let latest: Page | undefined
  const client = createClient(pages, productUrl)
  const last = (): Page => {
    if (latest === undefined) throw new Error('nobody said anything yet')
    return latest
  }
  /** Resolves once the server has handled everything before it on the page's socket. */
  const settled = (page: Page): Promise<void> =>
    new Promise((resolve) => {
      page.socket?.on('message', (data: Buffer) => {
        if (data.toString('utf8').includes('"pong"')) resolve()
      })
      page.socket?.send('{"t":"ping"}')
    })
  return {
    client: {
      ...client,
      act: (userKey, act) => {
        latest = pages.get(userKey)
        client.act(userKey, act)
      },
    },
    inbox: { inboxId, channel: 'web', section: { limits: { sessionsPerMinute: 1_000 } } },
    nextUser: async () => {
      const key = `visitor-${String(pages.size + 1)}`
      pages.set(key, await openPage(productUrl()))
      return key
    },
    hooks: {
      resend: async () => {
        last().socket?.send(last().lastFrame)
        await settled(last())
      },
      saysTenTimes: async (userKey, text) => {
        client.act(userKey, { kind: 'text', text })
        const page = pages.get(userKey) ?? last()
        for (let copy = 1; copy < 10; copy += 1) page.socket?.send(page.lastFrame)
        await settled(page)
      },
      oversize: async () => {
        const page = last()
        page.closeCode = undefined
        page.socket?.send(
          JSON.stringify({ t: 'msg', clientMsgId: randomUUID(), content: { text: 'x'.repeat(70_000) } }),
        )
        await until(() => endOf(page) !== undefined)
        return endOf(page) ?? 0
      },
      loseAnswer: (userKey) => {
        const page = pages.get(userKey)
        if (page !== undefined) page.losesNext = true
      },
      pushCarriesMessage: true,
      losesAnswersOf: 'push',
      breakConnection: (broken) => {
        for (const page of pages.values()) {
          page.socket?.removeAllListeners('close')
          page.socket?.terminate()
          if (!broken) connect(page, productUrl())
        }
      },
      repeatsAreUnseen: true,
    },
    close: () => {
      for (const page of pages.values()) {
        page.isClosed = true
        page.socket?.terminate()
      }
    },
  }
}
