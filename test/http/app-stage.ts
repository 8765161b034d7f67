import { expect } from 'vitest'
import type { Page, Request } from 'playwright-core'
import type { Agent } from '../../src/core/agent.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import type { Stage } from './stage.ts'

/** Opens the agents' app on a page; while it is being built the page says so and looks again. */
export const openApp = async ({ world }: Stage, page: Page, path = ''): Promise<void> => {
  await page.goto(`${world.origin}/desk/app${path}`)
  await page.locator('.rail').waitFor()
}

/** Signs in and opens the app, on the test's page unless another is named. */
export const enterApp = async (
  stage: Stage,
  { path = '', who = stage.agent, page = stage.page }: { path?: string; who?: Agent; page?: Page } = {},
): Promise<Page> => {
  await stage.enter(who, page)
  if (path !== '') await openApp(stage, page, path)
  return page
}

/** The address of a ticket. */
export const pathOf = ({ id }: Ticket): string => `/inbox/open/${id}`

/** A ticket in the list. */
export const rowOf = (page: Page, { id }: Ticket) => page.locator(`.row[data-ticket="${id}"]`)

/**
 * Stops the page's clock, while its timers go on: what is said or offered for seconds stays, however slow the machine is.
 * A page whose clock is to stop later calls `letTimePass` before it is opened: only then can its clock be replaced.
 */
export const holdTime = ({ clock }: Page): Promise<void> => clock.setFixedTime(new Date())

/** Lets the page's clock go on, from the present time. */
export const letTimePass = ({ clock }: Page): Promise<void> => clock.setSystemTime(new Date())

/** Presses two keys that mean something together; the app waits a second and a half for the second one. */
export const pressBoth = async ({ keyboard }: Page, first: string, second: string): Promise<void> => {
  await Promise.all([keyboard.press(first), keyboard.press(second)])
}

/** Follows what a page asks for; `settled` waits until the app is told of changes and has everything that it asked for. */
export const followRequests = (page: Page): { settled(): Promise<void> } => {
  const open = new Set<Request>()
  let changedAt = performance.now()
  const ended = (request: Request): void => {
    if (open.delete(request)) changedAt = performance.now()
  }
  page.on('request', (request) => {
    if (request.resourceType() !== 'eventsource') open.add(request)
  })
  page.on('requestfinished', ended)
  page.on('requestfailed', ended)
  return {
    settled: async () => {
      await page.locator('.live[data-status="on"]').waitFor()
      await expect.poll(() => open.size === 0 && performance.now() - changedAt > 1_000).toBe(true)
    },
  }
}
