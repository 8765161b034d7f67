import type { Page } from 'playwright-core'
import { quantile } from './load.ts'

const rounds = 40

/** What a desk shows of a colleague at its open ticket: the words of its head. */
const marks = { looking: '也在看', typing: '正在写回复' } as const
type Doing = keyof typeof marks

/** The moment of the first frame in which the mark stands at a desk, or stands no more. */
const moment = (page: Page, name: string, doing: Doing, stands: boolean): Promise<number> =>
  page.evaluate<number>(`new Promise((resolve) => {
    const look = () => {
      const stands = document.querySelector('header.head')?.textContent.includes('${name}${marks[doing]}') === true
      if (stands === ${String(stands)}) requestAnimationFrame(() => resolve(Date.now()))
      else requestAnimationFrame(look)
    }
    look()
  })`)

/** Clicks on a ticket in the list and gives the moment of the click. */
const open = (page: Page, id: string): Promise<number> =>
  page.evaluate<number>(`(() => {
    document.querySelector('.row[data-ticket="${id}"]').click()
    return Date.now()
  })()`)

interface Desks {
  /** Has the ticket open all the time, and watches. */
  readonly watcher: Page
  /** Comes to it, types and goes. */
  readonly comer: Page
  readonly comerName: string
  readonly ticketId: string
  /** Where the comer is between. */
  readonly otherId: string
}

/**
 * From what one agent does to the first frame with its mark at a colleague's open ticket: opening it, and the first
 * keystroke there. Milliseconds; both pages are of one machine and one clock.
 */
export const measurePresence = async ({ watcher, comer, comerName, ticketId, otherId }: Desks) => {
  await open(watcher, ticketId)
  await watcher.locator('header.head').waitFor()
  const opened: number[] = []
  const typed: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const marked = moment(watcher, comerName, 'looking', true)
    const from = await open(comer, ticketId)
    opened.push((await marked) - from)
    const field = comer.locator('.composer-field')
    await field.focus()
    const written = moment(watcher, comerName, 'typing', true)
    const struck = Date.now()
    await comer.keyboard.press('a')
    typed.push((await written) - struck)
    await comer.keyboard.press('Backspace')
    await moment(watcher, comerName, 'looking', true)
    await open(comer, otherId)
    await moment(watcher, comerName, 'looking', false)
  }
  return {
    presenceMsP50: Math.round(quantile(opened, 0.5)),
    presenceMsP95: Math.round(quantile(opened, 0.95)),
    typingMsP50: Math.round(quantile(typed, 0.5)),
    typingMsP95: Math.round(quantile(typed, 0.95)),
  }
}
