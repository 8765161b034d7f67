import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { createConversationStore } from '../../src/store/index.ts'
import { buildInbound, buildItem } from '../support/builders.ts'
import { holdTime, letTimePass } from './app-stage.ts'
import { useStage } from './stage.ts'

describeWith('chromium', "sending in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const field = () => stage.page.getByRole('textbox', { name: '回复' })
  const stateOf = async ({ id }: { readonly id: string }) => (await stage.world.tickets.get(id)).state
  const begin = async () => {
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await stage.open(ticket)
    return ticket
  }

  it('sends and solves in one act by its keys, and takes both back', async () => {
    const { page } = stage
    await holdTime(page)
    const ticket = await begin()
    await field().fill('已经退款，三天内到账。')
    await page.keyboard.press('Control+Shift+Enter')
    await page.locator('.undo').getByText('工单已解决').waitFor()
    expect(await stateOf(ticket)).toBe('solved')
    await page.locator('.undo button').click()
    await page.getByText('已撤回，没有发出，工单也未解决').waitFor()
    expect(await stateOf(ticket)).toBe('open')
    await expect.poll(() => field().inputValue()).toBe('已经退款，三天内到账。')
  })

  it('offers the ways to send in a menu that the keyboard reaches, on a phone as well', async () => {
    const { page } = stage
    await page.setViewportSize({ width: 360, height: 740 })
    const ticket = await begin()
    const ways = page.getByRole('button', { name: '送出方式' })
    await expect.poll(() => ways.isDisabled()).toBe(true)
    await field().fill('好的')
    await ways.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: '发送并等待用户' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await stage.picture('send-ways')
    await page.getByRole('menuitem', { name: '发送并解决' }).press('Enter')
    await page.locator('.undo').getByText('工单已解决').waitFor()
    expect(await stateOf(ticket)).toBe('solved')
  })

  it('sends nothing by these keys while an input method chooses, and waits after a plain reply', async () => {
    const { page } = stage
    const ticket = await begin()
    await field().fill('还在选字')
    await field().dispatchEvent('keydown', {
      ...{ key: 'Enter', code: 'Enter', ctrlKey: true, shiftKey: true },
      ...{ isComposing: true, bubbles: true, cancelable: true },
    })
    await page.keyboard.press('Control+Enter')
    await page.locator('.undo').getByText('已提交，正在发送').waitFor()
    expect(await stateOf(ticket)).toBe('pending')
    const said = await stage.world.tickets.transcript(ticket.conversationId, 10)
    expect(said.filter(({ author }) => author === 'agent')).toHaveLength(1)
  })

  it('keeps the words and says that neither was done when the server refuses', async () => {
    const { page } = stage
    const ticket = await begin()
    stage.expectComplaints(/500/)
    await page.route('**/reply', (route) =>
      route.fulfill({ status: 500, contentType: 'application/json', body: '{"code":"unexpected"}' }),
    )
    await field().fill('退款了')
    await page.keyboard.press('Control+Shift+Enter')
    await page.getByRole('alert').getByText('没有发出去，工单也没有解决，内容还在。').waitFor()
    await expect.poll(() => field().inputValue()).toBe('退款了')
    expect(await stateOf(ticket)).not.toBe('solved')
  })

  it('lists the keys among all others', async () => {
    const { page } = stage
    await begin()
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByText('发送并解决（写字时也行）').waitFor()
  })

  it('offers articles for what the contact said last, and fills the field without sending', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive({ text: '大会员怎么退款' })
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await field().fill('您好！')
    await page.getByText('建议文章、相似工单').click()
    const articles = page.getByRole('region', { name: '建议文章' })
    await articles.getByRole('button').first().waitFor()
    expect(await articles.getByRole('listitem').count()).toBeLessThanOrEqual(3)
    await articles
      .getByText(/把握 \d+ %/)
      .first()
      .waitFor()
    const fill = articles.getByRole('button').first()
    const answer = (await fill.getAttribute('title')) ?? ''
    await stage.picture('hints')
    await fill.click()
    await expect.poll(() => field().inputValue()).toBe(`您好！\n${answer}`)
    await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('TEXTAREA')
    expect(await stateOf(ticket)).not.toBe('pending')
    await articles.getByRole('link').first().click()
    await page.waitForURL('**/knowledge/articles/**')
  })

  it('shows settled tickets that began alike and how they were answered, on a phone as well', async () => {
    const { page } = stage
    const past = await stage.world.arrive({ title: '鬼灭之刃第三集黑屏' })
    const browser = await stage.world.enter(await stage.world.hire('agent', '佐藤'))
    await browser.post(
      `/api/desk/tickets/${past.id}/reply`,
      { text: '刷新播放器后就好，电话 13800138000', solve: true },
      { 'idempotency-key': `similar-${past.id}` },
    )
    const ticket = await stage.world.arrive({ title: '鬼灭之刃第三集播放黑屏' })
    await page.setViewportSize({ width: 360, height: 740 })
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await page.getByRole('button', { name: '联系人与工单信息' }).first().click()
    await page.getByText('建议文章、相似工单').click()
    const similar = page.getByRole('region', { name: '相似工单' })
    await similar.scrollIntoViewIfNeeded()
    await similar.getByText('当时的回复').click()
    await similar.getByText('刷新播放器后就好').waitFor()
    expect(await similar.getByText('13800138000').count()).toBe(0)
    await stage.picture('similar')
    await similar.getByRole('link', { name: '鬼灭之刃第三集黑屏' }).click()
    await page.getByRole('heading', { name: `T-${past.number}` }).waitFor()
  })

  it('puts an emoji where the caret stands, found by name or by arrows, and remembers it', async () => {
    const { page } = stage
    await page.setViewportSize({ width: 360, height: 740 })
    await begin()
    await field().fill('收到马上看')
    for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key)
    const open = page.getByRole('button', { name: '表情', exact: true })
    const panel = page.getByRole('dialog', { name: '选择表情' })
    await open.click()
    await panel.getByRole('textbox').fill('thanks')
    await page.keyboard.press('Enter')
    await expect.poll(() => field().inputValue()).toBe('收到🙏马上看')
    await open.click()
    await panel.getByRole('group', { name: '最近用过' }).getByRole('button', { name: '感谢' }).waitFor()
    await stage.picture('emoji')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect.poll(() => field().inputValue()).toBe('收到🙏😊马上看')
    await open.click()
    await panel.getByRole('textbox').fill('没有这个')
    await panel.getByText('没有叫这个名字的表情。').waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('TEXTAREA')
  })

  /** A ticket whose answer failed, of a contact who has a mail address as well. */
  const failedTo = async (name: string, mailAddress: string) => {
    const { world } = stage
    const ticket = await world.arrive({ name, say: '退款已经到账' })
    const mail = buildInbound({ inboxId: 'email-test', contactKey: mailAddress, displayName: 'Bai' })
    await createConversationStore(world.database).accept([buildItem(mail, { channel: 'email' })], new Date())
    const [twin] = await world.database.query<{ contact_id: string }>(
      'select contact_id from contact_identities where contact_key = $1',
      [mailAddress],
    )
    const browser = await world.enter(await world.hire('supervisor', '主管'))
    await browser.post(`/api/desk/contacts/${ticket.contactId}/merge`, { from: twin?.contact_id })
    const claims = await world.outbox.claim('test', 100, 30_000, new Date())
    const own = claims.filter(({ message }) => message.conversationId === ticket.conversationId)
    expect(own).toHaveLength(1)
    await world.outbox.settle(
      own.map((claim) => ({
        claim,
        result: { status: 'failed', error: { code: 'window_closed', message: 'over' } },
      })),
      new Date(),
    )
    return ticket
  }
  const failed = () => stage.page.locator('.delivery[data-status=failed]')
  const sendElsewhere = async (): Promise<void> => {
    await failed().getByRole('button', { name: '换渠道' }).click()
    const asked = stage.page.getByRole('dialog')
    await asked.getByText('邮件 · Bai').last().waitFor()
    await stage.picture('elsewhere')
    await asked.getByRole('button', { name: '换渠道并发送' }).click()
  }

  it('sends a failed message by another channel of the contact after asking, and copies it', async () => {
    const { page, world } = stage
    const ticket = await failedTo('阿白', 'send@example.com')
    await stage.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await holdTime(page)
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await failed().getByRole('button', { name: '复制' }).click()
    await page.getByText('已复制').waitFor()
    await letTimePass(page)
    await sendElsewhere()
    await page.locator('.undo').getByText('已换渠道，正在发送').waitFor()
    const moved = await world.tickets.get(ticket.id)
    expect(moved.conversationId).not.toBe(ticket.conversationId)
    const said = await world.tickets.transcript(moved.conversationId, 5)
    expect(said.at(-1)).toMatchObject({ author: 'agent', parts: [{ kind: 'text', text: '退款已经到账' }] })
  })

  it('puts the words of a failed message into the field where only the change of channel succeeds', async () => {
    const { page, world } = stage
    const ticket = await failedTo('小蓝', 'moved@example.com')
    await holdTime(page)
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await field().fill('补充一句')
    // Of the reply that is refused; and of a draft that the server had already when it was kept once more.
    stage.expectComplaints(/500|409/)
    await page.route('**/reply', (route) =>
      route.fulfill({ status: 500, contentType: 'application/json', body: '{"code":"unexpected"}' }),
    )
    await sendElsewhere()
    await page.getByText('已换渠道，但没有发出去，内容在回复框里。').waitFor()
    await expect.poll(() => field().inputValue()).toBe('补充一句\n退款已经到账')
    const moved = await world.tickets.get(ticket.id)
    expect(moved.conversationId).not.toBe(ticket.conversationId)
    const said = await world.tickets.transcript(moved.conversationId, 5)
    expect(said.filter(({ author }) => author === 'agent')).toEqual([])

    await page.unroute('**/reply')
    await field().press('Control+Enter')
    await expect
      .poll(async () => (await world.tickets.transcript(moved.conversationId, 5)).at(-1))
      .toMatchObject({ author: 'agent', parts: [{ kind: 'text', text: '补充一句\n退款已经到账' }] })
  })

  it('takes back what a macro replied and solved', async () => {
    const { page, world } = stage
    const supervisor = await world.enter(await world.hire('supervisor', '周岚'))
    const actions = [{ do: 'reply', text: '已经退款了' }, { do: 'add-tags', tags: ['退款'] }, { do: 'solve' }]
    const key = { 'idempotency-key': 'macro-to-take-back' }
    const macro = { name: { zh: '退款并解决', en: 'Refunded' }, actions }
    expect((await supervisor.post('/api/v1/macros', macro, key)).status).toBe(201)
    await holdTime(page)
    const ticket = await begin()
    await page.getByRole('button', { name: '更多' }).click()
    await page.getByRole('menuitem', { name: '宏' }).click()
    await page.getByRole('button', { name: '退款并解决' }).click()
    const planned = page.getByRole('dialog')
    await planned.getByText('已经退款了').waitFor()
    await planned.getByText('新 → 已解决').waitFor()
    await page.getByRole('button', { name: '执行' }).click()
    await page.locator('.undo').getByText('宏已执行').waitFor()
    expect(await stateOf(ticket)).toBe('solved')
    await page.locator('.undo button').click()
    await page.getByText('已撤销回复或解决；宏的其他改动还在。').waitFor()
    expect(await world.tickets.get(ticket.id)).toMatchObject({ state: 'open', tags: ['退款'] })
  })
})
