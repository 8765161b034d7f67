import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Hono } from 'hono'
import { TongdaError } from '../../src/core/errors.ts'
import { createClosing } from '../kit/closing.ts'
import { documentedLimits, documentedTiming } from './account.ts'
import type { WechatAccount, WechatSimulatorOptions, WechatUser } from './account.ts'
import { createAccountDesk } from './account-desk.ts'
import type { AccountDesk } from './account-desk.ts'
import { createApi } from './api.ts'
import { createDirectory } from './directory.ts'
import type { DirectoryUser } from './directory.ts'
import { createFaults } from './faults.ts'
import type { FaultSpec } from './faults.ts'
import { createMediaShelf } from './media-shelf.ts'
import type { ShelvedMedia, WechatMediaKind } from './media-shelf.ts'
import { createPoster } from '../kit/post.ts'
import { buildCheck } from './push-request.ts'
import { createPusher } from './pusher.ts'
import type { PushOptions, PushOutcome } from './pusher.ts'
import type { SimulatorSnapshot } from './snapshot.ts'
import { createTokens } from './tokens.ts'
import { createTrace } from './trace.ts'
import type { Exchange, PushExchange } from './trace.ts'
import { createTranscripts } from './transcript.ts'
import type { TranscriptEntry } from './transcript.ts'
import { compose } from './utterance.ts'
import type { Composed, Composition, Utterance } from './utterance.ts'
import { createWindows } from './windows.ts'
import type { OpenWindow } from './windows.ts'
import { node, writeXml } from './xml.ts'

/** The sentence WeChat shows when an account fails to answer. */
export const systemErrorText = '该公众号提供的服务出现故障，请稍后再试'

/** What listeners hear. A hint with the news in it; the lists hold the truth. */
export type SimulatorEvent =
  | { readonly kind: 'exchange'; readonly exchange: Exchange }
  | { readonly kind: 'transcript'; readonly entry: TranscriptEntry }
  | { readonly kind: 'reset' }

/** What the set-up check found. */
export interface CallbackCheck {
  readonly ok: boolean
  /** Empty when ok; else what the platform would complain about. */
  readonly problem: string
}

/** A message or event that exists, but has not been delivered yet. */
export interface Prepared {
  readonly composition: Composition
  /** Its line in the user's transcript. */
  readonly entryId: number
}

/** One official account on a simulated WeChat, with its followers. */
export interface WechatSimulator {
  readonly account: WechatAccount
  /** The API side; mount it where `apiUrl` points. */
  readonly api: Hono
  /** The account's menu, QR codes and templates at the platform. */
  readonly desk: AccountDesk
  users(): readonly DirectoryUser[]
  /** Someone new who follows the account. */
  addUser(user: WechatUser): void
  /** Numbers and dates what a user does, without delivering it. Throws `not_found` for unknown openids. */
  prepare(openid: string, utterance: Utterance): Prepared
  /** Delivers it with the platform's patience; never rejects. */
  deliver(prepared: Prepared, options?: PushOptions): Promise<PushOutcome>
  /** `prepare`, then `deliver`. */
  push(openid: string, utterance: Utterance, options?: PushOptions): Promise<PushOutcome>
  /**
   * Delivers prepared messages the wrong way round, the last one first and each next one `gapMs` (default 50) real
   * milliseconds later, whether or not the one before has been answered. Outcomes in the order given.
   */
  deliverReversed(
    prepared: readonly Prepared[],
    options?: PushOptions,
    gapMs?: number,
  ): Promise<readonly PushOutcome[]>
  /** `prepare` each, then `deliverReversed`. */
  pushOutOfOrder(openid: string, utterances: readonly Utterance[]): Promise<readonly PushOutcome[]>
  /** Sends a traced push again, byte by byte. Throws `not_found`. */
  replay(exchangeId: number): Promise<PushExchange>
  /** The GET with `echostr` that the platform makes when the callback is set up. */
  checkCallback(): Promise<CallbackCheck>
  /** Puts a file into the platform's store, as a user's phone does. */
  upload(kind: WechatMediaKind, bytes: Uint8Array): ShelvedMedia
  findMedia(mediaId: string): ShelvedMedia | undefined
  /** Orders a failure of API calls; the returned function calls it off. */
  fault(spec: FaultSpec): () => void
  clearFaults(): void
  /** Every issued token is answered with 42001 from now on. */
  expireTokens(): void
  /** Windows in which the account may write to a user now. */
  windows(openid: string): readonly OpenWindow[]
  transcript(openid: string): readonly TranscriptEntry[]
  /** The last exchanges, oldest first. */
  trace(): readonly Exchange[]
  findExchange(id: number): Exchange | undefined
  /** Hears every new or changed line and exchange until the returned function is called. */
  onEvent(listener: (event: SimulatorEvent) => void): () => void
  /** People, windows and transcripts, for a later simulator. Files, tokens and the trace are not part of it. */
  snapshot(): SimulatorSnapshot
  /** Forgets transcripts, windows, exchanges and everybody but the people of the beginning; faults are called off. */
  reset(): void
  /** Breaks off everything in flight. */
  close(): void
}

