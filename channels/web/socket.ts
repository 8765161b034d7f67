import type { LiveSocket, SocketEndpoint, SocketSession } from '../../src/core/channel.ts'
import { createAdmission } from './admission.ts'
import type { Place } from './admission.ts'
import { decodeFrame } from './decode.ts'
import type { ClientFrame } from './decode.ts'
import { closeCodes } from './encode.ts'
import { createFeed } from './feed.ts'
import type { Feed } from './feed.ts'
import { createLine } from './line.ts'
import type { Line } from './line.ts'
import type { WebParts } from './parts.ts'
import { createSerial } from './serial.ts'
import type { Serial } from './serial.ts'
import type { Hint } from './threads.ts'
import type { VisitorSession } from './verify.ts'

/** Frames that may wait behind a slow one; a client that sends more at once is not ours. */
const maxWaitingFrames = 64
/** The same for their sum. */
const maxWaitingCharacters = 131_072

interface SignedIn {
  readonly session: VisitorSession
  readonly feed: Feed
  readonly leave: () => void
}

/** What the steps of one socket's life share. */
interface Desk {
  readonly parts: WebParts
  readonly line: Line
  readonly tasks: Serial
  readonly place: Place
  readonly socketId: number
  readonly state: { signedIn: SignedIn | undefined }
}

const expire = (line: Line): void =>
  line.end(closeCodes.badToken, 'session expired', { t: 'bye', reason: 'expired' })

/** In its place: below what had been said when it was shown, and never below its answer, which would leave it standing. */
const showPreview = (
  { line, tasks }: Desk,
  feed: Feed,
  { after, text }: NonNullable<Hint['preview']>,
): void => {
  feed.wakeFor(after)
  tasks.add(() => {
    // What is taken back vanishes, whatever was said since.
    if (text === '' || !feed.isBeyond(after)) line.hint({ t: 'preview', text })
    return Promise.resolve()
  })
}

const listen = (desk: Desk, session: VisitorSession, feed: Feed): (() => void) => {
  const { parts, line } = desk
  return parts.threads.join(session.visitor, {
    hear(hint: Hint) {
      if (parts.tokens.isExpired(session)) expire(line)
      else if (hint.typing) {
        if (hint.typing.by === 'agent') line.hint({ t: 'typing', on: hint.typing.on })
      } else if (hint.preview) {
        showPreview(desk, feed, hint.preview)
      } else if (hint.read === undefined) feed.wakeFor(hint.seq)
    },
    replaced: () => line.end(closeCodes.replaced, 'replaced', { t: 'bye', reason: 'replaced' }),
    stopped: () => line.end(closeCodes.goingAway, 'restart', { t: 'bye', reason: 'restart' }),
  })
}

/** Checks the token, says where the log goes on, and starts to feed; undefined: closed. */
const signIn = async (desk: Desk, frame: ClientFrame & { t: 'auth' }): Promise<SignedIn | undefined> => {
  const { parts, line, tasks, place } = desk
  const check = await parts.tokens.verify(frame.token)
  if (check.kind === 'refused') {
    parts.host.log.debug({ reason: check.reason }, 'web token refused')
    line.end(closeCodes.badToken, 'bad token', { t: 'error', code: 'bad_token', retryable: false })
    return undefined
  }
  place.signedIn()
  const { session } = check
  const asked = frame.resume?.cursor ?? 0
  const page = await parts.history.resume(session.visitor, asked)
  const cursor = page.kind === 'cut' ? 0 : asked
  const renewed = parts.tokens.isAging(session) ? await parts.tokens.issue(session.visitor) : undefined
  const expiresAt = renewed?.expiresAt ?? new Date(session.expiresAtMs)
  line.send({
    t: 'ready',
    session: { expiresAt: expiresAt.toISOString(), ...(renewed && { token: renewed.token }) },
    cursor,
  })
  if (page.kind === 'cut') line.send({ t: 'resync', cursor: 0 })
  else if (cursor === 0 && page.messages.length === 0) await parts.intake.open(session)
  const { slowConsumerMs } = parts.config.limits
  const feed = createFeed({
    history: parts.history,
    line,
    tasks,
    threadKey: session.visitor,
    cursor,
    slowConsumerMs,
  })
  // Listening begins before the first look into the log, so nothing falls between the two.
  const leave = line.isOpen() ? listen(desk, session, feed) : () => undefined
  feed.wake()
  return { session, feed, leave }
}

