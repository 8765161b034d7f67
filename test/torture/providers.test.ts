import { expect, inject, it } from 'vitest'
import { channelsRun } from '../../bench/torture/channels.ts'
import { providerFaultsRun } from '../../bench/torture/provider-faults.ts'
import { tokensRun } from '../../bench/torture/tokens.ts'

const learned = inject('modelCache')
/** Several starts of the product, one after the other. */
const limitMs = 300_000

it(
  'answers four channels at once while it is killed, web chat and mail without a repeat',
  async () => {
    const result = await channelsRun({ kills: 1, contacts: 1, seed: 7, learned })
    expect(result).toMatchObject({ kills: 1, lost: 0 })
    expect(Object.keys(result.channels).sort()).toEqual(['email', 'telegram', 'web', 'wechat'])
    for (const { acknowledged } of Object.values(result.channels)) expect(acknowledged).toBeGreaterThan(0)
    expect(result.channels).toMatchObject({ web: { repeats: 0 } })
  },
  limitMs,
)

it(
  'fetches one token when the old one is over in the middle of many sends, and every answer arrives',
  async () => {
    const result = await tokensRun({ contacts: 20, messages: 5, expiries: 1, learned })
    expect(result).toMatchObject({ answered: 100, lost: 0, inversions: 0, repeats: 0, mostRefreshes: 1 })
  },
  limitMs,
)

it(
  'gets its answer through whatever way the provider fails in, and keeps the pause it asks for',
  async () => {
    const result = await providerFaultsRun({ times: 1, learned })
    expect(result).toMatchObject({ unanswered: [], tooEarly: 0 })
    expect(Object.values(result.repeats).length).toBeLessThanOrEqual(result.marked)
    expect(result.answeredElsewhere).toBe(result.askedElsewhere)
  },
  limitMs,
)
