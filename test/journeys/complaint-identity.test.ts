import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createMovableClock } from '../../src/core/clock.ts'
import { startMailWorld, type MailWorld } from '../support/mail-world.ts'
import { startProduct, type Product } from '../support/product.ts'

const Cases = z.object({
  data: z.array(z.looseObject({ id: z.string(), identity: z.looseObject({ state: z.string() }).optional() })),
})

describe('somebody who complains of copyright', () => {
  let world: MailWorld
  let product: Product
  beforeAll(async () => {
    world = await startMailWorld(createMovableClock())
    product = await startProduct({ furtherInboxes: { mail: { channel: 'email', ...world.section } } })
  })
  afterAll(async () => {
    await product.dispose()
    await world.simulator.close()
  })

  it('shows by a code that the address of the form is theirs', async () => {
    const [contact, mailbox, agent] = [product.contact(), world.contact('zhang.san'), await product.agent()]
    const answers = [
      ['我要投诉侵权', '原作品在哪里'],
      ['BV1yy411c7mE', '侵权的内容在哪里'],
      ['BV1xx411c7mD', '怎么使用'],
      ['1', '作者本人'],
      ['1', '权属证明'],
      ['跳过，证明在旧电脑里', '打电话'],
      ['跳过', '邮箱'],
      [mailbox.address, '提交'],
    ] as const
    for (const [says, hears] of answers) {
      await contact.says(says)
      await contact.hears(hears)
    }
    await contact.says('提交')
    await contact.hears(/6 位验证码/)
    const mail = await mailbox.hears(/验证码是 \d{6}/)
    const code = /验证码是 (\d{6})/.exec(mail.text ?? '')?.[1] ?? ''
    const states = async () =>
      Cases.parse(await agent.reads('/complaints')).data.map(({ identity }) => identity?.state)
    expect(await states()).toEqual(['asked'])
    await contact.says(code)
    await contact.hears('身份核实完成')
    expect(await states()).toEqual(['verified'])
    // The mail is nobody's conversation: a person who is not the reporter sees nothing of it.
    expect(mailbox.heard()).toHaveLength(1)
  })
})
