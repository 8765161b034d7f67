import { expect, it } from 'vitest'
import { createProgram } from './v1/program.ts'
import { describeWith } from '../support/services.ts'
import { useStage } from './stage.ts'

describeWith('chromium', 'queues at the desk', (executablePath) => {
  const stage = useStage(executablePath)

  const presenceOf = async (): Promise<unknown> => {
    const program = await createProgram(stage.world, ['teams:read'])
    const { data } = (await program.get('/presence')).json as {
      data: { agentId: string; availability: string }[]
    }
    return data.find(({ agentId }) => agentId === stage.agent.id)?.availability
  }

  it('lets the agent say where they are, and hand a ticket to a team with a note', async () => {
    const { page, world } = stage
    const program = await createProgram(world, ['teams:manage', 'tickets:read'])
    const name = { zh: '会员组', en: 'Memberships' }
    const team = String((await program.post('/teams', { name })).json.id)
    const ticket = await world.arrive({ title: '年度大会员退款' })
    await stage.enter(stage.agent)
    const status = page.getByLabel('我的状态')
    await status.waitFor()
    expect(await status.inputValue()).toBe('offline')
    await status.selectOption('online')
    await expect.poll(presenceOf).toBe('online')

    await stage.open(ticket)
    await page.keyboard.press('t')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('heading', { name: `转交 T-${ticket.number}` }).waitFor()
    await dialog.getByRole('button', { name: '转交' }).click()
    await dialog.getByText('请选择转给谁，并写一句备注').waitFor()
    await dialog.getByLabel('转给').selectOption({ label: '会员组' })
    await dialog.getByLabel('备注（同事可见，用户看不到）').fill('请会员组看')
    await stage.picture('transfer')
    await dialog.getByRole('button', { name: '转交' }).click()
    await page.locator('#notice').getByText('已转交').waitFor()
    await page.locator('.message').getByText('请会员组看').waitFor()
    expect((await program.get(`/teams/${team}/queue`)).json).toMatchObject({
      data: [{ ticketId: ticket.id }],
    })
  })
})
