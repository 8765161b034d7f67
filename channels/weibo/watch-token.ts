/** Nothing renews the access token but a person, who should hear of it before it ends. */
import { createHash } from 'node:crypto'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { TokenInfo } from './fetch-token-info.ts'
import type { WeiboConfig } from './manifest.ts'

export interface TokenWatchDeps {
  readonly config: Pick<WeiboConfig, 'uid' | 'accessToken'>
  readonly host: Pick<ChannelHost, 'inboxId' | 'cache' | 'log'>
  readonly ask: () => Promise<TokenInfo>
}

/** Looks at the token now and every day. */
export interface TokenWatch {
  /** Waits for what is being asked. */
  stop(): Promise<void>
}

const dayMs = 24 * 3_600_000
const warnBeforeDays = 30
const place = '管理中心 → 粉丝服务 → 高级功能 → 开发模式'

const report = ({ config, host }: TokenWatchDeps, { uid, endsInMs }: TokenInfo): void => {
  const daysLeft = Math.floor(endsInMs / dayMs)
  if (uid !== undefined && uid !== config.uid)
    host.log.error(
      {
        code: 'other_account',
        hint: `accessToken is another account’s than uid; take it from its own ${place}`,
      },
      'weibo access token belongs to another account',
    )
  else if (daysLeft < warnBeforeDays)
    host.log.warn(
      {
        code: 'token_ends_soon',
        daysLeft,
        hint: `take a new access_token from ${place} and set accessToken`,
      },
      'weibo access token ends soon',
    )
  else host.log.debug({ daysLeft }, 'weibo access token looked at')
}

/** Starts watching; one node asks for all. A question that fails is asked again the next day. */
export const watchToken = (deps: TokenWatchDeps): TokenWatch => {
  const { config, host, ask } = deps
  // A new token is looked at when it comes.
  const digest = createHash('sha256').update(config.accessToken).digest('hex').slice(0, 16)
  const key = `weibo:token-watched:${host.inboxId}:${digest}`

  const look = async (): Promise<void> => {
    try {
      if (await host.cache.add(key, '1', dayMs / 2)) report(deps, await ask())
    } catch (error) {
      // A refused token has raised its own alarm.
      const code = error instanceof ChannelError ? error.code : 'unknown'
      host.log.info({ code }, 'weibo access token not looked at')
    }
  }

  let looking = look()
  const timer = setInterval(() => {
    looking = look()
  }, dayMs)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await looking
    },
  }
}
