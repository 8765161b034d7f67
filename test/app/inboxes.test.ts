import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { careFor, openInboxes } from '../../src/app/inboxes.ts'
import { supervise } from '../../src/app/supervise.ts'
import type { Channel } from '../../src/core/channel.ts'
import { createMovableClock } from '../../src/core/clock.ts'
import { ChannelError } from '../../src/core/errors.ts'
import { silentLog } from '../../src/core/log.ts'
import { createInboxPauses } from '../../src/store/index.ts'
import { openTestEmbedded } from '../support/databases.ts'

/** A channel whose start fails as often as told. */
const channelThat = (start: () => Promise<void>): Channel => ({
  capabilities: {
    text: { max: 100, unit: 'characters', markup: 'plain' },
    parts: [],
    choices: { style: 'numbered', max: 0 },
    allowances: {},
    reservedForAgents: 0,
    passiveOnly: false,
    typing: false,
    sendsPerSecond: 1,
  },
  routes: [],
  sockets: [],
  deliver: () => Promise.resolve({}),
  showTyping: () => Promise.resolve(),
  start,
  stop: () => Promise.resolve(),
})

const careOf = (options: { readonly firstRetryMs?: number; readonly patienceMs?: number } = {}) => {
  const clock = createMovableClock()
  const care = supervise({ log: silentLog, clock, ...options })
  onTestFinished(() => care.stop())
  return { care, clock }
}

describe('an inbox under care', () => {
  it('runs once its channel started', async () => {
    const { care } = careOf()
    expect(care.standing().state).toBe('starting')
    await care.start(channelThat(() => Promise.resolve()))
    expect(care.standing()).toMatchObject({ state: 'running' })
  })

  it('is tried again until it starts, and shows what was wrong and when the next try is', async () => {
    const { care, clock } = careOf({ firstRetryMs: 5 })
    let tries = 0
    let mended = false
    await care.start(
      channelThat(() => {
        tries += 1
        return mended
          ? Promise.resolve()
          : Promise.reject(new ChannelError('email', 'temporary', 'no answer', { hint: 'is the server up?' }))
      }),
    )
    expect(care.standing()).toMatchObject({ state: 'failing', lastError: { message: 'is the server up?' } })
    expect(care.standing().nextTryAt?.getTime()).toBeGreaterThan(clock.now().getTime() - 1_000)
    await expect.poll(() => tries).toBeGreaterThan(2)
    mended = true
    await expect.poll(() => care.standing().state).toBe('running')
    expect(care.standing().nextTryAt).toBeUndefined()
    expect(care.standing().lastError?.message).toBe('is the server up?')
  })

  it('does not hold up the others when its start hangs', async () => {
    const { care } = careOf({ patienceMs: 20 })
    await care.start(channelThat(() => new Promise(() => undefined)))
    expect(care.standing().state).toBe('starting')
  })

  it('shows what its channel reports, and that it recovered', async () => {
    const { care } = careOf()
    await care.start(channelThat(() => Promise.resolve()))
    const nextTryAt = new Date(0)
    care.report({ state: 'failing', reason: 'the connection broke', nextTryAt })
    expect(care.standing()).toMatchObject({ state: 'failing', nextTryAt })
    care.report({ state: 'running' })
    expect(care.standing()).toMatchObject({
      state: 'running',
      lastError: { message: 'the connection broke' },
    })
  })

  it('fails from the start when its channel says so while it starts', async () => {
    const { care } = careOf()
    await care.start(
      channelThat(() => {
        care.report({ state: 'failing', reason: 'nobody is signed in' })
        return Promise.resolve()
      }),
    )
    expect(care.standing()).toMatchObject({
      state: 'failing',
      lastError: { message: 'nobody is signed in' },
    })
    care.report({ state: 'running' })
    expect(care.standing().state).toBe('running')
  })

  it('is not tried again after the end', async () => {
    const { care } = careOf({ firstRetryMs: 1 })
    let tries = 0
    await care.start(
      channelThat(() => {
        tries += 1
        return Promise.reject(new Error('no'))
      }),
    )
    care.stop()
    const before = tries
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(tries - before).toBeLessThanOrEqual(1)
    expect(care.standing().state).toBe('stopped')
  })
})

describe('the care for inboxes', () => {
  it('shows a halt, ends it, and says when there is none', async () => {
    const opened = await openTestEmbedded()
    const { database } = opened
    onTestFinished(() => opened.dispose())
    const inboxId = `inbox-${randomUUID()}`
    const pauses = createInboxPauses(database)
    const clock = createMovableClock()
    const until = new Date(clock.now().getTime() + 60_000)
    await database.query('insert into inbox_pauses (inbox_id, until, reason) values ($1, $2, $3)', [
      inboxId,
      until,
      'daily_quota',
    ])
    expect((await pauses.list(clock.now())).get(inboxId)).toEqual({ until, reason: 'daily_quota' })
    clock.advance(61_000)
    expect((await pauses.list(clock.now())).get(inboxId)).toBeUndefined()
    expect(await pauses.end(inboxId)).toBe(true)
    expect(await pauses.end(inboxId)).toBe(false)
    const care = careFor(openInboxes(), pauses, clock, () => undefined)
    await expect(care.resume(inboxId)).rejects.toMatchObject({ code: 'not_found' })
  })
})
