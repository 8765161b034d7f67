import type { CDPSession, Page, Worker } from 'playwright-core'
import { expect, it } from 'vitest'
import { openPushService, type PushedBrowser } from '../support/push-service.ts'
import { describeWith } from '../support/services.ts'
import { enterApp } from './app-stage.ts'
import { useStage } from './stage.ts'

/** What browsers ask of their maker's push service, which no test reaches; all else is the browser's own. */
const withPushService = ({ given }: PushedBrowser): string => `
const given = ${JSON.stringify(given)}
let subscribed = false
const subscription = {
  options: { applicationServerKey: null },
  toJSON: () => ({ endpoint: given.endpoint, keys: given.keys }),
  unsubscribe: () => { subscribed = false; return Promise.resolve(true) },
}
PushManager.prototype.getSubscription = () => Promise.resolve(subscribed ? subscription : null)
PushManager.prototype.subscribe = ({ userVisibleOnly, applicationServerKey }) => {
  if (!userVisibleOnly || applicationServerKey.length !== 65) return Promise.reject(new Error('a wrong wish'))
  subscribed = true
  return Promise.resolve(subscription)
}`

const shown = `navigator.serviceWorker.ready.then((one) => one.getNotifications()).then((notices) =>
  notices.map(({ title, body, tag, data }) => ({ title, body, tag, path: data.path })))`

/**
 * Makes `nextShown` settle when the next notice stands. Asking for the notices while one is on its way loses it: the
 * browser takes a notice that it has noted and not yet shown for one that was put away.
 */
const awaitNext = `void (self.nextShown = new Promise((resolve) => {
  const { registration } = self
  registration.showNotification = (...given) => {
    delete registration.showNotification
    const shown = registration.showNotification(...given)
    resolve(shown)
    return shown
  }
}))`

/** Presses the notice that is shown, as far as a page can: the browser's own press would bring the window forward. */
const press = `self.registration.getNotifications().then(([notification]) =>
  self.dispatchEvent(new NotificationEvent('notificationclick', { notification })))`

describeWith('chromium', 'what is pushed to an agent', (executablePath) => {
  const stage = useStage(executablePath)
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

  it('is asked for by a press in the settings, comes back with the next session, and ends by a press', async () => {
    const service = await openPushService()
    const { context, world, agent } = stage
    await context.grantPermissions(['notifications'], { origin: world.origin })
    await context.addInitScript(withPushService(service.subscribe()))
    const page = await enterApp(stage, { path: '/settings/notices' })
    const rows = () =>
      world.database.query<{ session_id: string }>(
        'select session_id::text from push_subscriptions where agent_id = $1',
        [agent.id],
      )
    await page.getByText('还没有推送到任何设备').waitFor()
    expect(await rows()).toEqual([])
    await button(page, '在这台设备上推送').click()
    const list = page.getByRole('list', { name: '推送到这些设备' })
    await list.getByText('（这台设备）').waitFor()
    const [before] = await rows()
    await stage.picture('settings-push')

    stage.expectComplaints(/401|503/)
    // The session ends, and what is pushed with it; the next one of the same agent asks for it again.
    await world.database.query('delete from sessions where id = $1', [before?.session_id])
    expect(await rows()).toEqual([])
    await context.clearCookies()
    await stage.enter(agent)
    await expect.poll(rows).toHaveLength(1)

    await page.goto(`${world.origin}/desk/app/settings/notices`)
    await list.getByRole('button', { name: /不再推送到/ }).click()
    await page.getByText('还没有推送到任何设备').waitFor()
    expect(await rows()).toEqual([])
    await page.reload()
    await page.getByText('还没有推送到任何设备').waitFor()
    service.stop()
  })

  it('says how to allow it where the browser forbids notices', async () => {
    await stage.context.addInitScript(
      `Object.defineProperty(Notification, 'permission', { get: () => 'denied' })`,
    )
    const page = await enterApp(stage, { path: '/settings/notices' })
    await page.getByText('把“通知”改为允许，再重新载入').waitFor()
    await expect.poll(() => button(page, '在这台设备上推送').isDisabled()).toBe(true)
  })

  it('is shown by the service worker, and a press leads the open window to the ticket', async () => {
    const { context, world } = stage
    await context.grantPermissions(['notifications'], { origin: world.origin })
    const ticket = await world.arrive({ title: '推送来的工单' })
    const page = await enterApp(stage, { path: '/settings/keys' })
    await page.evaluate('navigator.serviceWorker.ready')
    const session: CDPSession = await context.newCDPSession(page)
    const registrationId = new Promise<string>((resolve) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [one] = registrations
        if (one !== undefined) resolve(one.registrationId)
      })
    })
    await session.send('ServiceWorker.enable')
    const worker: Worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
    const deliver = async (data: string): Promise<void> => {
      await worker.evaluate(awaitNext)
      await session.send('ServiceWorker.deliverPushMessage', {
        ...{ origin: world.origin, registrationId: await registrationId, data },
      })
      await worker.evaluate('nextShown')
    }
    const note = {
      ...{ title: `用户来消息 · T-${String(ticket.number)}`, body: '点开处理' },
      ...{ tag: `ticket-${ticket.id}`, path: `/desk/app/inbox/open/${ticket.id}` },
    }
    await deliver(JSON.stringify({ ...note, lang: 'zh-CN' }))
    expect(await page.evaluate(shown)).toEqual([note])
    await worker.evaluate(press)
    await page.getByRole('heading', { name: '推送来的工单' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(note.path)
    expect(await page.evaluate(shown)).toEqual([])

    // What is none of ours is told of without its words, and leads to no page elsewhere.
    await deliver('what is this')
    expect(await page.evaluate(shown)).toMatchObject([{ title: '通答', path: '/desk/app/' }])
    await worker.evaluate(press)
    await deliver(JSON.stringify({ ...note, lang: 'zh-CN', path: 'https://evil.example/' }))
    expect(await page.evaluate(shown)).toMatchObject([{ title: note.title, path: '/desk/app/' }])
  })
})
