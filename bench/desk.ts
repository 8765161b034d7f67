import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { chromium, type Page } from 'playwright-core'
import { freePort } from '../src/app/free-port.ts'
import { createInProcessLimiters } from '../src/bus/index.ts'
import { systemClock } from '../src/core/clock.ts'
import { initialDialogue } from '../src/core/conversation.ts'
import { silentLog } from '../src/core/log.ts'
import { createSignIn } from '../src/http/index.ts'
import {
  createAgentDirectory,
  createSealing,
  createSignInStores,
  createTicketStore,
  openEmbedded,
} from '../src/store/index.ts'
import { measurePresence } from './desk-presence.ts'
import { manyLike, readUpTo, talkOn } from './long-data.ts'
import { quantile } from './load.ts'
import { report } from './report.ts'
import { createServerProcess, type ServerProcess } from './server-process.ts'
import { account, createWechatClient, type WechatClient } from './wechat-client.ts'

const said = 5_000
const listed = 10_000
const rounds = 10
const asked = '转人工'
const colleague = '同事'
const arrivals = 40
const path = '/channels/bench/callback'
const config = { inboxes: { bench: { channel: 'wechat', mode: 'safe', ...account } } }
/** Two whose conversations are long, one whose is short, and one whose ticket is the pattern of the many. */
const contacts = ['oBenchLong000001', 'oBenchLong000002', 'oBenchShort00001', 'oBenchMany000001'] as const
const view = { locale: 'zh-CN', viewport: { width: 1280, height: 800 } } as const
const browsers = [process.env.TONGDA_TEST_CHROMIUM, '/usr/bin/chromium'].filter((path) => path !== undefined)

interface Filled {
  /** Two tickets with long conversations, by their ids; between them one goes back and forth. */
  readonly long: readonly string[]
  /** One with a short conversation. */
  readonly short: string
  /** Sign-in links of two agents. */
  readonly link: string
  readonly colleagueLink: string
}

/** Has each contact ask for a person, and waits for the answer. */
const callPerson = async (server: ServerProcess): Promise<void> => {
  const client = createWechatClient(server.url, path, 1)
  for (const openid of contacts) await client.say(openid, asked)
  await client.close()
}

/** Fills the database of a product that stands still, for an agent who has read a part of what was said. */
const fill = async (folder: string): Promise<Filled> => {
  const database = await openEmbedded({ folder, log: silentLog })
  try {
    const agents = createAgentDirectory(database)
    const agent = await agents.create({ name: '测速', email: 'bench@example.com', role: 'agent' })
    const second = await agents.create({ name: colleague, email: 'bench2@example.com', role: 'agent' })
    const tickets = createTicketStore(database, initialDialogue)
    const open = await tickets.list({ view: 'open', agentId: agent.id, limit: contacts.length })
    const [first, next, third, pattern] = open
    if (first === undefined || next === undefined || third === undefined || pattern === undefined)
      throw new Error(`${String(open.length)} tickets stand where ${String(contacts.length)} should`)
    for (const ticket of [first, next]) {
      await talkOn(database, ticket, said)
      await readUpTo(database, ticket, { agentId: agent.id, seq: said / 2 })
    }
    // They are due long after these, which the list begins with.
    await manyLike(database, pattern, listed - open.length)
    const signIn = createSignIn({
      stores: createSignInStores(database, createSealing(Buffer.alloc(32))),
      clock: systemClock,
      log: silentLog,
      limiters: createInProcessLimiters(),
      requireTotp: [],
      oidc: {},
    })
    return {
      long: [first.id, next.id],
      short: third.id,
      link: (await signIn.createLink(agent.id, 60)).path,
      colleagueLink: (await signIn.createLink(second.id, 60)).path,
    }
  } finally {
    await database.close()
  }
}

/** From the click to the first frame in which the first unread message stands on the screen, in milliseconds. */
const openingMs = (page: Page, id: string): Promise<number> =>
  page.evaluate<number>(`new Promise((resolve) => {
    const row = document.querySelector('.row[data-ticket="${id}"]')
    const before = document.querySelector('.thread')
    const from = performance.now()
    row.click()
    const look = () => {
      const thread = document.querySelector('.thread')
      const unread = thread === before ? null : thread?.querySelector('.thread-unread')
      const box = unread?.getBoundingClientRect()
      if (box !== undefined && box.top >= thread.getBoundingClientRect().top - 1 && box.top < innerHeight)
        requestAnimationFrame(() => resolve(performance.now() - from))
      else requestAnimationFrame(look)
    }
    look()
  })`)

interface Frames {
  readonly fps: number
  readonly worstMs: number
}

/** Scrolls the list for three seconds, a little each frame, and counts the frames by their timestamps. */
const scrolling = (page: Page): Promise<Frames> =>
  page.evaluate<Frames>(`new Promise((resolve) => {
    const list = document.querySelector('.list-rows')
    list.scrollTop = 0
    const stamps = []
    const step = (now) => {
      stamps.push(now)
      list.scrollTop += 40
      if (now - stamps[0] < 3_000) requestAnimationFrame(step)
      else {
        const gaps = stamps.slice(1).map((stamp, at) => stamp - stamps[at])
        resolve({ fps: ((stamps.length - 1) * 1_000) / (now - stamps[0]), worstMs: Math.max(...gaps) })
      }
    }
    requestAnimationFrame(step)
  })`)

