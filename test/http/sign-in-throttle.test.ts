import { describe, expect, it, vi } from 'vitest'
import { createInProcessLimiters } from '../../src/bus/index.ts'
import { createSignInThrottle } from '../../src/http/sign-in/throttle.ts'

describe('the throttle', () => {
  it('doubles its delay, lets one try through after it, and forgets after success', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
    try {
      const throttle = createSignInThrottle(createInProcessLimiters())
      let place = 0
      const enter = () => {
        place += 1
        return throttle.admit('a@example.com', `2001:db8:${place.toString(16)}::1`)
      }
      for (let tries = 0; tries < 5; tries += 1) expect((await enter()).kind).toBe('admitted')
      expect(await enter()).toMatchObject({ kind: 'blocked', retryAfterMs: 30_000 })
      vi.advanceTimersByTime(30_001)
      expect((await enter()).kind).toBe('admitted')
      expect(await enter()).toMatchObject({ kind: 'blocked', retryAfterMs: 60_000 })
      vi.advanceTimersByTime(60_001)
      const right = await enter()
      if (right.kind === 'admitted') await right.succeed()
      for (let tries = 0; tries < 4; tries += 1) expect((await enter()).kind).toBe('admitted')
    } finally {
      vi.useRealTimers()
    }
  })

  it('counts a whole IPv6 network as one address', async () => {
    const throttle = createSignInThrottle(createInProcessLimiters())
    const kinds: string[] = []
    for (let tries = 0; tries < 6; tries += 1)
      kinds.push((await throttle.admit(`p${tries}@example.com`, `2001:db8:1:1::${tries}`)).kind)
    expect(kinds.at(-1)).toBe('blocked')
    expect((await throttle.admit('q@example.com', '2001:db8:1:2::1')).kind).toBe('admitted')
  })
})
