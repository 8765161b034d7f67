import type { Decision, DecisionKind, DialogueState } from '../core/conversation.ts'
import type { IncidentAtHand, IncidentEffects } from '../core/incident-turn.ts'
import type { Part } from '../core/message.ts'
import { simplify } from '../text/index.ts'
import { asking, decided, text } from './outcome.ts'
import { incidentMark } from './said.ts'
import type { Turn } from './turn.ts'

/** Wants to hear how it goes on, and nothing else. */
const wantsNews =
  /^(?:请|麻烦)?(?:等|如果)?(?:有(?:了)?(?:进展|消息|结果|动静)|(?:修|弄|搞)?好|恢复|解决|正常|修复)(?:正常)?(?:了)?(?:的时候|以后|之后|后)?(?:的话)?(?:请|麻烦|再|就|记得|也)*(?:告诉|通知|提醒|叫|喊|踢|回复|跟|和)(?:一下|一声)?我(?:说)?(?:一下|一声)?(?:吧|哈|啊|呗|谢谢)?$|^(?:please )?(?:notify me|keep me (?:posted|updated|informed)|(?:let me know|tell me|update me)(?: (?:when|if|once|as soon as)\b.*)?)(?: please)?$/u
/** Wants to hear no more of incidents, in the words that their news names. */
const leavesIncidents =
  /^(?:请|麻烦)?(?:退订|取消|关闭)(?:故障|恢复)?(?:的)?(?:进展|故障|恢复)(?:的)?(?:通知|消息|提醒)$|^(?:please )?stop (?:the )?(?:incident )?updates(?: please)?$/u
/** Wants to hear no more, of whatever it is. */
const wantsNoNews =
  /^(?:请|麻烦)?(?:退订通知|(?:不用|别|不要|不必|无需)再?(?:告诉|通知|提醒)我?(?:进展)?了?)$|^(?:please )?stop (?:notifying|updating) me(?: please)?$/u

