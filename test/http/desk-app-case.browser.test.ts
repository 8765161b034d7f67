import { expect, it } from 'vitest'
import type { Ticket } from '../../src/core/ticket.ts'
import { drawPicture } from '../support/pictures.ts'
import { describeWith } from '../support/services.ts'
import { enterApp, holdTime, letTimePass, openApp, pathOf } from './app-stage.ts'
import { useStage } from './stage.ts'
import { createProgram } from './v1/program.ts'

describeWith('chromium', "complaint cases in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const dialog = () => stage.page.getByRole('dialog')
  const caseOf = (ticket: Ticket) => `${pathOf(ticket)}?case=true`
  /** A complaint about a user, with its case. */
  const complain = async (over: object = {}) => {
    const ticket = await stage.world.arrive({ title: '被人骂', text: '他天天在评论区骂我' })
    await stage.world.database.query(`update tickets set kind = 'complaint' where id = $1`, [ticket.id])
    const program = await createProgram(stage.world, ['complaints:write'])
    const body = { ticket: ticket.id, kind: 'harassment', objects: ['UID:42'], ...over }
    const path = `/complaints/${String((await program.post('/complaints', body)).json.id)}`
    return { ticket, program, path }
  }
  const choose = async (label: string, option: string): Promise<void> => {
    await stage.page.getByLabel(label).click()
    await stage.page.getByTitle(option, { exact: true }).click()
  }

  it('shows what is reported, takes evidence with its hash, and decides after showing what each side hears', async () => {
    const { ticket, program, path } = await complain()
    const who = await stage.world.hire('senior', '陈静')
    const page = await enterApp(stage, { path: pathOf(ticket), who })
    await page.getByRole('button', { name: '案件' }).click()
    const view = page.getByRole('region', { name: '投诉案件' })
    await view.getByText('待审查').waitFor()
    await view.getByRole('region', { name: '被举报的对象' }).getByText('42', { exact: true }).waitFor()
    await view.getByText('作出决定').waitFor()

    const buffer = await drawPicture('png', { width: 30, height: 20 })
    await page
      .locator('.case input[type=file]')
      .setInputFiles({ name: '截图.png', mimeType: 'image/png', buffer })
    await dialog().getByLabel('说明（可不填）').fill('评论截图')
    await dialog().getByRole('button', { name: '添加证据' }).click()
    const piece = view.locator('.piece')
    await piece.getByText('评论截图').waitFor()
    await expect.poll(() => page.evaluate("document.querySelector('.piece img')?.naturalWidth")).toBe(30)
    const [kept] = (await program.get(path)).json.evidence as { readonly sha256: string }[]
    await piece.getByText(kept?.sha256 ?? '', { exact: true }).waitFor()

    await view.getByRole('button', { name: '开始审查' }).click()
    await choose('结论', '警告')
    await choose('理由', '骚扰他人')
    await page.getByLabel('给同事的备注（可不填）').fill('第一次')
    await page.getByRole('button', { name: '对话', exact: true }).click()
    await page.locator('.message').first().waitFor()
    await page.getByRole('button', { name: '案件' }).click()
    await expect.poll(() => page.getByLabel('给同事的备注（可不填）').inputValue()).toBe('第一次')
    await page.getByRole('button', { name: '下一步：看双方会读到什么' }).click()
    await dialog()
      .getByText(`你的投诉 T-${ticket.number}（账号 UID 42）已有结果。`, { exact: false })
      .waitFor()
    await dialog().getByText('你通过评论、弹幕、私信或直播间骚扰他人', { exact: false }).waitFor()
    expect((await program.get(path)).json).toMatchObject({ state: 'examining', notices: [] })
    await stage.picture('app-case-confirm')
    await dialog().getByRole('button', { name: '决定：警告' }).click()
    await view.getByText('已决定，可申诉').waitFor()
    expect((await program.get(path)).json).toMatchObject({
      state: 'decided',
      decisions: [{ verdict: 'warn', note: '第一次', state: 'effective', proposedByName: '陈静' }],
    })

    await view.getByRole('button', { name: '登记申诉' }).click()
    await dialog().getByLabel('申诉内容').fill('处理太轻')
    await dialog().getByRole('button', { name: '登记申诉' }).click()
    await view.getByText('已申诉').first().waitFor()
    await view.getByRole('button', { name: '开始审查' }).click()
    await view.getByText('你参与过被申诉的决定', { exact: false }).waitFor()
    expect(await page.getByLabel('结论').count()).toBe(0)
  })

  it('has a second person agree to a ban, and says to others why they cannot', async () => {
    const { ticket, program, path } = await complain()
    await program.post(`${path}/examine`)
    const lead = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: caseOf(ticket), who: lead })
    await choose('结论', '暂时封禁')
    await choose('理由', '骚扰他人')
    await page.getByLabel('持续多少小时').fill('72')
    await page.getByRole('button', { name: '下一步：看双方会读到什么' }).click()
    await dialog().getByText('这个结论要第二个人同意才生效', { exact: false }).waitFor()
    await dialog().getByRole('button', { name: '提交复核：暂时封禁' }).click()
    await page.getByText('这是你提出的决定', { exact: false }).waitFor()
    expect(await page.getByRole('button', { name: '同意', exact: true }).count()).toBe(0)

    // What the page asks meanwhile is refused.
    stage.expectComplaints(/401|503/)
    await page.context().clearCookies()
    await enterApp(stage, { path: caseOf(ticket) })
    await page.getByText('这个决定等主管或管理员复核').waitFor()

    await page.context().clearCookies()
    await enterApp(stage, { path: caseOf(ticket), who: await stage.world.hire('admin', '关月') })
    await page.getByRole('button', { name: '同意', exact: true }).click()
    await dialog().getByText('同意对 42 作出“暂时封禁”？').locator('visible=true').first().waitFor()
    await dialog().getByRole('button', { name: '同意' }).click()
    await page.getByText('已决定，可申诉').waitFor()
    expect((await program.get(path)).json).toMatchObject({
      state: 'decided',
      decisions: [{ hours: 72, settledByName: '关月' }],
      actions: [{ kind: 'ban-temporary', state: 'requested' }],
    })
  })

  it('keeps what was typed when somebody was faster, and says what the rules want', async () => {
    const { ticket, program, path } = await complain({ kind: 'personality-rights' })
    await letTimePass(stage.page)
    await program.post(`${path}/examine`)
    const who = await stage.world.hire('senior', '陈静')
    const page = await enterApp(stage, { path: caseOf(ticket), who })
    stage.expectComplaints(/409|503/)
    await choose('结论', '下架')
    await choose('理由', '侮辱、诽谤他人')
    await page.getByLabel('给同事的备注（可不填）').fill('写了很久')
    await page.getByText('还不知道举报人是谁', { exact: false }).waitFor()
    await page.getByRole('button', { name: '下一步：看双方会读到什么' }).click()
    await page.getByRole('alert').getByText('has shown who they are', { exact: false }).waitFor()
    await page.getByRole('button', { name: '由我确认身份' }).click()
    await dialog().getByLabel('怎么确认的').fill('看过身份证')
    await dialog().getByRole('button', { name: '由我确认身份' }).click()
    await page.getByText('由同事确认', { exact: true }).waitFor()

    await page.getByRole('button', { name: '下一步：看双方会读到什么' }).click()
    await dialog().getByText('举报人会读到', { exact: true }).waitFor()
    await program.call('PATCH', path, { body: { objects: ['UID:43'] } })
    await holdTime(page)
    await dialog().getByRole('button', { name: '决定：下架' }).click()
    await page.getByText('先改了这个案件', { exact: false }).waitFor()
    await expect.poll(() => page.getByLabel('给同事的备注（可不填）').inputValue()).toBe('写了很久')
    await page.getByRole('region', { name: '被举报的对象' }).getByText('43', { exact: true }).waitFor()
    await openApp(stage, page, caseOf(ticket))
    await expect.poll(() => page.getByLabel('给同事的备注（可不填）').inputValue()).toBe('写了很久')
  })

  it('opens a case where there is none', async () => {
    const ticket = await stage.world.arrive({ title: '举报' })
    await stage.world.database.query(`update tickets set kind = 'complaint' where id = $1`, [ticket.id])
    const page = await enterApp(stage, { path: caseOf(ticket) })
    await page.getByLabel('对象（一行一个）').fill('BV17x411w7KC')
    await page.getByRole('button', { name: '开案' }).click()
    await page.getByRole('region', { name: '被举报的对象' }).getByText('BV17x411w7KC').waitFor()
    await page.getByText('作决定要资深客服、主管或管理员', { exact: false }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '开始审查' }).click()
    await page.getByText('作决定要资深客服、主管或管理员', { exact: false }).waitFor()
  })
})
