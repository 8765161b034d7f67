import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { createBell } from '../../src/core/bell.ts'
import type { Database } from '../../src/core/database.ts'
import { silentLog } from '../../src/core/log.ts'
import { onTimer, type FireTimer, type TimerKind } from '../../src/core/timers.ts'
import { startTimers } from '../../src/jobs/index.ts'
import { createTimerStore } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'

const breach: TimerKind<{ readonly ticket: string }> = {
  name: 'breach',
  payload: z.strictObject({ ticket: z.string() }),
}
const ago = (ms: number): Date => new Date(Date.now() - ms)
const soon = (ms: number): Date => new Date(Date.now() + ms)

/** What timers must do on every database. */
export const areTimers = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let ends: (() => Promise<void>)[]
  beforeAll(async () => {
    test = await open()
    await test.database.query('create table happened (key text, at timestamptz default clock_timestamp())')
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    ends = []
    await test.database.query('delete from timers')
    await test.database.query('delete from happened')
  })
  afterEach(async () => {
    await Promise.all(ends.map((end) => end()))
  })

  const happen: FireTimer<unknown> = async (transaction, { key }) => {
    await transaction('insert into happened (key) values ($1)', [key])
    return undefined
  }
  /** One node that fires. */
  const node = (fire: FireTimer<{ readonly ticket: string }> = happen, aheadMs = 0, atOnce = 2) => {
    const bell = createBell()
    const store = createTimerStore(test.database, () => bell.ring())
    const handlers = [onTimer(breach, fire)]
    ends.push(startTimers({ store, handlers, bell, aheadMs: () => aheadMs, atOnce, log: silentLog }))
    return store
  }
  const store = () => createTimerStore(test.database)
  const set = (key: string, dueAt: Date, { database }: { database: Database } = test) =>
    database.transaction((transaction) =>
      store().set(transaction, breach, { key, dueAt, payload: { ticket: key } }),
    )
  const happened = async () =>
    (await test.database.query<{ key: string }>('select key from happened order by at')).map(({ key }) => key)

  it('happen once, in order, and are gone', async () => {
    await set('second', ago(1_000))
    await set('first', ago(2_000))
    // Two that fire at once may end in either order.
    node(happen, 0, 1)
    await expect.poll(happened).toEqual(['first', 'second'])
    expect(await store().depth(0)).toEqual([])
  })

  it('do not happen before their time, by the clock of the database', async () => {
    const watched = node()
    const dueAt = soon(700)
    await test.database.transaction((transaction) =>
      watched.set(transaction, breach, { key: 'a', dueAt, payload: { ticket: 'a' } }),
    )
    await expect.poll(happened).toEqual(['a'])
    const [row] = await test.database.query<{ early: boolean }>('select at < $1 as early from happened', [
      dueAt,
    ])
    expect(row?.early).toBe(false)
  })

  it('go by the clock of the product where that is ahead', async () => {
    await set('tomorrow', soon(86_400_000))
    node(happen, 86_500_000)
    await expect.poll(happened).toEqual(['tomorrow'])
  })

  it('are not set when the transaction is rolled back, and stay when their calling off is', async () => {
    await set('kept', soon(60_000))
    await expect(
      test.database.transaction(async (transaction) => {
        await store().set(transaction, breach, { key: 'new', dueAt: ago(0), payload: { ticket: 'x' } })
        expect(await store().cancel(transaction, breach, 'kept')).toBe(true)
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await store().depth(0)).toMatchObject([{ kind: 'breach', pending: 1, failing: 0, lateMs: 0 }])
  })

  it('are moved when set again and do not happen when called off', async () => {
    await set('moved', ago(1_000))
    await set('moved', soon(60_000))
    await set('off', ago(1_000))
    await test.database.transaction(async (transaction) => {
      expect(await store().cancel(transaction, breach, 'off')).toBe(true)
      expect(await store().cancel(transaction, breach, 'off')).toBe(false)
      expect(await store().find(transaction, breach, 'moved')).toMatchObject({ payload: { ticket: 'moved' } })
    })
    await set('marker', ago(0))
    node()
    await expect.poll(happened).toEqual(['marker'])
  })

  it('refuse a payload that does not fit their kind', async () => {
    const setWrong = test.database.transaction((transaction) =>
      // A caller that goes around the types.
      store().set(
        transaction,
        { ...breach, payload: z.strictObject({ ticket: z.literal('T') }) },
        {
          key: 'a',
          dueAt: ago(0),
          payload: JSON.parse('{"ticket":"U"}') as { ticket: 'T' },
        },
      ),
    )
    await expect(setWrong).rejects.toThrow()
    expect(await store().depth(0)).toEqual([])
  })

  it('take back what a failing handler did, are put off without holding up others, and say why', async () => {
    await set('bad', ago(2_000))
    await set('good', ago(1_000))
    let tries = 0
    // Fails until it was looked at, however late that is.
    let isSeen = false
    node(async (transaction, timer) => {
      await happen(transaction, timer)
      if (timer.key === 'bad' && ((tries += 1) < 3 || !isSeen)) throw new Error('not yet')
      return undefined
    })
    await expect.poll(happened).toEqual(['good'])
    await expect
      .poll(() => store().failing(10))
      .toMatchObject([{ kind: 'breach', key: 'bad', error: 'not yet' }])
    expect((await store().failing(10))[0]?.attempts).toBeGreaterThanOrEqual(1)
    expect(await happened()).toEqual(['good'])
    isSeen = true
    await expect.poll(happened).toEqual(['good', 'bad'])
    // Between taking back and putting off another lane may try, and is taken back as well.
    expect(tries).toBeGreaterThanOrEqual(3)
  })

  it('happen again at the moment their handler names', async () => {
    await set('round', ago(0))
    let rounds = 0
    node(async (transaction, timer) => {
      await happen(transaction, timer)
      rounds += 1
      return rounds < 3 ? ago(0) : undefined
    })
    await expect.poll(happened).toEqual(['round', 'round', 'round'])
    await expect.poll(() => store().depth(0)).toEqual([])
  })

  it('break off a handler that forgets itself, and keep its later statements out', async () => {
    await set('stuck', ago(0))
    let wakeUp = (): void => undefined
    const asleep = new Promise<void>((resolve) => (wakeUp = resolve))
    let told: (message: string) => void = () => undefined
    const late = new Promise<string>((resolve) => (told = resolve))
    let tries = 0
    node(async (transaction, timer) => {
      // Tried again before this test looks, it stays stuck.
      await ((tries += 1) === 1 ? asleep : new Promise(() => undefined))
      await happen(transaction, timer).catch((error: unknown) => told(String(error)))
      return undefined
    })
    await expect.poll(() => store().failing(1)).toMatchObject([{ key: 'stuck', attempts: 1 }])
    wakeUp()
    expect(await late).toContain('transaction is over')
    expect(await happened()).toEqual([])
  })

  it('happen once over two nodes', async () => {
    const keys = Array.from({ length: 60 }, (_, n) => `k${String(n)}`)
    await test.database.transaction(async (transaction) => {
      for (const key of keys)
        await store().set(transaction, breach, { key, dueAt: ago(10), payload: { ticket: key } })
    })
    node()
    node()
    await expect.poll(() => store().depth(0)).toEqual([])
    expect((await happened()).sort()).toEqual(keys.sort())
  })
}