/**
 * A simulated WeChat platform for one official account: pushes to the callback over real HTTP, answers the
 * API. Documented behaviour is followed; where the documentation is silent, the stricter reading is taken.
 */
export const createWechatSimulator = (options: WechatSimulatorOptions): WechatSimulator => {
  const listeners = new Set<(event: SimulatorEvent) => void>()
  const tell = (event: SimulatorEvent): void => listeners.forEach((listener) => listener(event))
  const platform = createPlatform(options, tell)
  const { directory, media, tokens, faults, windows, transcripts, trace, pusher } = platform
  const prepare = createPrepare(platform, options)
  const deliver = createDeliver(platform)
  const deliverReversed: WechatSimulator['deliverReversed'] = async (prepared, pushOptions, gapMs = 50) => {
    const late = [...prepared].reverse().map(async (each, position) => {
      await sleep(position * gapMs)
      return deliver(each, { ...pushOptions, outOfOrder: true })
    })
    return (await Promise.all(late)).reverse()
  }
  return {
    account: options.account,
    api: platform.api,
    desk: platform.desk,
    users: () => directory.list(),
    addUser: (user) => directory.add(user),
    prepare,
    deliver,
    push: async (openid, utterance, pushOptions) => deliver(prepare(openid, utterance), pushOptions),
    deliverReversed,
    pushOutOfOrder: async (openid, utterances) =>
      deliverReversed(utterances.map((utterance) => prepare(openid, utterance))),
    replay: async (exchangeId) => {
      const exchange = trace.find(exchangeId)
      if (exchange?.kind !== 'push') throw new TongdaError('not_found', 'no push of that number in the trace')
      return pusher.replay(exchange)
    },
    checkCallback: () => checkCallback(platform, options),
    upload: (kind, bytes) => media.put(kind, bytes),
    findMedia: (mediaId) => media.find(mediaId),
    fault: (spec) => faults.add(spec),
    clearFaults: () => faults.clear(),
    expireTokens: () => tokens.expireAll(),
    windows: (openid) => windows.open(openid),
    transcript: (openid) => transcripts.of(openid),
    trace: () => trace.list(),
    findExchange: (id) => trace.find(id),
    onEvent: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    snapshot: () => takeSnapshot(platform),
    reset: () => {
      for (const part of [transcripts, windows, trace, faults]) part.clear()
      directory.reset()
      tell({ kind: 'reset' })
    },
    close: () => {
      platform.closing.abort()
      pusher.close()
    },
  }
}

type Platform = ReturnType<typeof createPlatform>

/** The trace does not outlive the process, so a link into it would lead to another's exchange. */
const withoutExchange = (entry: TranscriptEntry): Omit<TranscriptEntry, 'exchangeId'> => {
  const line: { -readonly [Key in keyof TranscriptEntry]: TranscriptEntry[Key] } = { ...entry }
  delete line.exchangeId
  return line
}

const takeSnapshot = ({ directory, windows, transcripts }: Platform): SimulatorSnapshot => ({
  version: 1,
  users: directory.list().map(({ openid, name, followed }) => ({ openid, name, followed })),
  windows: windows.all().map((window) => ({ ...window })),
  lines: transcripts.all().map(withoutExchange),
})

/** The parts, connected: what the account sends or answers ends in the user's transcript. */
const createPlatform = (options: WechatSimulatorOptions, tell: (event: SimulatorEvent) => void) => {
  const { account, clock, saved } = options
  const trace = createTrace(options.traceSize ?? 500, (exchange) => tell({ kind: 'exchange', exchange }))
  const transcripts = createTranscripts(clock, (entry) => tell({ kind: 'transcript', entry }), saved?.lines)
  const directory = createDirectory(clock, options.users ?? [], saved?.users)
  const windows = createWindows(clock, { ...documentedLimits, ...options.limits }, saved?.windows)
  const media = createMediaShelf(clock)
  const tokens = createTokens(clock)
  const faults = createFaults()
  const desk = createAccountDesk()
  const closing = createClosing()
  const poster = createPoster()
  const timing = { ...documentedTiming, ...options.timing }
  const api = createApi({
    ...{ account, clock, tokens, windows, media, directory, desk, faults, trace },
    apiUrl: options.apiUrl,
    closing: closing.signal,
    onSent: (openid, content, exchangeId) => {
      const quotaLeft = windows.open(openid).reduce((sum, window) => sum + window.left, 0)
      transcripts.add({ openid, content, exchangeId, quotaLeft, source: 'api' })
    },
  })
  const pusher = createPusher({
    ...{ account, clock, timing, poster, trace },
    findMedia: (mediaId) => media.find(mediaId),
    callbackUrl: options.callbackUrl,
    onReply: ({ user }, reply, exchangeId) => {
      directory.stopTyping(user.openid)
      transcripts.add({ openid: user.openid, source: 'passive', content: reply.content, exchangeId })
    },
  })
  return {
    trace,
    transcripts,
    directory,
    windows,
    media,
    tokens,
    faults,
    desk,
    closing,
    poster,
    timing,
    api,
    pusher,
  }
}

