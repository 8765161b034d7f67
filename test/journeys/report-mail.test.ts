import { afterAll, beforeAll, describe, it } from 'vitest'
import { createMovableClock } from '../../src/core/clock.ts'
import { untilNoon } from '../support/brand-day.ts'
import { startMailWorld, type MailWorld } from '../support/mail-world.ts'
import { startProduct, type Product } from '../support/product.ts'

const dayMs = 86_400_000

describe('a report that is mailed by the clock', () => {
  let world: MailWorld
  let product: Product
  beforeAll(async () => {
    world = await startMailWorld(createMovableClock())
    product = await startProduct({
      furtherInboxes: { mail: { channel: 'email', ...world.section } },
      reports: {
        mail: [
          {
            cron: '0 9 * * *',
            to: [world.contact('lead').address, world.contact('owner').address],
            span: 'yesterday',
          },
        ],
      },
    })
  })
  afterAll(async () => {
    await product.dispose()
    await world.simulator.close()
  })

  it('comes to everybody it is for, with numbers and what they mean', async () => {
    // A day later it is the day after on any machine.
    product.clock.advance(untilNoon(product.clock.now()))
    const contact = product.contact()
    await contact.says('大会员怎么退款')
    await contact.hears(/退款/)
    product.clock.advance(dayMs)
    for (const name of ['lead', 'owner']) {
      const mailbox = world.contact(name)
      await mailbox.hears(/总览 .*会话: 1 \(上期 0\).*\/desk\/app\/reports\/overview\?from=.*口径/su)
    }
  })
})
