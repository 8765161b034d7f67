import type { Decision } from '../core/conversation.ts'
import { readCorrection } from './correction.ts'
import { callPerson, decided } from './outcome.ts'
import type { Turn } from './turn.ts'

const numberAlone = /^\s*(?:工单号?[\s:：]*)?t\s?[-－—–]?\s?(\d{3,9})\s*[?？。.!！]*\s*$/iu
const numbered = /(?:^|[^a-z\d])t\s?[-－—–]\s?(\d{3,9})(?!\d)/iu
const asks = [
  /(?:我|俺|之前|上次|昨天|那个|那张|提交|投诉)[^。！!？?\n]{0,10}工单[^。！!？?\n]{0,10}(?:到哪|进度|进展|状态|怎么样|怎样|咋样|如何|结果|还要多久|多久能|好了[吗没])/u,
  /^(?:请|麻烦|帮我?|想|我想|我要)*(?:查一?下?|查询|看一?下?|问一?下?)[^。！!？?\n]{0,6}工单(?:的?(?:进度|进展|状态|结果|情况))?[吗呢吧。.？?!！\s]*$/u,
  /^(?:我的)?工单(?:的)?(?:进度|进展|状态|结果|到哪了?|怎么样了?)[吗呢了。.？?!！\s]*$/u,
  /\b(?:status|progress|update|news|where)\b.{0,24}\b(?:ticket|case)\b|\b(?:ticket|case)\b.{0,12}\b(?:status|progress|update)\b/i,
]
/** A longer text tells a matter, even where it names a ticket. */
const longest = 60

/** A wish to know how a ticket stands; with its number when one is named. */
const readAsking = (text: string): { readonly number?: number } | undefined => {
  const said = text.normalize('NFKC').trim()
  if (said === '' || said.length > longest) return undefined
  const alone = numberAlone.exec(said)?.[1]
  if (alone !== undefined) return { number: Number(alone) }
  if (!asks.some((pattern) => pattern.test(said))) return undefined
  const number = numbered.exec(said)?.[1]
  return number === undefined ? {} : { number: Number(number) }
}

/** While somebody has the ticket in hand, only they speak. */
const mayTell = ({ claim }: Turn): boolean => claim.mode === 'bot' || claim.ticket?.state === 'new'

/** "我的工单到哪了", "T-1042": tells how tickets stand, also while they wait for a person. */
export const askedForTicket = (turn: Turn): Decision | undefined => {
  if (turn.form !== undefined || !turn.said.wantsReply || !mayTell(turn)) return undefined
  const asked = readAsking(turn.said.written)
  if (asked === undefined) return undefined
  const decision = decided(turn, {
    kind: 'answer',
    rule: 'ticket-status',
    reasons: [{ code: 'asks-for-ticket', values: {} }],
  })
  return { ...decision, tellsTickets: asked }
}

const unsolved =
  /^(?:问题|事情|还是|依然|根本|并|可是|但是?|我的?|这个?)*(?:没有?|未|还没有?)(?:被|给我|帮我)?(?:解决|处理好|弄好|搞定|修好)|^(?:it(?:'s| is)? )?(?:still )?(?:not|isn'?t|wasn'?t) (?:solved|resolved|fixed)|^reopen\b|^重新打开/iu

/** "还是没解决" after a ticket was solved: a person takes it up again. */
export const stillUnsolved = (turn: Turn): Decision | undefined => {
  const { lastTicket } = turn.claim
  if (lastTicket?.state !== 'solved' || turn.form !== undefined) return undefined
  const text = turn.said.written.normalize('NFKC').trim()
  // Something was answered since: that is what did not help.
  const isAboutAnswer = (turn.claim.dialogue.given ?? []).length > 0
  const isNoHelp = !isAboutAnswer && readCorrection(text)?.kind === 'no-help'
  if (!isNoHelp && !unsolved.test(text)) return undefined
  return callPerson(turn, {
    rule: 'still-unsolved',
    reasons: [{ code: 'still-unsolved', values: { ticket: `T-${lastTicket.number}` } }],
  })
}
