import { describe, expect, inject, it } from 'vitest'
import { reconnectsRun } from '../../bench/torture/reconnects.ts'

const learned = inject('modelCache')

describe('pages whose connections break, while the server is restarted', () => {
  it('miss nothing and are told nothing twice', async () => {
    const result = await reconnectsRun({ visitors: 6, desks: 2, cuts: 2, restarts: 1, learned })
    expect(result.taken).toBeGreaterThan(0)
    expect(result).toMatchObject({ gaps: 0, doubles: 0, behind: 0 })
  }, 300_000)
})
