// Who may speak: developer.work.weixin.qq.com, 分配客服会话 (94669), 发送消息 (94677), 事件响应消息 (95122).
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import type { Allowance } from '../simulator.ts'
import { hourMs } from './account.ts'
import type { WecomServicer } from './account.ts'

/** 0 未处理, 1 智能助手, 2 待接入池, 3 人工, 4 已结束 or not begun. */
export type SessionState = 0 | 1 | 2 | 3 | 4

/** What a code lets the account say. */
export type Occasion = 'welcome' | 'queued' | 'served' | 'ended'

const windowMs = 48 * hourMs
const sends = 5

const codeLifeMs: Readonly<Record<Occasion, number>> = {
  welcome: 20_000,
  queued: windowMs,
  served: windowMs,
  ended: 20_000,
}

const mayFollow: Readonly<Record<SessionState, readonly SessionState[]>> = {
  0: [1, 2, 3, 4],
  1: [2, 3, 4],
  2: [3, 4],
  3: [2, 3, 4],
  4: [],
}

interface Session {
  state: SessionState
  servicer: string | undefined
  lastMessageAt: number | undefined
  sent: number
}

/** A right to one answer. */
export interface EventCode {
  readonly code: string
  readonly userKey: string
  readonly occasion: Occasion
}

export interface Sessions {
  state(userKey: string): { readonly state: SessionState; readonly servicer: string | undefined }
  /** A user wrote: what was over begins anew, and the five messages with it. */
  wrote(userKey: string): void
  /** Takes one send; an errcode when it is not allowed. */
  spend(userKey: string): 95001 | 95018 | undefined
  left(userKey: string): Allowance | undefined
  /** A change asked for by API: an errcode, or done. */
  move(userKey: string, state: SessionState, servicer: string | undefined): 95014 | 95016 | undefined
  /** A change made by people in WeCom. */
  set(userKey: string, state: SessionState, servicer?: string): void
  issueCode(userKey: string, occasion: Occasion): string
  /** Uses a code up; undefined when it is unknown, used or late. */
  useCode(code: string): EventCode | undefined
  /** Whether a user may be welcomed: nothing said and no welcome in 48 h. */
  mayBeWelcomed(userKey: string): boolean
  clear(): void
}

const createCodes = (now: () => number) => {
  const codes = new Map<string, EventCode & { readonly until: number }>()
  const welcomedAt = new Map<string, number>()
  return {
    welcomedAt,
    clear: (): void => {
      codes.clear()
      welcomedAt.clear()
    },
    issueCode: (userKey: string, occasion: Occasion): string => {
      const code = `CODE${randomBytes(16).toString('hex')}`
      codes.set(code, { code, userKey, occasion, until: now() + codeLifeMs[occasion] })
      return code
    },
    useCode: (code: string): EventCode | undefined => {
      const found = codes.get(code)
      codes.delete(code)
      if (found === undefined || found.until < now()) return undefined
      if (found.occasion === 'welcome') welcomedAt.set(found.userKey, now())
      return found
    },
  }
}

export const createSessions = (clock: Clock, servicers: readonly WecomServicer[]): Sessions => {
  const sessions = new Map<string, Session>()
  const now = (): number => clock.now().getTime()
  const { welcomedAt, issueCode, useCode, clear } = createCodes(now)
  const of = (userKey: string): Session => {
    const session = sessions.get(userKey) ?? {
      state: 4,
      servicer: undefined,
      lastMessageAt: undefined,
      sent: 0,
    }
    sessions.set(userKey, session)
    if (session.lastMessageAt !== undefined && now() - session.lastMessageAt > windowMs) session.state = 4
    return session
  }
  const isWithin = (at: number | undefined): at is number => at !== undefined && now() - at <= windowMs
  return {
    issueCode,
    useCode,
    state: (userKey) => of(userKey),
    wrote: (userKey) => {
      const session = of(userKey)
      if (session.state === 4) session.state = 0
      session.lastMessageAt = now()
      session.sent = 0
    },
    spend: (userKey) => {
      const session = of(userKey)
      if (!isWithin(session.lastMessageAt)) return 95001
      if (session.state !== 0 && session.state !== 1) return 95018
      if (session.sent >= sends) return 95001
      session.sent += 1
      return undefined
    },
    left: (userKey) => {
      const { lastMessageAt, sent } = of(userKey)
      return isWithin(lastMessageAt)
        ? { left: sends - sent, limit: sends, until: new Date(lastMessageAt + windowMs) }
        : undefined
    },
    move: (userKey, state, servicer) => {
      const session = of(userKey)
      if (!mayFollow[session.state].includes(state)) return 95016
      if (state === 3 && !servicers.some(({ userid, serving }) => userid === servicer && serving))
        return 95014
      session.state = state
      session.servicer = state === 3 ? servicer : undefined
      return undefined
    },
    set: (userKey, state, servicer) => void Object.assign(of(userKey), { state, servicer }),
    mayBeWelcomed: (userKey) => !isWithin(of(userKey).lastMessageAt) && !isWithin(welcomedAt.get(userKey)),
    clear: () => {
      sessions.clear()
      clear()
    },
  }
}
