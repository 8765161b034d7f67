import { describe, expect, it } from 'vitest'
import { withOwnDatabase } from '../../bench/own-database.ts'
import { channelsRun } from '../../bench/torture/channels.ts'
import { describeWith, serviceUrl } from '../support/services.ts'

/** Several starts of the product, one after the other. */
const limitMs = 300_000
const hard = { kills: 2, contacts: 1, seed: 7, workMs: 3_000 }
const kept = { lost: 0, inversions: 0, unmarked: 0 }
const channels = ['wechat', 'email', 'telegram', 'web']

const expectKept = (result: Awaited<ReturnType<typeof channelsRun>>): void => {
  expect(result, JSON.stringify(result)).toMatchObject(kept)
  for (const name of channels) expect(result.channels[name]?.acknowledged, name).toBeGreaterThan(0)
  for (const name of ['email', 'web']) expect(result.channels[name], name).toMatchObject({ repeats: 0 })
}

describe('four channels whose server is killed again and again', () => {
  it(
    'get an answer to each message, in order, and marked what they may get twice',
    async () => expectKept(await channelsRun(hard)),
    limitMs,
  )
})

describeWith('postgres', 'four channels in front of two nodes that are killed', (postgres) => {
  it(
    'get an answer to each message, whichever node took it',
    async () => {
      await withOwnDatabase(postgres, async (databaseUrl) => {
        const redisUrl = serviceUrl('redis')
        expectKept(await channelsRun({ ...hard, nodes: 2, databaseUrl, redisUrl }))
      })
    },
    limitMs,
  )
})
