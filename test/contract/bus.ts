import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RedisBackbone } from '../../src/bus/index.ts'
import type { LimiterOptions } from '../../src/core/bus.ts'
import { createSignInThrottle } from '../../src/http/sign-in/throttle.ts'

/** What every bus, lock and cache must do. Two ends of the same backbone stand for two nodes. */
export const itIsABackbone = (open: () => Promise<{ one: RedisBackbone; other: RedisBackbone }>): void => {
  let one: RedisBackbone
  let other: RedisBackbone

  const sharedLimiters = (options: LimiterOptions) =>
    [one.limiters.create(options), other.limiters.create(options)] as const

  beforeAll(async () => {
    ;({ one, other } = await open())
  })
  afterAll(async () => {
    await one.bus.close()
    await other.bus.close()
  })

  it('carries a payload to every subscriber of the topic and to no other', async () => {
    const heard: unknown[] = []
    const stopFirst = await one.bus.subscribe('topic-a', (payload) => heard.push(['one', payload]))
    const stopSecond = await other.bus.subscribe('topic-a', (payload) => heard.push(['other', payload]))
    const stopThird = await other.bus.subscribe('topic-b', (payload) => heard.push(['b', payload]))
    one.bus.publish('topic-a', { 你: '好', n: 1 })
    await expect.poll(() => heard).toHaveLength(2)
    expect(heard).toEqual(
      expect.arrayContaining([
        ['one', { 你: '好', n: 1 }],
        ['other', { 你: '好', n: 1 }],
      ]),
    )
    stopFirst()
    stopSecond()
    stopThird()
  })

  it('is silent after the subscription ended, while others go on hearing', async () => {
    const ended: unknown[] = []
    const going: unknown[] = []
    const stop = await one.bus.subscribe('topic-c', (payload) => ended.push(payload))
    await one.bus.subscribe('topic-c', (payload) => going.push(payload))
    stop()
    other.bus.publish('topic-c', 1)
    await expect.poll(() => going).toEqual([1])
    expect(ended).toEqual([])
  })

  it('lets one holder work at a time, also across nodes', async () => {
    let inside = 0
    let most = 0
    const work = async (): Promise<void> => {
      inside += 1
      most = Math.max(most, inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside -= 1
    }
    const ends = [one, other]
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => (ends[n % 2] ?? one).locks.withLock('lock-a', 60_000, work)),
    )
    expect(most).toBe(1)
  })

  it('gives the lock on when the work throws, and when its time is over', async () => {
    await expect(one.locks.withLock('lock-b', 5_000, () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    )
    const hanging = one.locks.withLock('lock-b', 50, () => new Promise<void>(() => undefined))
    void hanging
    expect(await other.locks.withLock('lock-b', 5_000, () => Promise.resolve('mine'))).toBe('mine')
  })

  it('lets one alone hold a lock for as long as it likes, and another after it', async () => {
    const leaving = new AbortController()
    const begun: string[] = []
    const hold = ({ locks }: RedisBackbone, name: string) =>
      locks.holdAlone('lock-c', leaving.signal, (over) => {
        begun.push(name)
        return over.aborted ? Promise.resolve() : once(over, 'abort').then(() => undefined)
      })
    const first = hold(one, 'one')
    await expect.poll(() => begun).toEqual(['one'])
    expect(await Promise.all([hold(one, 'again'), hold(other, 'other')])).toEqual(['taken', 'taken'])
    leaving.abort()
    expect(await first).toBe('held')
    await expect.poll(() => hold(other, 'other')).toBe('held')
    await expect(
      one.locks.holdAlone('lock-d', leaving.signal, () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no')
    await expect
      .poll(() => other.locks.holdAlone('lock-d', leaving.signal, () => Promise.resolve()))
      .toBe('held')
    expect(begun).toEqual(['one', 'other'])
  })

  it('keeps values until their end', async () => {
    await one.cache.set('key-a', '1', 60_000)
    expect(await other.cache.get('key-a')).toBe('1')
    await one.cache.set('key-short', '1', 20)
    await expect.poll(() => other.cache.get('key-short')).toBeUndefined()
  })

  it('adds once, and drops only what it expects', async () => {
    const added = await Promise.all([
      one.cache.add('key-b', 'x', 60_000),
      other.cache.add('key-b', 'y', 60_000),
    ])
    expect(added.filter(Boolean)).toHaveLength(1)
    expect(await one.cache.drop('key-b', 'neither')).toBe(false)
    const value = (await one.cache.get('key-b')) ?? ''
    expect(await other.cache.drop('key-b', value)).toBe(true)
    expect(await one.cache.get('key-b')).toBeUndefined()
  })

  it('counts tries over all nodes, and forgets them', async () => {
    const options = { name: 'limit-a', points: 5, durationMs: 60_000 }
    const [here, there] = sharedLimiters(options)
    expect([await here.count('k'), await there.count('k'), await here.count('k')]).toEqual([1, 2, 3])
    expect(await there.count('other')).toBe(1)
    await there.takeBack('k')
    expect(await here.count('k')).toBe(3)
    await here.forget('k')
    expect(await there.count('k')).toBe(1)
  })

  it('counts amounts over all nodes, and tells what is left', async () => {
    const [here, there] = sharedLimiters({ name: 'limit-c', points: 10, durationMs: 60_000 })
    expect(await here.take('k', 6)).toMatchObject({ allowed: true, left: 4 })
    expect(await there.take('k')).toMatchObject({ allowed: true, left: 3 })
    const { resetMs, ...taken } = await there.take('k', 4)
    expect(taken).toEqual({ allowed: false, left: 0 })
    expect(resetMs).toBeGreaterThan(0)
    const [wider] = sharedLimiters({ name: 'limit-c', points: 20, durationMs: 60_000 })
    expect(await wider.take('k')).toMatchObject({ allowed: true, left: 8 })
  })

  it('lets one of many through a gate, and says how long the others wait', async () => {
    const [here, there] = sharedLimiters({ name: 'limit-b', points: 1, durationMs: 600_000 })
    const waits = await Promise.all(
      Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? here : there).pass('k', 300_000)),
    )
    expect(waits.filter((wait) => wait === undefined)).toHaveLength(1)
    for (const wait of waits) if (wait !== undefined) expect(wait).toBeGreaterThan(200_000)
    for (const wait of waits) if (wait !== undefined) expect(wait).toBeLessThanOrEqual(300_000)
  })

  it('slows a guesser down whichever node he asks', async () => {
    const [here, there] = [one, other].map(({ limiters }) => createSignInThrottle(limiters))
    const admit = (at: number) =>
      (at % 2 === 0 ? here : there)?.admit('victim@example.com', `192.0.2.${String(at)}`)
    const kinds: (string | undefined)[] = []
    for (let at = 0; at < 8; at += 1) kinds.push((await admit(at))?.kind)
    expect(kinds).toEqual([...Array.from({ length: 5 }, () => 'admitted'), 'blocked', 'blocked', 'blocked'])
  })
}