const plain = (words: string): string =>
  simplify(words)
    .toLowerCase()
    .replace(/[\p{P}\p{S}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()

const noEffects = ({ language }: Turn): IncidentEffects => ({
  heard: [],
  follows: [],
  leaves: false,
  language: language(),
})

const isLater = (incidents: readonly IncidentAtHand[]): boolean =>
  incidents.some(({ tellsLater }) => tellsLater === true)

/** Notes down who wants to hear how these go on. */
const follow = (turn: Turn, incidents: readonly IncidentAtHand[]): Decision => ({
  ...decided(turn, {
    kind: 'chat',
    rule: 'incident-followed',
    reasons: incidents.map(({ number }) => ({ code: 'incident-followed', values: { number } })),
    say: [text(turn.words()[isLater(incidents) ? 'incidentFollowedLater' : 'incidentFollowed'])],
    state: { offered: [] },
  }),
  incidents: { ...noEffects(turn), follows: incidents.map(({ id }) => id) },
})

/** Pressed the button that stood below a notice. The incident may be over by now. */
export const pressedFollow = (turn: Turn, incidentId: string): Decision => {
  const incident = turn.incidents.find(({ id }) => id === incidentId)
  if (incident !== undefined) return follow(turn, [incident])
  return decided(turn, {
    kind: 'chat',
    rule: 'incident-over',
    reasons: [{ code: 'incident-over', values: {} }],
    say: [text(turn.words().incidentOver)],
    state: { offered: [] },
  })
}

const leave = (turn: Turn, said: string): Decision => ({
  ...decided(turn, {
    kind: 'chat',
    rule: 'incident-left',
    reasons: [{ code: 'incident-left', values: {} }],
    say: [text(said)],
  }),
  incidents: { ...noEffects(turn), leaves: true },
})

/**
 * The whole message says to be told of what was heard here, or not to be told any more. Words that name no incidents
 * end the news of suggestions as well, where those are read so, too: then both are named.
 */
export const incidentWish = (turn: Turn): Decision | undefined => {
  const words = plain(turn.said.written)
  if (leavesIncidents.test(words)) return leave(turn, turn.words().incidentLeft)
  if (turn.incidents.some(({ follows }) => follows) && wantsNoNews.test(words)) {
    const { allNewsLeft, incidentLeft } = turn.words()
    return leave(turn, turn.suggestions.saysStop(turn.said.written) ? allNewsLeft : incidentLeft)
  }
  const heard = turn.incidents.filter(({ heardVersion }) => heardVersion !== undefined)
  return wantsNews.test(words) && heard.length > 0 ? follow(turn, heard) : undefined
}

/** Decisions about a matter; greetings and silence bear no notice. */
const aboutMatters: ReadonlySet<DecisionKind> = new Set(['answer', 'clarify', 'escalate'])
/** Of a form only what begins it bears one. */
const isAboutMatter = ({ form }: Turn, { record: { kind } }: Decision): boolean =>
  aboutMatters.has(kind) || (kind === 'collect' && form === undefined)
/** Of several at once the contact hears no more than these. */
const mostNotices = 2

/** What a decision is about: the article, the escalation, the form, and what was surely understood. */
const topicsOf = (turn: Turn, { record, escalation, dialogue }: Decision): ReadonlySet<string> => {
  const form = dialogue.form === undefined ? undefined : turn.forms.find(dialogue.form.form)
  const article = record.articleId === undefined ? undefined : turn.library.find(record.articleId)
  const understood = turn.consulted()
  const questions = understood === undefined ? [] : (understood.questions ?? [understood])
  const sure = questions.filter(({ confidence }) => confidence >= turn.config.thresholds.clarify)
  return new Set([
    ...[article?.topic, escalation?.topic, form?.topic].filter((topic) => topic !== undefined),
    ...sure.map(({ topic }) => topic),
  ])
}

const matching = (turn: Turn, decision: Decision): readonly IncidentAtHand[] => {
  if (turn.incidents.length === 0 || decision.incidents !== undefined) return []
  if (!isAboutMatter(turn, decision)) return []
  if (turn.said.text === '' && turn.said.choice === undefined) return []
  const topics = topicsOf(turn, decision)
  return turn.incidents.filter(
    (one) => one.topics.length === 0 || one.topics.some((topic) => topics.has(topic)),
  )
}

const hasChoices = ({ say }: Decision): boolean => say.flat().some(({ kind }) => kind === 'choices')

/** Below the answer: a button to be told how it goes on, or the words for it where the message has buttons already. */
const offerFollowing = (
  turn: Turn,
  decision: Decision,
  [first]: readonly IncidentAtHand[],
): {
  readonly hint: readonly Part[]
  readonly below: readonly Part[]
  readonly state: Partial<DialogueState>
} => {
  // Whose ticket hangs under it is told anyway.
  const isTold = decision.escalation !== undefined
  // A form would take the words for an answer to its question.
  if (first === undefined || isTold || decision.dialogue.form !== undefined)
    return { hint: [], below: [], state: {} }
  const words = turn.words()
  if (hasChoices(decision)) return { hint: [text(words.incidentHint)], below: [], state: {} }
  const option = { id: `${incidentMark}${first.id}`, label: words.incidentFollow }
  const { say, state } = asking(turn, words.incidentOffer, [option])
  return { hint: [], below: say, state }
}

/** The notices above what is said, and a way to be told below it. */
const saidWith = ({ say }: Decision, above: readonly Part[], below: readonly Part[]): Decision['say'] => {
  const [first = [], ...rest] = say
  const whole = [[...above, ...first], ...rest]
  return below.length === 0 ? whole : [...whole.slice(0, -1), [...(whole.at(-1) ?? []), ...below]]
}

/**
 * A question that an open incident is about: its notice is heard first, once in a conversation for each wording, with the
 * normal answer behind it; a ticket that this opens hangs under it.
 */
export const withIncidents = (turn: Turn, decision: Decision): Decision => {
  const found = matching(turn, decision)
  const [first] = found
  if (first === undefined) return decision
  const { escalation, record } = decision
  const isUrgent = escalation?.urgency === 'urgent' || turn.consulted()?.urgency === 'urgent'
  // The end of what is about everything must not solve what somebody is in trouble about.
  const parent = found.find(({ topics }) => topics.length > 0) ?? (isUrgent ? undefined : first)
  const hangs = escalation === undefined || parent === undefined ? {} : { hangs: parent.id }
  const news = found
    .filter(({ heardVersion, noticeVersion }) => heardVersion !== noticeVersion)
    .slice(0, mostNotices)
  // Whoever is in trouble is not told of other things first; whoever is told nothing hears no notice either.
  if (news.length === 0 || isUrgent || escalation?.quiet === true)
    return escalation === undefined ? decision : { ...decision, incidents: { ...noEffects(turn), ...hangs } }
  const unfollowed = news.filter(({ follows }) => !follows)
  const { hint, below, state } = offerFollowing(turn, decision, unfollowed)
  const notices = news.map(({ notice }) =>
    text(turn.language() === 'en' ? (notice.en ?? notice.zh) : notice.zh),
  )
  return {
    ...decision,
    record: {
      ...record,
      reasons: [
        ...record.reasons,
        ...news.map(({ number }) => ({ code: 'incident-notice' as const, values: { number } })),
      ],
    },
    say: saidWith(decision, [...notices, ...hint], below),
    dialogue: { ...decision.dialogue, ...state },
    incidents: {
      ...noEffects(turn),
      ...hangs,
      heard: news.map(({ id, noticeVersion }) => ({ incidentId: id, version: noticeVersion })),
    },
  }
}
