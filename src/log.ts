import pino from 'pino'
import type { Counter } from 'prom-client'
import { ChannelError, TongdaError } from './core/errors.ts'
import type { Logger } from './core/log.ts'
import { mapStrings, personalKinds } from './core/masking.ts'
import { createMasker } from './text/personal.ts'

/** How to log. */
export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Counts warnings and errors by event and code. */
  readonly counter?: Counter<'level' | 'event' | 'code'>
  /** Where the lines go. Default: standard error. */
  readonly to?: pino.DestinationStream
}

/** Property names whose values are secrets or personal, wherever they stand. */
const masked = [
  'token',
  'secret',
  'appSecret',
  'password',
  'authorization',
  'cookie',
  'encodingAesKey',
  'accessToken',
  'url',
  'openid',
  'contactKey',
  'threadKey',
  'text',
  'parts',
  'email',
  'phone',
].flatMap((name) => [name, `*.${name}`])

const masker = createMasker(personalKinds)
// Stricter than what people are shown: in a log, a number in a link is hidden too.
const phones = /(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)/g
// Each begins where its letters do, and looks ahead so far and no farther: a long text of a provider costs little.
const mails = /(?<![\w.+-])([\w.+-])[\w.+-]*(@[\w-]+\.[\w.-]+)/g
const credentials = /((?:access_token|secret|signature|password|token)=)[^&\s]+/gi
const addresses = /(?<!\w)(\w+:\/\/[^\s:/@]{0,256}:)[^\s@]{1,512}(@)/g

/** Hides personal data and credentials in text that came from outside. */
export const maskText = (text: string): string =>
  masker
    .text(text)
    .replace(addresses, '$1***$2')
    .replace(credentials, '$1***')
    .replace(phones, '$1****$2')
    .replace(mails, '$1***$2')

/** Texts among the facts of an event; what is nested has its rules by name. */
const maskFacts = (facts: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'string' ? masker.text(value) : value,
    ]),
  )

/** Facts of a provider's refusal, in which its own words may stand. */
const maskWithin = (facts: object): object =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]: [string, unknown]) => [name, mapStrings(value, maskText)]),
  )

const errorFacts = (error: unknown): unknown => {
  if (error instanceof ChannelError)
    return {
      name: error.name,
      code: error.code,
      message: maskText(error.message),
      ...maskWithin({ ...error.facts, cause: undefined }),
    }
  if (error instanceof TongdaError)
    return { name: error.name, code: error.code, message: maskText(error.message) }
  if (error instanceof Error)
    return {
      name: error.name,
      message: maskText(error.message),
      stack: error.stack === undefined ? undefined : maskText(error.stack),
      cause: error.cause === undefined ? undefined : errorFacts(error.cause),
    }
  return typeof error === 'string' ? maskText(error) : error
}

const codeOf = (facts: Record<string, unknown>): string => {
  if (typeof facts.code === 'string') return facts.code
  return facts.error instanceof ChannelError || facts.error instanceof TongdaError ? facts.error.code : ''
}

const wrap = (logger: pino.Logger, counter: LogOptions['counter']): Logger => ({
  debug: (facts, event) => logger.debug(facts, event),
  info: (facts, event) => logger.info(facts, event),
  warn: (facts, event) => {
    counter?.inc({ level: 'warn', event, code: codeOf(facts) })
    logger.warn(facts, event)
  },
  error: (facts, event) => {
    counter?.inc({ level: 'error', event, code: codeOf(facts) })
    logger.error(facts, event)
  },
  child: (facts) => wrap(logger.child(facts), counter),
})

/** JSON lines; secrets and personal data masked, warnings and errors counted. */
export const createLog = ({ level, counter, to }: LogOptions): Logger =>
  wrap(
    pino(
      {
        level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        redact: { paths: masked, censor: '***' },
        serializers: { error: errorFacts },
        formatters: { level: (label) => ({ level: label }), log: maskFacts },
      },
      to ?? pino.destination({ fd: 2, sync: true }),
    ),
    counter,
  )
