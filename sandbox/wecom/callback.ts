// Pushes: developer.work.weixin.qq.com, 回调配置 and 接收消息和事件. Always encrypted; a push holds no message.
import { randomBytes, randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { encrypt, sign } from '../kit/wx-crypto.ts'
import { curlOf } from '../kit/curl.ts'
import { createPoster } from '../kit/post.ts'
import type { PostResult, RawRequest } from '../kit/post.ts'
import type { Trace } from '../kit/trace.ts'
import { documentedTiming, hourMs } from './account.ts'
import type { WecomSimulatorOptions } from './account.ts'
import type { Faults } from './faults.ts'

/** The life of a push's token. */
const tokenMs = 10 * 60_000

/** What the set-up check found. */
export interface CallbackCheck {
  readonly ok: boolean
  /** Empty when ok. */
  readonly problem: string
}

/** Told once something was written; comes back when the callback took it or the platform gave up. */
export interface Callback {
  /** Says that there is something to fetch. Resolves to the last answer; never rejects. */
  push(userKey: string): Promise<PushResult>
  /** Sends any plaintext the way pushes are sent. */
  pushPlaintext(plaintext: string): Promise<PushResult>
  /** The GET with an encrypted echostr. */
  check(): Promise<CallbackCheck>
  /** Whether a sync_msg token is one of ours and not ten minutes old. */
  isFreshToken(token: string): boolean
  close(): void
}

/** How a push ended. */
export interface PushResult {
  readonly status: number | 'timeout' | 'refused'
  readonly body: string
  readonly attempts: number
}

const resultOf = (result: PostResult, attempts: number): PushResult =>
  result.kind === 'response'
    ? { status: result.status, body: result.body.toString('utf8'), attempts }
    : { status: result.kind, body: '', attempts }

export interface CallbackDeps {
  readonly options: WecomSimulatorOptions
  readonly faults: Faults
  readonly trace: Trace
}

const createRequests = ({ options, faults }: CallbackDeps) => {
  const { account, callbackUrl, clock } = options
  const key = { encodingAesKey: account.encodingAesKey, receiveId: account.corpId }
  const seal = (plaintext: string) => {
    const skewMs = faults.on('stale-timestamp') ? hourMs : 0
    const timestamp = String(Math.floor((clock.now().getTime() - skewMs) / 1_000))
    const nonce = String(randomInt(1, 2 ** 31))
    const encrypted = encrypt(plaintext, key)
    const token = faults.on('bad-signature') ? 'somebodyElse' : account.token
    return { timestamp, nonce, encrypted, signature: sign(token, timestamp, nonce, encrypted) }
  }
  return {
    push: (plaintext: string): RawRequest => {
      const { timestamp, nonce, encrypted, signature } = seal(plaintext)
      const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce })
      const { corpId, agentId } = account
      return {
        url: `${callbackUrl()}?${query.toString()}`,
        method: 'POST',
        headers: { 'content-type': 'text/xml' },
        body: `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><AgentID><![CDATA[${agentId}]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
      }
    },
    check: (echo: string): RawRequest => {
      const { timestamp, nonce, encrypted, signature } = seal(echo)
      const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce, echostr: encrypted })
      return { url: `${callbackUrl()}?${query.toString()}`, method: 'GET', headers: {}, body: '' }
    },
  }
}

const newsXml = ({ account, clock }: WecomSimulatorOptions, token: string): string =>
  `<xml><ToUserName><![CDATA[${account.corpId}]]></ToUserName><CreateTime>${Math.floor(clock.now().getTime() / 1_000)}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[${token}]]></Token><OpenKfId><![CDATA[${account.openKfId}]]></OpenKfId></xml>`

interface Posted {
  readonly plaintext: string
  readonly request: RawRequest
  readonly result: PostResult
  readonly last: PushResult
}

/** A push for eyes: before and after encryption. */
const exchangeOf = ({ plaintext, request, result, last }: Posted, { faults, options }: CallbackDeps) => {
  const isSpoilt = faults.on('bad-signature') || faults.on('stale-timestamp')
  const { attempts } = { ...documentedTiming, ...options.timing }
  return {
    kind: 'push' as const,
    title: 'POST callback',
    status: String(last.status),
    durationMs: result.durationMs,
    request: plaintext,
    sent: request.body,
    curl: curlOf(request.method, request.url, request.headers, request.body),
    proof: { name: 'encrypted-envelope' as const, good: !isSpoilt },
    response: last.body,
    problems: last.status === 200 ? [] : [`attempt ${last.attempts} of ${attempts}`],
  }
}

export const createCallback = (deps: CallbackDeps): Callback => {
  const { options, faults, trace } = deps
  const { clock } = options
  const timing = { ...documentedTiming, ...options.timing }
  const poster = createPoster()
  const requests = createRequests(deps)
  const tokens = new Map<string, number>()
  let closed = false

  const post = async (userKey: string, plaintext: string): Promise<PushResult> => {
    let last: PushResult = { status: 'refused', body: '', attempts: 0 }
    for (let attempt = 1; attempt <= timing.attempts && !closed; attempt += 1) {
      const at = clock.now()
      const request = requests.push(plaintext)
      const result = await poster.post(request, timing.attemptTimeoutMs)
      last = resultOf(result, attempt)
      trace.add({ userKey, at, ...exchangeOf({ plaintext, request, result, last }, deps) })
      if (last.status === 200) return last
      if (attempt < timing.attempts) await sleep(timing.retryDelayMs)
    }
    return last
  }

  return {
    push: (userKey) => {
      const token = `ENC${randomBytes(24).toString('base64url')}`
      tokens.set(token, clock.now().getTime() + tokenMs)
      // The push is lost on its way; whoever looks finds the message.
      if (faults.on('lost-connection')) return Promise.resolve({ status: 'refused', body: '', attempts: 0 })
      return post(userKey, newsXml(options, token))
    },
    pushPlaintext: (plaintext) => post('', plaintext),
    check: async () => {
      const echo = String(randomInt(10 ** 12, 10 ** 13))
      const result = resultOf(await poster.post(requests.check(echo), timing.attemptTimeoutMs), 1)
      if (typeof result.status === 'string')
        return { ok: false, problem: `the callback cannot be reached: ${result.status}` }
      if (result.status !== 200) return { ok: false, problem: `HTTP status ${result.status}` }
      return result.body === echo
        ? { ok: true, problem: '' }
        : { ok: false, problem: 'the body is not the decrypted echostr' }
    },
    isFreshToken: (token) => (tokens.get(token) ?? 0) > clock.now().getTime(),
    close: () => {
      closed = true
      poster.close()
    },
  }
}
