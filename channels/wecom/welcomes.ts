/** Rights to one welcome, kept for the seconds they last. Source: developer.work.weixin.qq.com 发送欢迎语等事件响应消息 (95122). */
import type { ChannelHost } from '../../src/core/channel.ts'
import type { Welcome } from './decode.ts'

export interface Welcomes {
  put(threadKey: string, welcome: Welcome): Promise<void>
  /** Takes the right out, so that nobody uses it twice; undefined when there is none or its time is over. */
  take(threadKey: string): Promise<Welcome | undefined>
}

export const createWelcomes = (host: Pick<ChannelHost, 'inboxId' | 'cache' | 'clock'>): Welcomes => {
  const keyOf = (threadKey: string): string => `wecom:welcome:${host.inboxId}:${threadKey}`
  const leftMs = (until: Date): number => until.getTime() - host.clock.now().getTime()
  return {
    put: async (threadKey, { code, until }) => {
      const ms = leftMs(until)
      if (ms > 0) await host.cache.set(keyOf(threadKey), `${until.getTime()} ${code}`, ms)
    },
    take: async (threadKey) => {
      const value = await host.cache.get(keyOf(threadKey))
      if (value === undefined || !(await host.cache.drop(keyOf(threadKey), value))) return undefined
      const [end, code] = value.split(' ')
      const until = new Date(Number(end))
      return code !== undefined && leftMs(until) > 0 ? { code, until } : undefined
    },
  }
}
