/**
 * Our own token, by client credentials. Source: learn.microsoft.com "Authenticate requests from your bot to the Bot
 * Connector service".
 */
import { z } from 'zod'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { IssuedToken, ProviderToken } from '../kit/index.ts'
import { createProviderToken, FetchError, fetchLimited } from '../kit/index.ts'
import type { BotframeworkConfig } from './manifest.ts'

const Issued = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() })
const Failed = z.looseObject({ error: z.string(), error_codes: z.array(z.number()).default([]) })

const action = 'fetch access token'

/** What Microsoft's numbers (AADSTS…) mean and where to look. */
const meanings: ReadonlyMap<number, readonly [what: string, hint: string]> = new Map([
  [
    7_000_215,
    [
      'appPassword is wrong',
      'copy the Value (值), not the Secret ID, from App registration → Certificates & secrets (证书和密码)',
    ],
  ],
  [
    7_000_222,
    [
      'appPassword has expired',
      'make a new client secret under App registration → Certificates & secrets (证书和密码)',
    ],
  ],
  [
    700_016,
    [
      'appId is not known in this directory',
      'compare appId, appType and tenantId with Azure Bot → Configuration (配置)',
    ],
  ],
  [90_002, ['tenantId is wrong', 'copy Directory (tenant) ID 目录(租户) ID from the app registration']],
])

const parse = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}

const refused = (status: number, answer: unknown): ChannelError => {
  const { data } = Failed.safeParse(answer)
  if (status === 429 || status >= 500 || data === undefined)
    return new ChannelError('botframework', 'temporary', `${action}: no valid answer (HTTP ${status})`)
  const number = data.error_codes[0]
  const [what, hint] = meanings.get(number ?? 0) ?? [
    'the sign-in is refused',
    'compare appId, appPassword, appType and tenantId with Azure Bot → Configuration (配置)',
  ]
  const providerCode = number === undefined ? data.error.slice(0, 64) : `AADSTS${number}`
  return new ChannelError('botframework', 'needs_operator', `${action}: ${what} (${providerCode})`, {
    providerCode,
    hint,
  })
}

const issue = async (config: BotframeworkConfig, stopped: AbortSignal): Promise<IssuedToken> => {
  const { appId, appPassword, appType, tenantId, loginUrl, scope } = config
  const tenant = appType === 'SingleTenant' ? (tenantId ?? '') : 'botframework.com'
  const url = new URL(`${loginUrl.replace(/\/+$/, '')}/${tenant}/oauth2/v2.0/token`)
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: appId,
    client_secret: appPassword,
    scope,
  })
  const limits = { timeoutMs: 10_000, maxBytes: 262_144, signal: stopped }
  const { status, bytes } = await fetchLimited(url, { method: 'POST', body }, limits).catch(
    (error: unknown) => {
      const failure = error instanceof FetchError ? error.failure : 'network'
      throw new ChannelError('botframework', 'temporary', `${action}: ${failure}`, {
        hint: 'check the server’s network and loginUrl',
      })
    },
  )
  const answer = parse(bytes)
  const issued = Issued.safeParse(answer)
  if (status !== 200 || !issued.success) throw refused(status, answer)
  return { token: issued.data.access_token, expiresInMs: issued.data.expires_in * 1_000 }
}

/** The bot's token, fetched by one node at a time and shared by all. */
export const createAccessToken = (
  config: BotframeworkConfig,
  host: Pick<ChannelHost, 'cache' | 'locks' | 'clock' | 'log'>,
  stopped: AbortSignal,
): ProviderToken =>
  createProviderToken({
    key: `botframework:token:${config.appId}`,
    issue: () => issue(config, stopped),
    host,
  })
