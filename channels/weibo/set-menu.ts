/** Sets the account's menu, `POST /2/messages/menu/create.json`. Source: open.weibo.com 自定义菜单. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { CallApi } from './client.ts'
import type { WeiboMenu } from './menu-config.ts'
import { encodeMenu } from './menu-config.ts'

export interface MenuDeps {
  readonly host: Pick<ChannelHost, 'inboxId' | 'cache' | 'locks' | 'log'>
  readonly callApi: CallApi
  readonly stopped: AbortSignal
}

/** Phones keep a menu for 24 h; ours is set again after a month even when it has not changed. */
const rememberMs = 30 * 24 * 3_600_000
const lockMs = 60_000
const pausesMs = [1_000, 5_000, 20_000]

const mayRetry = (error: unknown): boolean => error instanceof ChannelError && error.code === 'temporary'

const createOnce = async ({ callApi, stopped }: MenuDeps, menus: string): Promise<void> => {
  const call = {
    action: 'set menu',
    host: 'message',
    path: '/2/messages/menu/create.json',
    form: { menus },
  } as const
  for (const pauseMs of pausesMs) {
    try {
      await callApi(call)
      return
    } catch (error) {
      if (!mayRetry(error)) throw error
      await sleep(pauseMs, undefined, { signal: stopped })
    }
  }
  await callApi(call)
}

/** Sets the menu unless Weibo has it already; a failure is logged and ends nothing. */
export const setMenu = async (deps: MenuDeps, menu: WeiboMenu): Promise<void> => {
  const { host } = deps
  const menus = encodeMenu(menu)
  const key = `weibo:menu:${host.inboxId}`
  const hash = createHash('sha256').update(menus).digest('hex')
  try {
    await host.locks.withLock(`${key}:set`, lockMs, async () => {
      if ((await host.cache.get(key)) === hash) return
      await createOnce(deps, menus)
      await host.cache.set(key, hash, rememberMs)
      host.log.info({ entries: menu.length }, 'weibo menu set')
    })
  } catch (error) {
    if (deps.stopped.aborted) return
    const { code, message, facts } =
      error instanceof ChannelError
        ? error
        : { code: 'unknown', message: 'the menu could not be set', facts: {} }
    host.log.error({ code, message, ...facts }, 'weibo menu not set')
  }
}