const loadAll = async (page: Page): Promise<void> => {
  const isWhole = `(() => {
    const list = document.querySelector('.list-rows')
    const isEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 2
    list.scrollTop = list.scrollHeight
    return isEnd && !/\\+/.test(document.querySelector('.view[aria-current]').textContent)
  })()`
  // Not by the browser's own waiting: it evaluates text in the page, whose policy forbids that.
  while (!(await page.evaluate<boolean>(isWhole))) await page.waitForTimeout(200)
}

/** From sending a message to the platform's webhook to the first frame in which it stands on the page, in milliseconds. */
const arrivalMs = async (page: Page, client: WechatClient, text: string): Promise<number> => {
  const standing = page.evaluate<number>(`new Promise((resolve) => {
    const look = () => {
      if (document.querySelector('.thread')?.textContent.includes('${text}'))
        requestAnimationFrame(() => resolve(Date.now()))
      else requestAnimationFrame(look)
    }
    look()
  })`)
  const from = Date.now()
  await client.say(contacts[2], text)
  return (await standing) - from
}

const arriving = async (page: Page, short: string, client: WechatClient): Promise<readonly number[]> => {
  await page.locator(`.row[data-ticket="${short}"]`).click()
  await page.locator('.thread').getByText(asked).first().waitFor()
  const times: number[] = []
  for (let round = 0; round < arrivals; round += 1)
    times.push(await arrivalMs(page, client, `还要说的第${String(round)}件事。`))
  return times
}

const enter = async (page: Page, link: string, url: string): Promise<void> => {
  await page.goto(url + link)
  await page.getByRole('button', { name: '进入工作台' }).click()
  await page.waitForURL(/\/desk\/app\/inbox/)
  await page.goto(`${url}/desk/app/inbox/open`)
  await page.locator('.row').first().waitFor({ timeout: 120_000 })
}

/** A colleague in a browser of their own comes to the ticket that is open on `page`, and goes again. */
const meeting = async (page: Page, { long, short, colleagueLink }: Filled, server: ServerProcess) => {
  const context = await page.context().browser()?.newContext(view)
  if (context === undefined) throw new Error('the browser is gone')
  const comer = await context.newPage()
  await enter(comer, colleagueLink, server.url)
  const marks = await measurePresence({
    ...{ watcher: page, comer, comerName: colleague },
    ...{ ticketId: short, otherId: long[0] ?? '' },
  })
  await context.close()
  return marks
}

const measure = async (page: Page, filled: Filled, server: ServerProcess): Promise<void> => {
  const { long, short } = filled
  const requests: number[] = []
  const openings: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const sent: string[] = []
    const hear = (request: { url(): string }): number => sent.push(request.url())
    await page.waitForLoadState('networkidle')
    page.on('request', hear)
    openings.push(await openingMs(page, long[round % 2] ?? ''))
    page.off('request', hear)
    // Leaving a ticket tells that one is gone; that is the one before.
    requests.push(sent.filter((address) => /\/api\/desk\/tickets\/[^/]+\?/.test(address)).length)
  }
  const client = createWechatClient(server.url, path, 1)
  const arrived = await arriving(page, short, client)
  await client.close()
  const marks = await meeting(page, filled, server)
  await page.goto(`${server.url}/desk/app/inbox/open`)
  await page.locator('.row').first().waitFor()
  await loadAll(page)
  const { fps, worstMs } = await scrolling(page)
  report('desk', {
    ...{ messages: said, tickets: listed, rounds },
    openMsP50: Math.round(quantile(openings, 0.5)),
    openMsMax: Math.round(Math.max(...openings)),
    requestsPerOpening: Math.max(...requests),
    arrivalMsP50: Math.round(quantile(arrived, 0.5)),
    arrivalMsP95: Math.round(quantile(arrived, 0.95)),
    ...marks,
    fps: Math.round(fps * 10) / 10,
    worstFrameMs: Math.round(worstMs),
    rowsDrawn: await page.locator('.row').count(),
  })
}

/**
 * The agents' app in Chromium on data of a busy desk: how long a conversation takes to open at its first unread message, how
 * many requests that costs, how soon a colleague's mark stands there, and how smoothly the list scrolls.
 */
export const deskSpeed = async (): Promise<void> => {
  const executablePath = browsers.find((path) => existsSync(path))
  if (executablePath === undefined) {
    process.stderr.write('bench: no Chromium, desk left out; name it in TONGDA_TEST_CHROMIUM\n')
    return
  }
  const server = createServerProcess({ port: await freePort(), config })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    await server.start()
    await callPerson(server)
    await server.stop()
    const filled = await fill(join(server.folder, 'data'))
    await server.start()
    const page = await browser.newPage(view)
    await enter(page, filled.link, server.url)
    await measure(page, filled, server)
  } finally {
    await browser.close()
    await server.dispose()
  }
}
