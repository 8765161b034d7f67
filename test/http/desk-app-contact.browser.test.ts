import { expect, it } from 'vitest'
import { createContactStore, createConversationStore } from '../../src/store/index.ts'
import { buildInbound, buildItem } from '../support/builders.ts'
import { drawPicture } from '../support/pictures.ts'
import { describeWith } from '../support/services.ts'
import { useStage } from './stage.ts'

describeWith('chromium', "a contact in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)

  it('shows what may still be sent, merges two contacts, goes on at the other address, and undoes it', async () => {
    const { page, world } = stage
    const ticket = await world.arrive({ name: '阿白' })
    await world.database.query('update conversations set quota = $2::jsonb where id = $1', [
      ticket.conversationId,
      JSON.stringify({
        message: { left: 3, until: new Date(Date.now() + 41 * 3_600_000).toISOString(), reserved: 1 },
      }),
    ])
    const mail = buildInbound({ inboxId: 'email-test', contactKey: 'bai@example.com', displayName: 'Bai' })
    await createConversationStore(world.database).accept([buildItem(mail, { channel: 'email' })], new Date())
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await page.locator('.head').getByText('剩 3 条 · 41 小时').waitFor()
    const contact = page.locator('.info')
    await contact.getByRole('button', { name: '与另一位联系人合并' }).click()
    await page.getByRole('searchbox').fill('bai@example.com')
    await page.getByRole('button', { name: '是同一个人' }).click()
    await contact.getByText('2 个渠道身份').waitFor()
    await contact.getByText('email-test').waitFor()
    await stage.picture('contact')

    // It shows what the server knows, not what was pressed.
    await contact.getByRole('checkbox').nth(1).click()
    const { contactId } = await world.tickets.get(ticket.id)
    await expect
      .poll(async () => (await createContactStore(world.database).get(contactId)).identities[1]?.fallback)
      .toBe(true)
    await contact.getByRole('button', { name: '改从这里回复' }).click()
    await page.locator('.head').getByText('邮件').waitFor()
    expect(await world.tickets.get(ticket.id)).toMatchObject({ inboxId: 'email-test' })
    await contact.getByRole('button', { name: '撤销', exact: true }).click()
    await contact.getByText('已撤销').waitFor()
  })

  it('shows the picture beside the name, and tells the contact that a reply is being typed', async () => {
    const { page, world } = stage
    const ticket = await world.arrive({ name: '阿黑' })
    const { mediaId } = await world.media.save(await drawPicture('png'))
    await world.database.query('update contact_identities set avatar_media_id = $2 where contact_id = $1', [
      ticket.contactId,
      mediaId,
    ])
    await stage.enter(stage.agent)
    await stage.open(ticket)
    const face = page.locator('.info img.avatar').first()
    await expect.poll(() => face.evaluate((image) => Reflect.get(image, 'naturalWidth') as unknown)).toBe(8)
    const shown = () =>
      world.typed.filter((one) => one.conversationId === ticket.conversationId).map(({ on }) => on)
    await page.getByRole('textbox', { name: '回复' }).pressSequentially('正在看')
    await expect.poll(shown).toEqual([true])
    await page.getByRole('textbox', { name: '回复' }).fill('')
    await expect.poll(shown).toEqual([true, false])
  })
})
