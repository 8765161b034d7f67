import type { CDPSession } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { enterApp } from './app-stage.ts'
import { useStage } from './stage.ts'

/** The state of the page's service worker, once it is ready. */
const workerState = `navigator.serviceWorker.ready.then(({ active, scope }) => ({
  path: new URL(active.scriptURL).pathname, scope: new URL(scope).pathname }))`

const cachesOf = 'caches.keys()'

describeWith('chromium', "the installed agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const cdp = (): Promise<CDPSession> => stage.context.newCDPSession(stage.page)

  it('has a manifest that browsers take, with icons that are what it says', async () => {
    const page = await enterApp(stage)
    const session = await cdp()
    const { url, errors, data = '{}' } = await session.send('Page.getAppManifest')
    expect(errors).toEqual([])
    expect(new URL(url).pathname).toBe('/desk/app.webmanifest')
    const { icons, ...facts } = JSON.parse(data) as {
      readonly icons: readonly { readonly src: string; readonly sizes: string }[]
    }
    expect(facts).toMatchObject({ start_url: '/desk/app', scope: '/desk/', display: 'standalone' })
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
    // Pages of tests are private ones, which nothing is installed from.
    expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito'])
    for (const { src, sizes } of icons) {
      const size = await page.evaluate<string>(
        `new Promise((done, fail) => {
          const image = new Image()
          image.onload = () => done(image.naturalWidth + 'x' + image.naturalHeight)
          image.onerror = () => fail(new Error('no picture'))
          image.src = '${src}'
        })`,
      )
      if (sizes !== 'any') expect(size, src).toBe(sizes)
    }
  })

  it('runs a service worker that keeps nothing and says when there is no connection', async () => {
    const page = await enterApp(stage)
    expect(await page.evaluate(workerState)).toEqual({ path: '/desk/service-worker.js', scope: '/desk/' })
    await page.reload()
    await page.locator('.rail').waitFor()
    await expect.poll(() => page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true)
    expect(await page.evaluate(cachesOf)).toEqual([])

    stage.expectComplaints(/ERR_INTERNET_DISCONNECTED|503/)
    await stage.context.setOffline(true)
    await page.reload()
    await page.getByRole('heading', { name: '连不上服务器' }).waitFor()
    await stage.context.setOffline(false)
    await page.getByRole('link', { name: '重新载入' }).click()
    await page.locator('.rail').waitFor()
    expect(await page.evaluate(cachesOf)).toEqual([])
  })
})