/** What a signed-in client's frame does. */
const obey = async (
  { parts, line }: Desk,
  { session, feed }: SignedIn,
  frame: ClientFrame,
): Promise<void> => {
  switch (frame.t) {
    case 'auth':
      line.send({ t: 'error', code: 'already_signed_in', retryable: false })
      return
    case 'msg': {
      const result = await parts.intake.say(session, {
        clientMsgId: frame.clientMsgId,
        content: frame.content,
        ...(frame.context && { context: frame.context }),
      })
      if (result.kind === 'refused') line.send({ t: 'error', ...result.error })
      else line.send({ t: 'accepted', clientMsgId: result.clientMsgId, seq: result.seq })
      return
    }
    case 'typing':
      parts.threads.publish({ threadKey: session.visitor, typing: { by: 'contact', on: frame.on } })
      return
    case 'read':
      parts.threads.publish({ threadKey: session.visitor, read: frame.seq })
      return
    case 'ack':
      feed.wake()
      return
    case 'ping':
      line.send({ t: 'pong' })
      feed.wake()
      return
    default:
      return frame satisfies never
  }
}

/** Handles one frame, in its turn. */
const receive = async (desk: Desk, text: string): Promise<void> => {
  const { parts, line, state, socketId } = desk
  // What arrived before the visitor left still counts; what a client sent that we threw out does not.
  if (line.isEnded()) return
  if ((await parts.limits.frame(socketId)) !== undefined) {
    line.end(closeCodes.rate, 'too many frames')
    return
  }
  const decoded = decodeFrame(text)
  if (decoded.kind === 'fault') {
    parts.host.log.debug({ fault: decoded.fault }, 'web frame refused')
    if (decoded.fault === 'too_large') line.end(closeCodes.tooBig, 'too big')
    else line.send({ t: 'error', code: decoded.fault, retryable: false })
    return
  }
  const frame = decoded.value
  if (state.signedIn && parts.tokens.isExpired(state.signedIn.session)) expire(line)
  else if (state.signedIn) await obey(desk, state.signedIn, frame)
  else if (frame.t !== 'auth') line.end(closeCodes.policy, 'sign in first')
  else {
    state.signedIn = await signIn(desk, frame)
    // The visitor may have left while we looked: the line's end came too early to see this.
    if (!line.isOpen()) state.signedIn?.leave()
  }
}

const openSocket = (parts: WebParts, socket: LiveSocket, place: Place, socketId: number): SocketSession => {
  const state: Desk['state'] = { signedIn: undefined }
  let waitingCharacters = 0
  const line = createLine(socket, parts.config.limits, (code) => {
    if (code !== undefined) parts.host.log.info({ code, socketId }, 'web socket ended')
    clearTimeout(timer)
    state.signedIn?.feed.end()
    state.signedIn?.leave()
    place.leave()
    void parts.limits.forgetSocket(socketId)
  })
  const timer = setTimeout(() => {
    if (!state.signedIn) line.end(closeCodes.authTimeout, 'sign in first')
  }, parts.config.authTimeoutMs)
  const tasks = createSerial((error) => {
    parts.host.log.warn({ error }, 'web socket failed')
    line.end(closeCodes.serverError, 'internal error')
  })
  const desk: Desk = { parts, line, tasks, place, socketId, state }
  return {
    onText(text) {
      if (tasks.waiting >= maxWaitingFrames || waitingCharacters > maxWaitingCharacters) {
        line.end(closeCodes.rate, 'too many frames')
        return
      }
      waitingCharacters += text.length
      tasks.add(async () => {
        waitingCharacters -= text.length
        await receive(desk, text)
      })
    },
    onClose: () => line.closed(),
  }
}

/** The chat's WebSocket: the first frame signs in, then messages go both ways. */
export const createSocketEndpoint = (parts: WebParts): SocketEndpoint => {
  const admission = createAdmission(parts.config.limits)
  let opened = 0
  return {
    path: '/ws',
    admits: (request, { remoteAddress }) =>
      parts.origins.allows(request.headers.get('origin')) && admission.hasRoom(remoteAddress),
    open(socket, _request, remoteAddress) {
      opened += 1
      return openSocket(parts, socket, admission.enter(remoteAddress), opened)
    },
  }
}
