import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { parseConfig } from '../../src/config.ts'
import { findBarriers } from '../support/accessibility.ts'
import { startIdentityProvider, type IdentityProvider } from '../support/identity-provider.ts'
import { describeWith } from '../support/services.ts'
import { createAuthenticator, hireWithApp } from './authenticator.ts'
import { createBrowser } from './client.ts'
import { useStage } from './stage.ts'
import { createProgram } from './v1/program.ts'
import { openWorld } from './world.ts'

const password = 'correct horse 白马'

const nameless = `[...document.querySelectorAll('input')]
  .filter((field) => field.checkVisibility() && field.labels.length === 0).length`

const providersOf = ({ issuer, clientId, clientSecret }: IdentityProvider) => {
  const staff = {
    issuer,
    clientId,
    clientSecret,
    label: { zh: '公司账号', en: 'company account' },
    signOutThere: true,
  }
  const parsed = parseConfig({ signIn: { oidc: { staff } } })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.config.signIn.oidc
}

describeWith('chromium', 'the sign-in page', (executablePath) => {
  let idp: IdentityProvider
  beforeAll(async () => {
    idp = await startIdentityProvider()
  })
  afterAll(() => idp.stop())
  const stage = useStage(executablePath, () =>
    openWorld({ heartbeatMs: 500 }, [], {}, { requireTotp: ['admin'], oidc: providersOf(idp) }),
  )
  const open = (path = '/desk/sign-in') => stage.page.goto(stage.world.origin + path)
  const isIn = (page: Page) => page.locator('.live[data-status=on]').waitFor()
  const signIn = async (email: string): Promise<void> => {
    const { page } = stage
    await page.getByLabel('邮箱').fill(email)
    await page.getByLabel('密码').fill(password)
    await page.getByRole('button', { name: '登录', exact: true }).click()
  }

  it('asks for the second step, says what is wrong with a code, and lets in by the right one', async () => {
    stage.expectComplaints(/401/)
    const { page, world } = stage
    const { agent, app, recoveryCodes } = await hireWithApp(world, password)
    await open()
    await signIn(agent.email)
    const code = page.getByLabel('验证码或恢复码')
    await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('code')
    await page.getByRole('heading', { name: '两步验证' }).waitFor()
    await code.fill('000000')
    await page.getByRole('button', { name: '继续' }).click()
    await page.getByRole('alert').getByText('验证码不对').waitFor()
    await stage.picture('second-step')
    await code.fill(app.code())
    await page.getByRole('button', { name: '继续' }).click()
    await isIn(page)

    await page.getByRole('button', { name: /的设置$/ }).click()
    await page.getByRole('menuitem', { name: '退出' }).click()
    await page.waitForURL(/\/desk\/sign-in(#|$)/)
    await signIn(agent.email)
    await code.fill(recoveryCodes[0] ?? '')
    await page.getByRole('button', { name: '继续' }).click()
    await isIn(page)
  })

  it('lets who owes a second step set it up, with QR code and recovery codes, and then in', async () => {
    stage.expectComplaints(/403/)
    const { page, world } = stage
    const { path } = await world.signIn.createLink((await world.hire('admin')).id, 15)
    await open(path)
    await page.getByRole('button', { name: '进入工作台' }).click()
    await page.getByText('你的角色需要两步验证').waitFor()
    // The desk itself leads back to it.
    await open('/desk')
    await page.getByRole('button', { name: '开始' }).click()
    await page.getByRole('img', { name: '验证器 App 用的二维码' }).waitFor()
    await stage.picture('enrol')
    const secret = (await page.locator('#enrol code').innerText()).replaceAll(' ', '')
    await page.getByLabel('App 显示的 6 位数字').fill('000000')
    await page.getByRole('button', { name: '确认' }).click()
    await page.getByRole('alert').getByText('数字不对').waitFor()
    await page.getByLabel('App 显示的 6 位数字').fill(createAuthenticator(world, secret).code())
    await page.getByRole('button', { name: '确认' }).click()
    await page.getByRole('heading', { name: '恢复码' }).waitFor()
    await expect.poll(() => page.locator('#enrol li').count()).toBe(10)
    await stage.picture('recovery-codes')
    await page.getByRole('button', { name: '我已存好' }).click()
    await isIn(page)
  })

  it('shows where somebody is signed in and ends it there, and takes the second step down', async () => {
    const { page, world } = stage
    const { agent, app, browser } = await hireWithApp(world, password)
    stage.expectComplaints(/40[13]/)
    await open()
    await signIn(agent.email)
    await page.getByLabel('验证码或恢复码').fill(app.code())
    await page.getByRole('button', { name: '继续' }).click()
    await isIn(page)
    await open('/desk/sign-in#security')
    await page.getByText('本次登录').waitFor()
    await expect.poll(() => page.locator('.sessions li').count()).toBe(2)
    await stage.picture('security')
    await page.getByRole('button', { name: /^退出这里/ }).click()
    await expect.poll(() => page.locator('.sessions li').count()).toBe(1)
    expect((await browser.get('/api/desk/me')).status).toBe(401)

    world.clock.advance(60_000)
    const proof = page.locator('#proof-password')
    await proof.fill('wrong wrong wrong')
    await page.getByLabel('当前的 6 位数字').fill(app.code())
    await page.getByRole('button', { name: '换一组恢复码' }).click()
    await page.getByRole('alert').getByText('当前密码不对').waitFor()
    await proof.fill(password)
    await page.getByRole('button', { name: '换一组恢复码' }).click()
    await page.getByRole('heading', { name: '恢复码' }).waitFor()
    await page.getByRole('button', { name: '我已存好' }).click()
    await page.getByRole('button', { name: '关闭两步验证' }).waitFor()
    world.clock.advance(60_000)
    await proof.fill(password)
    await page.getByLabel('当前的 6 位数字').fill(app.code())
    await page.getByRole('button', { name: '关闭两步验证' }).click()
    await page.getByRole('button', { name: '设置两步验证' }).waitFor()
    const again = await createBrowser(world.origin).post('/api/desk/session/password', {
      ...{ email: agent.email, password },
    })
    expect(again.json).toEqual({ next: 'desk' })
  })

  it('takes an invitation', async () => {
    const { page, world } = stage
    const program = await createProgram(world, ['admin'])
    const { json } = await program.post('/invitations', { email: 'chen@example.com', role: 'senior' })
    await page.goto(String(json.link))
    await page.getByText('你受邀以“资深客服”身份加入，登录邮箱是 chen@example.com。').waitFor()
    expect(page.url()).toBe(`${world.origin}/desk/sign-in`)
    await page.getByLabel('姓名').fill('陈晨')
    await page.getByLabel('设置密码').fill(password)
    await stage.picture('invitation')
    await page.getByRole('button', { name: '接受邀请并登录' }).click()
    await isIn(page)
    stage.expectComplaints(/401/)
    const other = await stage.context.newPage()
    await other.goto(String(json.link))
    await other.getByRole('alert').getByText('这份邀请已用过').waitFor()
  })

  it('goes to the identity provider and back, to the ticket that was asked for', async () => {
    stage.expectComplaints(/401/)
    const { page, world, agent } = stage
    const ticket = await world.arrive()
    idp.is({ sub: 'sub-1', email: agent.email, email_verified: true })
    await open(`/desk/sign-in#/t/${ticket.id}`)
    await page.getByRole('button', { name: '用公司账号登录' }).click()
    await page.getByRole('heading', { name: `T-${String(ticket.number)}` }).waitFor()
    // Signing out goes on there, at an address that this provider has no page for.
    stage.expectComplaints(/404/)
    await page.getByRole('button', { name: /的设置$/ }).click()
    await page.getByRole('menuitem', { name: '退出' }).click()
    await page.waitForURL(`${idp.issuer}/end?**`)
    idp.is({ sub: 'sub-2', email: 'stranger@example.com', email_verified: true })
    const other = await stage.browser.newContext({ locale: 'zh-CN' })
    const stranger = await other.newPage()
    await stranger.goto(`${world.origin}/desk/sign-in`)
    await stranger.getByRole('button', { name: 'English' }).click()
    await stranger.getByRole('button', { name: 'Sign in with company account' }).click()
    await stranger.getByRole('alert').getByText('Ask an administrator to invite you').waitFor()
    expect(stranger.url()).toBe(`${world.origin}/desk/sign-in`)
    await other.close()
  })

  const looks = ['zh-CN', 'en'].flatMap((language) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ language, colorScheme })),
  )

  it.each(looks)(
    'fits a phone of 360 px and keeps nobody out, at every door: $language, $colorScheme',
    async ({ language, colorScheme }) => {
      const { world } = stage
      const program = await createProgram(world, ['admin'])
      const email = `${'long'.repeat(12)}@${language}.${colorScheme}.example.com`.toLowerCase()
      const { json } = await program.post('/invitations', { email })
      const { path } = await world.signIn.createLink((await world.hire('admin')).id, 15)
      const viewport = { width: 360, height: 720 }
      const phone = await stage.browser.newContext({ colorScheme, viewport })
      const page = await phone.newPage()
      stage.listen(page)
      const fits = async (name: string): Promise<void> => {
        expect(await page.evaluate('document.documentElement.lang'), name).toBe(language)
        expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), name).toBe(false)
        expect(await page.evaluate(nameless), name).toBe(0)
        expect(await findBarriers(page), name).toEqual([])
        await stage.picture(`phone-${language}-${colorScheme}-${name}`, page)
      }
      const submit = (id: string) => page.locator(`#${id} button[type=submit]`)
      const signInPage = `${world.origin}/desk/sign-in`
      await page.goto(signInPage)
      await page.locator('#providers button').waitFor()
      if (language === 'en') await page.getByRole('button', { name: 'English' }).click()
      await fits('password')
      await page.goto(`${signInPage}#refused=other-account`)
      await expect.poll(() => page.getByRole('alert').innerText()).not.toBe('')
      await fits('refused')
      await page.goto(`${signInPage}#second-step`)
      await page.locator('#code').waitFor()
      await fits('second-step')
      await page.goto(String(json.link))
      await page.locator('#name').waitFor()
      await fits('invitation')
      await page.goto(world.origin + path)
      await fits('link')
      await submit('link').click()
      await submit('enrol').click()
      await page.locator('#app-code').waitFor()
      await fits('enrol')
      const secret = (await page.locator('#enrol p > code').innerText()).replaceAll(' ', '')
      await page.locator('#app-code').fill(createAuthenticator(world, secret).code())
      await submit('enrol').click()
      await page.locator('#enrol ol.codes').waitFor()
      await fits('recovery-codes')
      await page.goto(`${signInPage}#security`)
      await page.locator('.sessions li').waitFor()
      await fits('security')
      await phone.close()
    },
  )
})
