import { expect, inject, it } from 'vitest'
import { parsersRun } from '../../bench/torture/parsers.ts'

it('reads or refuses whatever is pushed, never fails at it, and answers afterwards', async () => {
  const hard = { inputs: 300, requests: 100, seed: 7 }
  const result = await parsersRun({ ...hard, learned: inject('modelCache') })
  expect(result).toMatchObject({ crashes: 0, answersAfter: true })
  for (const [channel, figures] of Object.entries(result.webhooks)) {
    const { soundRefused, refused, failed, unanswered } = figures
    expect({ channel, soundRefused, failed, unanswered }).toEqual({
      ...{ channel, soundRefused: 0, failed: 0, unanswered: 0 },
    })
    expect(refused, channel).toBeGreaterThan(0)
  }
}, 300_000)
