import { expect, it } from 'vitest'
import { createProgram } from './v1/program.ts'
import { describeWith } from '../support/services.ts'
import { useStage } from './stage.ts'

describeWith('chromium', "queues in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)

  const presenceOf = async (): Promise<unknown> => {
    const program = await createProgram(stage.world, ['teams:read'])
    const { data } = (await program.get('/presence')).json as {
      data: { agentId: string; availability: string }[]
    }
    return data.find(({ agentId }) => agentId === stage.agent.id)?.availability
  }

  it('let the agent say where they are', async () => {
    const { page, world } = stage
    const program = await createProgram(world, ['teams:manage'])
    const name = { zh: '会员组', en: 'Memberships' }
    await program.post('/teams', { name })
    await stage.enter(stage.agent)
    await page.getByRole('button', { name: '我的状态: 离线' }).click()
    await page.getByRole('menuitem', { name: '在线' }).click()
    await expect.poll(presenceOf).toBe('online')
    await page.getByRole('button', { name: '我的状态: 在线' }).waitFor()
  })

  it('take up again what was chosen once a broken connection is back', async () => {
    const { page, world, agent } = stage
    await page.clock.install()
    const program = await createProgram(world, ['teams:manage'])
    await program.post('/teams', { name: { zh: '直播组', en: 'Live' } })
    await stage.enter(agent)
    await page.getByRole('button', { name: '我的状态: 离线' }).click()
    await page.getByRole('menuitem', { name: '在线' }).click()
    await expect.poll(presenceOf).toBe('online')
    await world.database.query(
      "update presence set availability = 'offline', automatic = true where agent_id = $1",
      [agent.id],
    )
    // An open desk gives a sign of life every 30 seconds.
    await page.clock.runFor(31_000)
    await expect.poll(presenceOf).toBe('online')
    await page.getByRole('button', { name: '我的状态: 在线' }).waitFor()
  })
})
