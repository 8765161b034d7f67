import { afterEach, describe, expect, it } from 'vitest'
import { relays, setFacing } from '../../bench/torture/mail-loop.ts'
import { startProduct } from '../support/product.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

describe('two products that write to each other', () => {
  it.each(Object.values(relays))(
    'stop, $title',
    async (relay) => {
      const facing = await setFacing(relay, (inboxes) => startProduct({ inboxes }))
      closing.push(() => facing.close())
      await facing.begins()
      await expect.poll(() => facing.between()).toBeGreaterThan(0)
      // Each round takes as long as one exchange of theirs: an endless loop would be far beyond ten by then.
      for (let round = 1; round <= 15; round += 1) await facing.asksBoth(round)
      expect(facing.between()).toBeLessThanOrEqual(relay.most)
    },
    300_000,
  )
})
