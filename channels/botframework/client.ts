/**
 * The way out: botbuilder's adapter makes the turn and its connector the calls; the token is the one all nodes share,
 * and every call leaves through `callConnector`, which bounds it and asks the allow-list. botbuilder is loaded with
 * the first message.
 */
import { ChannelError, TongdaError } from '../../src/core/errors.ts'
import type { ProviderToken } from '../kit/index.ts'
import { FetchError, fetchLimited } from '../kit/index.ts'
import type { OutgoingActivity } from './encode.ts'
import { connectorError, networkError, tokenRefusedTwice } from './errors.ts'
import type { BotframeworkConfig } from './manifest.ts'
import type { Reference } from './reference.ts'
import { isAllowedAddress } from './service-url.ts'

/** Sends activities into known conversations. */
export interface BotClient {
  /** The channel's id of the message; `replyTo` is its id of the message it answers. Throws `ChannelError`. */
  send(reference: Reference, activity: OutgoingActivity, replyTo?: string): Promise<string>
}

const action = 'send message'
const limits = { timeoutMs: 15_000, maxBytes: 1_048_576 } as const

const loadPackage = () => import('botbuilder')
type BotBuilder = Awaited<ReturnType<typeof loadPackage>>

/** Loads botbuilder. Throws `bad_config` when the optional package is not installed: an inbox without it cannot run. */
export const loadBotBuilder = async (load: () => Promise<BotBuilder> = loadPackage): Promise<BotBuilder> => {
  try {
    return await load()
  } catch {
    throw new TongdaError(
      'bad_config',
      'the Bot Framework inbox needs the package botbuilder, which is not installed; run npm install --save-exact botbuilder@4.23.3 (npm leaves it out with --omit=optional) and start again, or remove the inbox',
    )
  }
}

type ConnectorOptions = NonNullable<
  Parameters<BotBuilder['createBotFrameworkAuthenticationFromConfiguration']>[4]
>
type HttpClient = NonNullable<ConnectorOptions['httpClient']>
type ConnectorRequest = Parameters<HttpClient['sendRequest']>[0]

export interface ClientDeps {
  readonly config: BotframeworkConfig
  readonly token: ProviderToken
  readonly stopped: AbortSignal
}

/** botbuilder's transport: our limits, our allow-list, our token, and no retries of its own. */
const createHttpClient = ({ config, token, stopped }: ClientDeps): HttpClient => {
  const attempt = async (request: ConnectorRequest, bearer: string) => {
    const headers = { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${bearer}` }
    const body: unknown = request.body
    const init = { method: request.method, headers, ...(typeof body === 'string' ? { body } : {}) }
    return fetchLimited(new URL(request.url), init, { ...limits, signal: stopped }).catch(
      (error: unknown) => {
        throw networkError(action, error instanceof FetchError ? error.failure : 'network')
      },
    )
  }
  const fetchWithToken = async (request: ConnectorRequest) => {
    const used = await token.get()
    const first = await attempt(request, used)
    if (first.status !== 401) return first
    await token.drop(used)
    const second = await attempt(request, await token.get())
    // No loop: the credentials themselves are wrong, and only a person can tell.
    if (second.status === 401) throw tokenRefusedTwice(action)
    return second
  }
  return {
    sendRequest: async (request) => {
      // Checked again here: a stored address may be older than the configuration.
      if (!isAllowedAddress(request.url, config.serviceHosts))
        throw new ChannelError('botframework', 'permanent', `${action}: the service URL is not allowed`, {
          hint: 'if the host is Microsoft’s own, add it to serviceHosts',
        })
      const { status, bytes, headers } = await fetchWithToken(request)
      const bodyAsText = Buffer.from(bytes).toString('utf8')
      if (status >= 400)
        throw connectorError(action, { status, body: bodyAsText, retryAfter: headers.get('retry-after') })
      const answered = request.headers.clone()
      for (const { name } of answered.headersArray()) answered.remove(name)
      answered.set('content-type', 'application/json')
      return { request, status, bodyAsText, headers: answered }
    },
  }
}

const createAdapter = (bot: BotBuilder, deps: ClientDeps) => {
  // The transport signs; botbuilder's own sign-in would keep a token per process.
  const unsigned = { signRequest: <Request>(request: Request) => Promise.resolve(request) }
  const credentials = {
    isValidAppId: (appId: string) => Promise.resolve(appId === deps.config.appId),
    isAuthenticationDisabled: () => Promise.resolve(false),
    createCredentials: () => Promise.resolve(unsigned),
  }
  const authentication = bot.createBotFrameworkAuthenticationFromConfiguration(
    null,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- its class is not exported by botbuilder, and only these three methods are called
    credentials,
    undefined,
    undefined,
    { httpClient: createHttpClient(deps) },
  )
  return new bot.CloudAdapter(authentication)
}

/** The reference with everything that botbuilder's types want filled in. */
const toTarget = ({ conversation, bot, user, serviceUrl, channelId, locale }: Reference) => ({
  serviceUrl,
  channelId,
  ...(locale === undefined ? {} : { locale }),
  bot: { id: bot.id, name: bot.name ?? '' },
  user: { id: user.id, name: user.name ?? '' },
  conversation: {
    id: conversation.id,
    name: '',
    isGroup: conversation.isGroup ?? false,
    conversationType: conversation.conversationType ?? '',
    ...(conversation.tenantId === undefined ? {} : { tenantId: conversation.tenantId }),
  },
})

/** A client for one bot. */
export const createBotClient = (deps: ClientDeps): BotClient => {
  let loading:
    Promise<{ readonly bot: BotBuilder; readonly adapter: ReturnType<typeof createAdapter> }> | undefined
  const load = async () => {
    const bot = await loadBotBuilder()
    return { bot, adapter: createAdapter(bot, deps) }
  }
  return {
    send: async (reference, activity, replyTo) => {
      const { adapter } = await (loading ??= load())
      let sentId = ''
      await adapter.continueConversationAsync(deps.config.appId, toTarget(reference), async (turn) => {
        // A continued conversation answers a message that never was; without it the channel simply appends.
        turn.onSendActivities((_context, activities, next) => {
          for (const each of activities) {
            delete each.replyToId
            if (replyTo !== undefined) each.replyToId = replyTo
          }
          return next()
        })
        const response = await turn.sendActivity(activity)
        sentId = response?.id ?? ''
      })
      return sentId
    },
  }
}
