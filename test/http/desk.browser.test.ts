import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { useStage } from './stage.ts'
import { brief, decision } from './world.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Whether the newest message is in view. */
const endIsSeen =
  "(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 2)(document.querySelector('#messages'))"

describeWith('chromium', 'working at the desk', (executablePath) => {
  const stage = useStage(executablePath)

  it('signs in by link only when the button is pressed, and hides the token at once', async () => {
    const { page } = stage
    const { path } = await stage.world.signIn.createLink(stage.agent.id, 15)
    await page.goto(stage.world.origin + path)
    const button = page.getByRole('button', { name: '进入工作台' })
    await button.waitFor()
    expect(page.url()).toBe(`${stage.world.origin}/desk/sign-in`)
    await stage.picture('sign-in-link')
    const other = await stage.context.newPage()
    await other.goto(stage.world.origin + path)
    await other.close()
    await button.click()
    await page.waitForURL('**/desk')
    await page.getByText('李然').waitFor()
  })

  it('opens the ticket that was asked for once somebody signed in', async () => {
    const { page, world } = stage
    // The browser says so of the question who is signed in.
    stage.expectComplaints(/401/)
    const ticket = await world.arrive({ title: '链接里的工单' })
    await page.goto(`${world.origin}/desk#/t/${ticket.id}`)
    await page.waitForURL('**/desk/sign-in**')
    const { path } = await world.signIn.createLink(stage.agent.id, 15)
    await page.goto(world.origin + path)
    await page.getByRole('button', { name: '进入工作台' }).click()
    await page.waitForURL(`**/desk#/t/${ticket.id}`)
    await page.locator('#messages').waitFor()
  })

  it('shows who waits the moment it happens, and opens everything with one click', async () => {
    const { page } = stage
    await stage.enter(stage.agent)
    await page.getByText('没有等人接手的工单').waitFor()
    await stage.picture('empty')
    const { mediaId } = await stage.world.media.save(png)
    const voice = await stage.world.media.save(
      Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(64, 0x3c)]),
    )
    const ticket = await stage.world.arrive({
      name: '阿白',
      title: '大会员多扣 25 元，要退款',
      decision,
      parts: [
        { kind: 'text', text: '大会员多扣了25元，我要找人工' },
        { kind: 'image', media: { mediaId, contentType: 'image/png' } },
        {
          kind: 'audio',
          media: { mediaId: voice.mediaId },
          durationMs: 7_000,
          transcript: { text: '我要找人工', source: '微信识别' },
        },
        { kind: 'link', url: 'javascript:alert(1)', title: '点我' },
        { kind: 'unsupported', type: 'shortvideo2', raw: { a: 1 } },
      ],
    })
    await stage.item(ticket).waitFor()
    await stage.world.arrive({ name: '鹿目', title: '视频被搬运', dueInMs: -720_000 })
    await page.getByText('已超时 12 分').waitFor()
    await stage.open(ticket)
    // Asked from here: a page under this policy lets no poll of its own evaluate text.
    await expect.poll(() => page.evaluate("document.querySelector('.message.in img')?.naturalWidth")).toBe(1)
    await expect
      .poll(() => page.getByRole('link', { name: '语音 0:07' }).getAttribute('href'))
      .toBe(`/api/desk/media/${voice.mediaId}`)
    await expect.poll(() => page.getByRole('link', { name: '点我' }).count()).toBe(0)
    await page.locator('.decision summary').click()
    const why = page.locator('.decision')
    for (const words of ['asked-for-person', '用户明确要求人工', '大会员可以退款吗？', '81 %', '12 ms'])
      await why.getByText(words).first().waitFor()
    await stage.picture('conversation')
    // It stays unfolded when something changes.
    await stage.world.bus.subscribe('never', () => undefined)
    await page.getByRole('button', { name: '接手' }).click()
    await page.locator('#head').getByText('人工应答').waitFor()
    await expect.poll(() => why.getAttribute('open')).toBe('')
  })

  it('takes, replies, notes, hands back and solves', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive({ decision })
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await page.keyboard.press('m')
    await page.locator('#notice').getByText('已接手').waitFor()
    await page.locator('.decision summary').click()
    await page.evaluate("document.querySelector('#messages').scrollTop = 0")
    await expect.poll(() => page.evaluate(endIsSeen)).toBe(false)
    await page.keyboard.press('r')
    await page.keyboard.type('您好，已为您退款。')
    await page.getByText('27/60 字节 · 1 条').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.locator('.message.by-agent').getByText('您好，已为您退款。').waitFor()
    await page.locator('.message.by-agent').getByText('等待发送').waitFor()
    await expect.poll(() => page.evaluate(endIsSeen)).toBe(true)
    await expect.poll(() => page.locator('#text').inputValue()).toBe('')
    await page.keyboard.press('Escape')
    await page.keyboard.press('n')
    await page.getByRole('button', { name: '添加备注' }).waitFor()
    await page.keyboard.type('用户是老会员')
    await stage.picture('note')
    await page.getByRole('button', { name: '添加备注' }).click()
    await page.locator('.message.note').getByText('用户是老会员').waitFor()
    await page.getByRole('button', { name: '交还机器人' }).click()
    await page.locator('#head').getByText('机器人应答').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('e')
    await page.locator('#head .due-done').waitFor()
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ state: 'solved' })
    const said = await stage.world.tickets.transcript(ticket.conversationId, 10)
    expect(said.slice(2).map(({ direction }) => direction)).toEqual(['out', 'note'])
  })

  it('counts what the channel makes of a text while it is typed', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await stage.open(ticket)
    const [field, count] = [page.locator('#text'), page.locator('#count')]
    const level = () => count.getAttribute('data-level')
    await page.getByText('0/60 字节 · 1 条').waitFor()
    await field.fill('一二三四五六七八九十')
    await page.getByText('30/60 字节 · 1 条').waitFor()
    await expect.poll(level).toBe('')
    await field.fill('一二三四五六七八九十一二三四五六七八。')
    await page.getByText('57/60 字节 · 1 条').waitFor()
    await expect.poll(level).toBe('near')
    await field.fill('一二三四五六七八九十一二三四五六七八。第二句话')
    await page.getByText('12/60 字节 · 2 条').waitFor()
    await page.getByText('第 2 条从“第二句话”开始').waitFor()
    await stage.picture('counter')
    await field.fill('字'.repeat(81))
    await page.getByText('超过 4 条，后面的发不出去').waitFor()
    await expect.poll(level).toBe('bad')
    await page.locator('#mode-note').click()
    await page.getByText('0 / 4000 字').waitFor()
  })

  it('takes back a reply and a solve while there is time', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await page.locator('#text').fill('说错了')
    await page.getByRole('button', { name: '发送' }).click()
    const undo = page.getByRole('button', { name: /撤销（\d 秒）/ })
    await undo.waitFor()
    await stage.picture('undo')
    await undo.click()
    await page.locator('#notice').getByText('已撤回，没有发出').waitFor()
    await page.locator('.message.by-agent .delivery').getByText('已撤回，没有发出').waitFor()
    await expect.poll(() => page.locator('#text').inputValue()).toBe('说错了')
    await page.keyboard.press('Escape')
    await page.keyboard.press('e')
    await undo.waitFor()
    await page.locator('#head .due-done').waitFor()
    await page.keyboard.press('z')
    await page.locator('#notice').getByText('已撤销解决').waitFor()
    await page.locator('#head').getByText('人工应答').waitFor()
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ state: 'open' })
    await expect.poll(() => undo.count()).toBe(0)
  })

  it('tells everything in English when asked, but for what people said', async () => {
    const { page } = stage
    const kinds = { code: 'attachment-again', values: { kinds: 'image' } } as const
    const ticket = await stage.world.arrive({
      brief,
      title: '[图片 2]',
      decision: { ...decision, reasons: [kinds, '旧的理由'] },
    })
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await page.locator('#head').getByText('[图片 2]').waitFor()
    await page.locator('.decision summary').click()
    await page.getByText('只有图片，机器人看不懂').waitFor()
    await page.locator('#language').click()
    await page.locator('#head').getByText('[picture 2]').waitFor()
    await stage.item(ticket).getByText('[picture 2]').waitFor()
    await page.getByText('Only picture; the bot cannot read it').waitFor()
    await page.getByText('旧的理由').waitFor()
    await page.locator('.history summary').click()
    await page.getByText('Why a person: The contact was not helped 2 times in a row').first().waitFor()
    await stage.picture('english')
  })

  it('sends once on a double click, and again under the same key when the answer was lost', async () => {
    stage.expectComplaints(/ERR_CONNECTION_RESET/)
    const { page } = stage
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await stage.open(ticket)
    const keys: (string | undefined)[] = []
    let lose = true
    await page.route('**/reply', async (route) => {
      keys.push(route.request().headers()['idempotency-key'])
      if (!lose) return route.continue()
      lose = false
      await route.fetch()
      return route.abort('connectionreset')
    })
    await page.locator('#text').fill('只发一次')
    await page.getByRole('button', { name: '发送' }).dblclick()
    await page.getByText('没有发出去，内容还在').waitFor()
    await expect.poll(() => page.locator('#text').inputValue()).toBe('只发一次')
    await page.reload()
    await page.getByText('● 实时').waitFor()
    await page.getByText('只发一次').first().waitFor()
    await expect.poll(() => page.locator('#text').inputValue()).toBe('只发一次')
    await page.getByRole('button', { name: '发送' }).dblclick()
    await expect.poll(() => page.locator('#text').inputValue()).toBe('')
    expect(keys).toHaveLength(2)
    expect(keys[0]).toBe(keys[1])
    const said = await stage.world.tickets.transcript(ticket.conversationId, 10)
    expect(said.filter(({ author }) => author === 'agent')).toHaveLength(1)
  })

  it('leaves Enter to the input method, and lets no letter act in a field', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await stage.open(ticket)
    const field = page.locator('#text')
    await field.focus()
    await field.pressSequentially('emrnjk?')
    await expect.poll(() => field.inputValue()).toBe('emrnjk?')
    await expect.poll(() => page.locator('dialog').count()).toBe(0)
    for (const facts of [{ isComposing: true }, { keyCode: 229 }])
      await field.dispatchEvent('keydown', { key: 'Enter', ctrlKey: true, ...facts })
    await field.press('Enter')
    await expect.poll(() => field.inputValue()).toBe('emrnjk?\n')
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ version: 1, state: 'new' })
  })

  it('keeps what is typed, per ticket and kind', async () => {
    const { page } = stage
    const [one, other] = [await stage.world.arrive(), await stage.world.arrive()]
    await stage.enter(stage.agent)
    await stage.open(one)
    await page.locator('#text').fill('写到一半的回复')
    await page.locator('#mode-note').click()
    await page.locator('#text').fill('写到一半的备注')
    await stage.open(other)
    await expect.poll(() => page.locator('#text').inputValue()).toBe('')
    await page.reload()
    await stage.open(one)
    await expect.poll(() => page.locator('#text').inputValue()).toBe('写到一半的回复')
    await page.locator('#mode-note').click()
    await expect.poll(() => page.locator('#text').inputValue()).toBe('写到一半的备注')
  })

  it('says who was faster, and sends over a reply only when asked', async () => {
    stage.expectComplaints(/409/)
    const { page } = stage
    const colleague = await stage.world.enter(await stage.world.hire('supervisor', '王敏'))
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await stage.open(ticket)
    // The page must not have heard of it: the moment between a colleague's click and its arrival here.
    await page.route('**/api/desk/tickets**', async (route) => {
      if (route.request().method() === 'GET' && held) await until
      await route.continue()
    })
    let held = true
    let go = (): void => undefined
    const until = new Promise<void>((resolve) => {
      go = () => {
        held = false
        resolve()
      }
    })
    await colleague.post(`/api/desk/tickets/${ticket.id}/take`)
    await page.getByRole('button', { name: '接手' }).click()
    go()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('王敏 已经接手了这张工单。').waitFor()
    await stage.picture('conflict')
    await expect.poll(() => dialog.getByRole('button', { name: '由我接过' }).count()).toBe(0)
    await dialog.getByRole('button', { name: '关闭' }).click()
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ assigneeName: '王敏' })
    await page.locator('#head').getByText('王敏').waitFor()
  })

  it("shows a colleague's reply that was faster, and sends ours only when asked", async () => {
    stage.expectComplaints(/409/)
    const { page } = stage
    const colleague = await stage.world.enter(await stage.world.hire('agent', '王敏'))
    const ticket = await stage.world.arrive()
    await stage.enter(await stage.world.hire('supervisor', '陈静'))
    await stage.open(ticket)
    await page.locator('#text').fill('我的回复')
    let go = (): void => undefined
    const until = new Promise<void>((resolve) => {
      go = resolve
    })
    await page.route('**/api/desk/tickets**', async (route) => {
      if (route.request().method() === 'GET') await until
      await route.continue()
    })
    const reply = `/api/desk/tickets/${ticket.id}/reply`
    await colleague.post(reply, { text: '王敏的回复' }, { 'idempotency-key': 'a-key-of-hers' })
    await page.getByRole('button', { name: '发送' }).click()
    go()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('王敏 刚刚回复了：').waitFor()
    await dialog.getByText('王敏的回复').waitFor()
    await stage.picture('conflict-reply')
    await dialog.getByRole('button', { name: '取消' }).click()
    await expect.poll(() => page.locator('#send').isEnabled()).toBe(true)
    await expect.poll(() => page.locator('#text').inputValue()).toBe('我的回复')
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ assigneeName: '王敏' })

    await page.getByRole('button', { name: '发送' }).click()
    await dialog.getByText('王敏 已经接手了这张工单。').waitFor()
    await dialog.getByRole('button', { name: '由我接过' }).click()
    await page.locator('.message.by-agent').getByText('我的回复').waitFor()
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ assigneeName: '陈静' })
    const said = await stage.world.tickets.transcript(ticket.conversationId, 20)
    expect(said.filter(({ author }) => author === 'agent')).toHaveLength(2)
  })

  it('works by keyboard alone', async () => {
    const { page } = stage
    const focusedTicket = () => page.locator('.item:focus').getAttribute('data-ticket', { timeout: 2_000 })
    const first = await stage.world.arrive({ title: '第一张', dueInMs: 60_000_000 })
    const second = await stage.world.arrive({ title: '第二张', dueInMs: 70_000_000 })
    await stage.enter(stage.agent)
    await stage.item(second).waitFor()
    await page.keyboard.press('j')
    await expect.poll(() => focusedTicket()).toBe(first.id)
    await page.keyboard.press('j')
    await expect.poll(() => focusedTicket()).toBe(second.id)
    await page.keyboard.press('j')
    await expect.poll(() => focusedTicket()).toBe(second.id)
    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '第一张' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByRole('heading', { name: '快捷键' }).waitFor()
    await stage.picture('help')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('dialog').count()).toBe(0)
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '第二张' }).waitFor()
  })
})
