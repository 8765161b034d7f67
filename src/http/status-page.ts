import type { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { TongdaError } from '../core/errors.ts'
import type { TicketStanding, TicketState } from '../core/ticket.ts'
import type { StatusLinks } from './status-links.ts'

type Language = 'zh' | 'en'

interface Words {
  readonly title: (number: number) => string
  readonly states: Readonly<Record<TicketState, string>>
  readonly merged: (number: number) => string
  readonly opened: string
  readonly due: string
  readonly replied: string
  readonly back: string
  readonly solved: string
  readonly closed: string
  readonly hint: string
}

const zh: Words = {
  title: (number) => `工单 T-${number}`,
  states: {
    new: '等待同事查看',
    open: '处理中',
    pending: '同事已回复，等你补充',
    on_hold: '在等其他部门的结果',
    solved: '已解决',
    closed: '已结束',
  },
  merged: (number) => `已并入工单 T-${number}`,
  opened: '提交时间',
  due: '承诺最晚回复',
  replied: '首次回复',
  back: '预计有进展',
  solved: '解决时间',
  closed: '结束时间',
  hint: '需要补充，或者没有解决，请回到原来的聊天里直接说。',
}

const en: Words = {
  title: (number) => `Ticket T-${number}`,
  states: {
    new: 'Waiting for a colleague',
    open: 'In progress',
    pending: 'Answered, waiting for your reply',
    on_hold: 'Waiting for another department',
    solved: 'Solved',
    closed: 'Closed',
  },
  merged: (number) => `Merged into T-${number}`,
  opened: 'Opened',
  due: 'Reply promised by',
  replied: 'First reply',
  back: 'News expected',
  solved: 'Solved at',
  closed: 'Closed at',
  hint: 'To add something, or if it is not settled, write in the chat where you asked.',
}

const style = `:root{color-scheme:light dark;font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
body{max-width:32rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.5rem;margin:0}
.state{font-size:1.1rem;font-weight:600;margin:.25rem 0 1rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem;margin:0 0 1.5rem}
dd{margin:0}
`

/** 2026-11-27 10:00, as the zone's clocks show it. */
const writer = (timeZone: string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return (at: Date): string => format.format(at)
}

/** The moments worth showing: what is promised only while it is owed. */
const momentsOf = (ticket: TicketStanding, words: Words): readonly (readonly [string, Date])[] => {
  const { state, createdAt, firstReplyDueAt, firstRepliedAt, holdUntil, solvedAt, closedAt } = ticket
  const isOver = state === 'solved' || state === 'closed'
  const dated: readonly (readonly [string, Date | undefined])[] = [
    [words.opened, createdAt],
    [words.due, firstRepliedAt === undefined && !isOver ? firstReplyDueAt : undefined],
    [words.replied, firstRepliedAt],
    [words.back, holdUntil],
    [words.solved, solvedAt],
    [words.closed, closedAt],
  ]
  return dated.flatMap(([name, at]) => (at === undefined ? [] : [[name, at] as const]))
}

const pageOf = (ticket: TicketStanding, language: Language, timeZone: string) => {
  const words = language === 'en' ? en : zh
  const write = writer(timeZone)
  const { mergedInto, number, state } = ticket
  const rows = momentsOf(ticket, words).map(
    ([name, at]) =>
      html`<dt>${name}</dt>
        <dd><time datetime="${at.toISOString()}">${write(at)}</time></dd>`,
  )
  return html`<!doctype html>
    <html lang="${language === 'en' ? 'en' : 'zh-CN'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="robots" content="noindex" />
        <title>${words.title(number)}</title>
        <link rel="stylesheet" href="/status.css" />
      </head>
      <body>
        <main>
          <h1>${words.title(number)}</h1>
          <p class="state">${mergedInto === undefined ? words.states[state] : words.merged(mergedInto)}</p>
          <dl>${rows}</dl>
          <p>${words.hint}</p>
        </main>
      </body>
    </html>`
}

const Address = z.strictObject({ id: z.uuid(), sig: z.string().regex(/^[\w-]{43}$/) })

export interface StatusPageOptions {
  readonly links: StatusLinks
  /** Throws `not_found`. */
  readonly find: (ticketId: string) => Promise<TicketStanding>
  /** Zone of the times shown. */
  readonly timeZone: string
}

/** Serves `GET /status/<ticket>?sig=`. Whatever is wrong with an address, the answer is the same 404. */
export const mountStatusPage = (app: Hono, { links, find, timeZone }: StatusPageOptions): void => {
  app.get('/status.css', (context) =>
    context.body(style, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=3600' }),
  )
  app.get('/status/:id', async (context) => {
    const address = Address.safeParse({ id: context.req.param('id'), ...context.req.query() })
    if (!address.success || !links.isValid(address.data.id, address.data.sig)) return context.notFound()
    try {
      const ticket = await find(address.data.id)
      const language = /^\s*en\b/i.test(context.req.header('accept-language') ?? '') ? 'en' : 'zh'
      return await context.html(pageOf(ticket, language, timeZone), 200, { 'cache-control': 'no-store' })
    } catch (error) {
      if (error instanceof TongdaError && error.code === 'not_found') return context.notFound()
      throw error
    }
  })
}
