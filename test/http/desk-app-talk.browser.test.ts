import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { holdTime, letTimePass } from './app-stage.ts'
import { useStage } from './stage.ts'
import { brief, decision } from './world.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Whether the newest message is in view, give or take a line or two that come after it. */
const endIsSeen =
  "(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 80)(document.querySelector('.thread-rows'))"

describeWith('chromium', "talking in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const field = () => stage.page.getByRole('textbox', { name: '回复' })
  const chooseNote = () => stage.page.locator('.composer-mode').getByText('备注', { exact: true }).click()
  const count = () => stage.page.locator('.composer-foot .count')

  it('shows everything that was said, and why the bot did what it did, with one click', async () => {
    const { page } = stage
    await stage.enter(stage.agent)
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
    await page.getByText('暂不支持的消息: shortvideo2').waitFor()
    expect(await page.getByRole('link', { name: '点我' }).count()).toBe(0)
    const why = page.locator('.decision')
    await why.locator('summary').click()
    for (const words of ['asked-for-person', '用户明确要求人工', '大会员可以退款吗？', '81 %', '12 ms'])
      await why.getByText(words).first().waitFor()
    await stage.picture('conversation')
    // It stays unfolded when something changes.
    await page.getByRole('button', { name: '接手' }).click()
    await page.locator('.head').getByText('人工应答').waitFor()
    await expect.poll(() => why.getAttribute('open')).toBe('')
  })

  it('takes, replies, notes, hands back and solves, and shows the newest after a reply', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive({ decision })
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await page.getByRole('button', { name: '接手' }).click()
    await page.locator('.head').getByText('人工应答').waitFor()
    await page.setViewportSize({ width: 1280, height: 560 })
    await page.locator('.decision summary').click()
    // What is still being measured moves the list once more; whoever scrolls goes on scrolling.
    await expect
      .poll(async () => {
        await page.evaluate("document.querySelector('.thread-rows').scrollTop = 0")
        return page.evaluate(endIsSeen)
      })
      .toBe(false)
    await field().fill('您好，已为您退款。')
    await page.getByText('27/60 字节 · 1 条').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.locator('.message.by-agent').getByText('您好，已为您退款。').waitFor()
    await page.locator('.message.by-agent').getByText('等待发送').waitFor()
    await expect.poll(() => page.evaluate(endIsSeen)).toBe(true)
    await expect.poll(() => field().inputValue()).toBe('')
    await chooseNote()
    await page.getByRole('textbox', { name: '备注' }).fill('用户是老会员')
    await stage.picture('note')
    await page.getByRole('button', { name: '添加备注' }).click()
    await page.locator('.message.note').getByText('用户是老会员').waitFor()
    await page.getByRole('button', { name: '交还机器人' }).click()
    await page.locator('.head').getByText('机器人应答').waitFor()
    await page.getByRole('button', { name: '解决', exact: true }).click()
    await page.locator('.head .due-done').waitFor()
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ state: 'solved' })
    const said = await stage.world.tickets.transcript(ticket.conversationId, 10)
    expect(said.slice(2).map(({ direction }) => direction)).toEqual(['out', 'note'])
  })

  it('counts what the channel makes of a text while it is typed', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await stage.open(ticket)
    const level = () => count().getAttribute('data-level')
    await count().getByText('0/60 字节 · 1 条').waitFor()
    await field().fill('一二三四五六七八九十')
    await count().getByText('30/60 字节 · 1 条').waitFor()
    expect(await level()).toBe('')
    await field().fill('一二三四五六七八九十一二三四五六七八。')
    await count().getByText('57/60 字节 · 1 条').waitFor()
    expect(await level()).toBe('near')
    await field().fill('一二三四五六七八九十一二三四五六七八。第二句话')
    await count().getByText('12/60 字节 · 2 条').waitFor()
    await count().getByText('第 2 条从“第二句话”开始').waitFor()
    await stage.picture('counter')
    await field().fill('字'.repeat(81))
    await count().getByText('超过 4 条，后面的发不出去').waitFor()
    expect(await level()).toBe('bad')
    await chooseNote()
    await page.getByText('0 / 4000 字').waitFor()
  })

  it('takes back a reply and a solve while there is time', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive()
    await holdTime(page)
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await field().fill('说错了')
    await page.getByRole('button', { name: '发送' }).click()
    const undo = page.getByRole('button', { name: /撤销（\d+ 秒）/ })
    await undo.waitFor()
    await stage.picture('undo')
    await undo.click()
    await page.locator('.message.by-agent .delivery').getByText('已撤回，没有发出').waitFor()
    await expect.poll(() => field().inputValue()).toBe('说错了')
    // It lies over the place of the next button, and stays while the pointer is on it.
    await page.mouse.move(0, 0)
    await letTimePass(page)
    await page.locator('.ant-message').getByText('已撤回，没有发出').waitFor({ state: 'hidden' })
    await holdTime(page)
    await page.getByRole('button', { name: '解决', exact: true }).click()
    await page.locator('.head .due-done').waitFor()
    await undo.click()
    await page.getByText('已撤销解决').waitFor()
    await page.locator('.head').getByText('人工应答').waitFor()
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ state: 'open' })
    await expect.poll(() => undo.count()).toBe(0)
  })

  it('tells everything in English when asked, but for what people said, and remembers it', async () => {
    const { page } = stage
    const kinds = { code: 'attachment-again', values: { kinds: 'image' } } as const
    const ticket = await stage.world.arrive({
      brief,
      title: '[图片 2]',
      decision: { ...decision, reasons: [kinds, '旧的理由'] },
    })
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await page.locator('.head').getByText('[图片 2]').waitFor()
    await page.locator('.decision summary').click()
    await page.getByText('只有图片，机器人看不懂').waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.locator('.head').getByText('[picture 2]').waitFor()
    await stage.item(ticket).getByText('[picture 2]').waitFor()
    await page.getByText('Only picture; the bot cannot read it').waitFor()
    await page.getByText('旧的理由').waitFor()
    await page.locator('.info summary').getByText('History').click()
    await page.getByText('Why a person: The contact was not helped 2 times in a row').first().waitFor()
    await stage.picture('english')
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('en')
    await page.reload()
    await page.getByRole('button', { name: 'Hand back to bot' }).waitFor()
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
    await field().fill('只发一次')
    await page.getByRole('button', { name: '发送' }).dblclick()
    await page.locator('.message.by-agent').getByText('只发一次').waitFor()
    await expect.poll(() => keys.length).toBeGreaterThan(1)
    await page.locator('.waiting').waitFor({ state: 'detached' })
    expect(new Set(keys).size).toBe(1)
    const said = await stage.world.tickets.transcript(ticket.conversationId, 10)
    expect(said.filter(({ author }) => author === 'agent')).toHaveLength(1)
  })

  it('leaves Enter to the input method, and lets no letter act in a field', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await field().focus()
    await field().pressSequentially('emrnjk?')
    await expect.poll(() => field().inputValue()).toBe('emrnjk?')
    expect(await page.getByRole('dialog').count()).toBe(0)
    for (const facts of [{ isComposing: true }, { keyCode: 229 }])
      await field().dispatchEvent('keydown', { key: 'Enter', ctrlKey: true, ...facts })
    await field().press('Enter')
    await expect.poll(() => field().inputValue()).toBe('emrnjk?\n')
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ version: 1, state: 'new' })
  })

  it('says who was faster, and offers nothing to those who may not take over', async () => {
    stage.expectComplaints(/409/)
    const { page } = stage
    const colleague = await stage.world.enter(await stage.world.hire('supervisor', '王敏'))
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await stage.open(ticket)
    let held = true
    let go = (): void => undefined
    const until = new Promise<void>((resolve) => {
      go = () => {
        held = false
        resolve()
      }
    })
    // The page must not have heard of it: the moment between a colleague's click and its arrival here.
    await page.route('**/api/desk/tickets**', async (route) => {
      if (route.request().method() === 'GET' && held) await until
      await route.continue()
    })
    await colleague.post(`/api/desk/tickets/${ticket.id}/take`)
    await page.getByRole('button', { name: '接手' }).click()
    go()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('王敏 已经接手了这张工单。').waitFor()
    await stage.picture('conflict')
    expect(await dialog.getByRole('button', { name: '由我接过' }).count()).toBe(0)
    await dialog.getByRole('button', { name: '关闭' }).click()
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ assigneeName: '王敏' })
    await page.locator('.head').getByText('王敏').waitFor()
  })

  it('moves by j and k to the ends of the list and no further, and lists the keys', async () => {
    const { page } = stage
    const first = await stage.world.arrive({ title: '第一张', dueInMs: 60_000_000 })
    const second = await stage.world.arrive({ title: '第二张', dueInMs: 70_000_000 })
    await stage.enter(stage.agent)
    await stage.item(second).waitFor()
    const shows = (title: string) => page.getByRole('heading', { name: title }).waitFor()
    await stage.item(first).waitFor()
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key)
    }
    await press('j', 'Enter')
    await shows('第一张')
    await press('j', 'j', 'Enter')
    await shows('第二张')
    await press('k', 'k', 'Enter')
    await shows('第一张')
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByText('快捷键').first().waitFor()
    await stage.picture('help')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  })
})