const createPrepare = (platform: Platform, options: WechatSimulatorOptions): WechatSimulator['prepare'] => {
  const { directory, windows, transcripts } = platform
  const { account, clock } = options
  const nextMsgId = createMsgIds(clock)
  return (openid, utterance) => {
    const user = directory.find(openid)
    if (user === undefined) throw new TongdaError('not_found', 'the simulator knows no such openid')
    const composed = compose(utterance, (mediaId) => `${options.apiUrl()}/mmbiz/${mediaId}/0`)
    const composition = number(composed, user, account, { at: clock.now(), nextMsgId })
    if (utterance.kind === 'subscribe') directory.follow(openid, true)
    if (utterance.kind === 'unsubscribe') {
      directory.follow(openid, false)
      windows.close(openid)
    }
    directory.interacted(openid)
    if (composed.opens !== undefined) windows.act(openid, composed.opens)
    const entry = transcripts.add({ openid, source: 'user', content: composed.shown, state: 'held' })
    return { composition, entryId: entry.id }
  }
}

const createDeliver =
  ({ transcripts, pusher, closing }: Platform): WechatSimulator['deliver'] =>
  async ({ composition, entryId }, pushOptions) => {
    transcripts.update(entryId, { state: 'sending' })
    const outcome = await pusher.deliver(composition, pushOptions)
    const exchangeId = outcome.exchangeIds.at(-1)
    const link = exchangeId === undefined ? {} : { exchangeId }
    transcripts.update(entryId, { state: outcome.state, ...link })
    if (outcome.state === 'failed' && composition.composed.answerable && !closing.signal.aborted) {
      const content = { kind: 'notice', text: systemErrorText } as const
      transcripts.add({ openid: composition.user.openid, content, source: 'platform', ...link })
    }
    return outcome
  }

const checkCallback = async (
  { poster, timing }: Platform,
  { account, callbackUrl, clock }: WechatSimulatorOptions,
): Promise<CallbackCheck> => {
  const { echostr, ...request } = buildCheck(account, callbackUrl(), clock)
  const result = await poster.post(request, timing.attemptTimeoutMs)
  if (result.kind !== 'response')
    return { ok: false, problem: `the callback cannot be reached: ${result.kind}` }
  if (result.status !== 200) return { ok: false, problem: `HTTP status ${result.status}` }
  const ok = result.body.toString('utf8') === echostr
  return { ok, problem: ok ? '' : 'the body is not echostr' }
}

/**
 * Growing 64-bit ids above 2^53, so that nobody gets away with reading them as numbers. They start at the
 * present time: a restarted simulator never repeats one.
 */
const createMsgIds = (clock: WechatSimulatorOptions['clock']): (() => bigint) => {
  let last = 0n
  return () => {
    const byTime = BigInt(clock.now().getTime()) * 10_000n
    last = byTime > last ? byTime : last + 1n
    return last
  }
}

const number = (
  composed: Composed,
  { openid, name }: WechatUser,
  account: WechatAccount,
  now: { readonly at: Date; readonly nextMsgId: () => bigint },
): Composition => {
  const createTime = Math.floor(now.at.getTime() / 1000)
  const msgId = composed.isEvent ? undefined : now.nextMsgId()
  const xml = writeXml([
    node('ToUserName', account.originalId),
    node('FromUserName', openid),
    node('CreateTime', createTime),
    node('MsgType', composed.msgType),
    ...composed.fields,
    ...(msgId === undefined ? [] : [node('MsgId', msgId)]),
  ])
  const id = msgId === undefined ? `event-${randomUUID()}` : String(msgId)
  return { id, user: { openid, name }, createTime, composed, xml, ...(msgId === undefined ? {} : { msgId }) }
}
