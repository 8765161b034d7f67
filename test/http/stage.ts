import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { Agent } from '../../src/core/agent.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { openWorld, type World } from './world.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]
/** A folder for pictures of the desk, when somebody wants them. */
const pictures = process.env.TONGDA_TEST_SCREENSHOTS

/** A desk and a browser in front of it; for each test a fresh agent and a fresh page. */
export interface Stage {
  readonly world: World
  readonly browser: Browser
  readonly context: BrowserContext
  readonly page: Page
  readonly agent: Agent
  /** Signs in by a link and waits for the desk, on the test's page unless another is named. */
  enter(who: Agent, page?: Page): Promise<void>
  /** A ticket in the list. */
  item(ticket: Ticket, page?: Page): Locator
  /** Opens a ticket from the list. */
  open(ticket: Ticket, page?: Page): Promise<void>
  /** Keeps a picture of the page. */
  picture(name: string, page?: Page): Promise<void>
  /** Counts a page's complaints, too; a test fails when a page complained and nobody expected it. */
  listen(page: Page): void
  /** Complaints that the test meant to cause: browsers report every refused request. */
  expectComplaints(pattern: RegExp): void
}

const open = async (target: Page, item: Locator, ticket: Ticket): Promise<void> => {
  await item.click()
  await target.getByRole('heading', { name: `T-${ticket.number}` }).waitFor()
  await target.getByRole('textbox', { name: '回复' }).waitFor()
}

const picture = async (name: string, target: Page): Promise<void> => {
  if (pictures === undefined) return
  mkdirSync(pictures, { recursive: true })
  await target.screenshot({ path: join(pictures, `${name}.png`) })
}

type Props = Pick<Stage, 'world' | 'browser' | 'context' | 'page' | 'agent'>

type Growing = { -readonly [Name in keyof Props]?: Props[Name] | undefined }

const present = (props: Growing): Props => {
  const { world, browser, context, page, agent } = props
  if (!world || !browser || !context || !page || !agent) throw new Error('the stage is not set up yet')
  return { world, browser, context, page, agent }
}

/** Sets the stage for the tests of a suite; `openWith`: a world of another kind. */
export const useStage = (
  executablePath: string,
  openWith: () => Promise<World> = () => openWorld({ heartbeatMs: 500 }),
): Stage => {
  const props: Growing = {}
  let complaints: string[] = []
  let expected: RegExp[] = []
  const listen = (target: Page): void => {
    target.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    target.on('pageerror', (error) => complaints.push(String(error)))
  }
  beforeAll(async () => {
    props.world = await openWith()
    props.browser = await chromium.launch({ executablePath, args: flags })
  })
  afterAll(async () => {
    await props.browser?.close()
    await props.world?.stop()
  })
  beforeEach(async () => {
    complaints = []
    // The app may still be made when the first test comes; its page says so and looks again.
    expected = [/503/]
    // What an earlier test left open would be in this one's way.
    await props.world?.database.query("update tickets set state = 'closed'")
    props.agent = await props.world?.hire('agent', '李然')
    props.context = await props.browser?.newContext({
      locale: 'zh-CN',
      viewport: { width: 1280, height: 800 },
      // On a busy machine a dialog that grows may stand still for a moment and move on under a press.
      reducedMotion: 'reduce',
    })
    props.page = await props.context?.newPage()
    listen(present(props).page)
  })
  afterEach(async () => {
    await props.context?.close()
    expect(complaints.filter((text) => !expected.some((pattern) => pattern.test(text)))).toEqual([])
  })
  const item = (ticket: Ticket, target = present(props).page): Locator =>
    target.locator(`.row[data-ticket="${ticket.id}"]`)
  return {
    get world() {
      return present(props).world
    },
    get browser() {
      return present(props).browser
    },
    get context() {
      return present(props).context
    },
    get page() {
      return present(props).page
    },
    get agent() {
      return present(props).agent
    },
    item,
    listen,
    enter: async (who, target = present(props).page) => {
      const { world } = present(props)
      const { path } = await world.signIn.createLink(who.id, 15)
      await target.goto(world.origin + path)
      await target.getByRole('button', { name: '进入工作台' }).click()
      await target.waitForURL('**/desk/app/**')
      await target.locator('.rail').waitFor()
    },
    open: (ticket, target = present(props).page) => open(target, item(ticket, target), ticket),
    picture: (name, target = present(props).page) => picture(name, target),
    expectComplaints: (pattern) => {
      expected.push(pattern)
    },
  }
}
