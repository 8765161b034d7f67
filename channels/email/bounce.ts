/** Mail that came back: which message of ours it was, and why. */
import type { ChannelErrorCode } from '../../src/core/errors.ts'
import type { DeliveryFault } from '../../src/core/sent.ts'
import type { OwnAddresses } from './addresses.ts'
import type { MessageIds } from './message-id.ts'
import type { DeliveryGroup, ParsedMail } from './mime/mail.ts'

export interface ReturnedMail {
  /** Outbox row of the mail it is about, when it says so. */
  readonly outboundId?: string
  /** False: only delayed, still being tried. */
  readonly permanent: boolean
  readonly bounce: DeliveryFault
}

/** What an enhanced status code (RFC 3463) means to us, in both languages. */
const meanings: readonly (readonly [pattern: RegExp, code: ChannelErrorCode, words: string])[] = [
  [/^5\.1\.(?:1|10|0)|^5\.1\.6/, 'unreachable', '收件人邮箱不存在 (no such mailbox)'],
  [/^\d\.2\.2/, 'unreachable', '收件人邮箱已满 (mailbox full)'],
  [/^5\.2\.1/, 'unreachable', '收件人邮箱已停用 (mailbox disabled)'],
  [/^5\.1\.|^5\.4\./, 'unreachable', '收件人地址或域名错误 (bad address or domain)'],
  [/^5\.2\.3|^5\.3\.4/, 'too_long', '邮件太大 (mail too large)'],
  [/^5\.7\./, 'rejected_content', '对方拒收，内容或发件域未通过检查 (refused by policy)'],
]

const wordPatterns: readonly (readonly [pattern: RegExp, status: string])[] = [
  [
    /不存在|not found|no such|unknown user|user unknown|does not exist|invalid (?:user|recipient|mailbox)/i,
    '5.1.1',
  ],
  [/已满|full|quota/i, '5.2.2'],
  [/过大|太大|too (?:large|big)|size limit/i, '5.3.4'],
  [/垃圾|spam|拒收|blocked|policy|reject/i, '5.7.1'],
]

const describe = (status: string | undefined, said: string): DeliveryFault => {
  const known = status ?? wordPatterns.find(([pattern]) => pattern.test(said))?.[1]
  const meaning = meanings.find(([pattern]) => pattern.test(known ?? ''))
  const providerCode = /\b[45]\d\d\b/.exec(said)?.[0]
  const shown = [providerCode, status].filter((part) => part !== undefined).join(' ')
  const words = meaning?.[2] ?? '对方邮件系统退回 (returned by the other mail system)'
  return {
    code: meaning?.[1] ?? 'permanent',
    message: `退信：${words}${shown === '' ? '' : ` [${shown}]`}`,
    ...(shown === '' ? {} : { providerCode: shown }),
  }
}

const isFailure = ({ action, status }: DeliveryGroup): boolean =>
  action === 'failed' || (action === undefined && status?.startsWith('5') === true)

const recipientHeaders: ReadonlySet<string> = new Set(['delivered-to', 'x-original-to', 'envelope-to'])

/** Reads a mail of class `bounce`. Words in Chinese and without any structure are read too. */
export const readBounce = (mail: ParsedMail, own: OwnAddresses, ids: MessageIds): ReturnedMail => {
  const addresses = [
    ...mail.to.map(({ address }) => address),
    ...mail.headers
      .filter(([name]) => recipientHeaders.has(name))
      .map(([, value]) => value.replace(/[<>]/g, '').trim()),
  ]
  const tagged = addresses
    .flatMap((address) => own.bounceTagOf(address) ?? [])
    .flatMap((tag) => ids.outboundIdOfTag(tag) ?? [])
  const named = [
    ...(mail.report?.originalId === undefined ? [] : [mail.report.originalId]),
    ...mail.mentionedIds,
  ]
  const [outboundId] = [...tagged, ...named.flatMap((id) => ids.outboundIdOf(id) ?? [])]
  const groups = mail.report?.groups ?? []
  const failed = groups.find(isFailure)
  const [first] = groups
  const said = failed?.diagnostic ?? first?.diagnostic ?? mail.fullText
  // A returned mail in words alone means the worst unless it says that it will be tried again.
  const permanent =
    groups.length > 0 ? failed !== undefined : !/delayed|will be retried|延迟|延遲|稍后重试/i.test(said)
  return {
    permanent,
    bounce: describe(failed?.status ?? first?.status, said.slice(0, 5_000)),
    ...(outboundId === undefined ? {} : { outboundId }),
  }
}
