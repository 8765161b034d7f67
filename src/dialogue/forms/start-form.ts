import type { Decision } from '../../core/conversation.ts'
import type { Form } from '../../core/form.ts'
import type { FormProgress } from '../../core/form-progress.ts'
import type { Reason } from '../../core/reason.ts'
import type { Classification } from '../../core/understanding.ts'
import { answerParts, asking, callPerson, decided } from '../outcome.ts'
import { angry, certainArticle, leansTo, urgentTopic } from '../person-rules.ts'
import type { Turn } from '../turn.ts'
import { askOpen } from './ask.ts'
import { answerWords, gathered } from './gathered.ts'
import { filesOf, keepFiles } from './files.ts'
import { advance, countQuestions, type OpenForm } from './progress.ts'
import { takeFromStart } from './take.ts'
import { formWords } from './words.ts'

const hourMs = 3_600_000

/** When a form that goes on now is given up. */
export const untilOf = ({ now, config }: Pick<Turn, 'now' | 'config'>): string =>
  new Date(now.getTime() + config.forms.resumeHours * hourMs).toISOString()

/** "侵权链接 BV1…" for what was taken. */
export const namesTaken = (open: OpenForm, names: readonly string[]): readonly string[] =>
  open.form.slots
    .filter(({ name, kind }) => names.includes(name) && kind !== 'text')
    .map((slot) => {
      const { language, answers } = open.progress
      return `${slot.label[language]} ${answerWords(slot, answers[slot.name] ?? {})[language]}`
    })

const begun = (turn: Turn, form: Form): OpenForm => {
  const { now, config, said } = turn
  const fresh: FormProgress = {
    form: form.id,
    language: turn.language(),
    slot: '',
    answers: {},
    asked: [],
    misses: 0,
    wantsReason: false,
    until: untilOf(turn),
  }
  // Where an option started it, what was said before that is about it too.
  const told = said.text === '' ? (turn.claim.dialogue.context.lastText ?? '') : said.text
  const taken = takeFromStart(told, form, { now, timezone: config.timezone })
  const kept = keepFiles({ form, progress: fresh }, filesOf(turn.claim))
  return advance(kept, taken, config.forms.maxQuestions)
}

const start = (turn: Turn, form: Form, articleId?: string): Decision => {
  const { maxQuestions } = turn.config.forms
  const open = begun(turn, form)
  const names = Object.keys(open.progress.answers)
  const words = formWords[open.progress.language]
  const noted = namesTaken(open, names)
  const intro = [
    words.intro(form.why[open.progress.language], countQuestions(form, open.progress, maxQuestions)),
    ...(noted.length === 0 ? [] : [words.noted(noted)]),
  ]
  const reasons: readonly [Reason, ...Reason[]] = [
    { code: 'form-started', values: { form: form.title.zh } },
    ...(names.length === 0 ? [] : [{ code: 'form-taken', values: { fields: names.join(', ') } } as const]),
  ]
  const kept = { ...(articleId === undefined ? {} : { articleId }) }
  if (form.handover === 'last') {
    const { say, state } = askOpen(turn, open, intro)
    return decided(turn, {
      kind: 'collect',
      rule: 'form-start',
      reasons,
      say,
      state: { ...state, failedTurns: 0 },
      ...kept,
    })
  }
  const early: OpenForm = { form, progress: { ...open.progress, handedOver: true } }
  const { say, state } = askOpen(turn, early, intro)
  const article = articleId === undefined ? undefined : turn.library.find(articleId)
  const call = callPerson(turn, {
    rule: 'form-start',
    reasons,
    topic: form.topic,
    urgency: form.urgency,
    ...(article === undefined ? {} : { article, say: answerParts(turn, article) }),
  })
  return {
    ...call,
    dialogue: { ...call.dialogue, ...state },
    ...(call.escalation === undefined
      ? {}
      : { escalation: { ...call.escalation, kind: form.kind, language: open.progress.language } }),
    form: gathered(early, false),
    after: say,
  }
}

/** A form that was chosen, or whose article was. */
export const startChosen = (turn: Turn): Decision | undefined => {
  const { choice } = turn.said
  if (turn.claim.mode === 'human') return undefined
  if (choice?.to === 'article') {
    const form = turn.forms.startedByArticle(choice.article.id)
    return form === undefined ? undefined : start(turn, form, choice.article.id)
  }
  if (choice?.to !== 'form' || !choice.press.startsWith('start:')) return undefined
  const form = turn.forms.find(choice.press.slice('start:'.length))
  return form === undefined ? undefined : start(turn, form)
}

/** From here on anger is too much for questions, whomever it is about. */
const furious = 3

/** Anger that a person sees to before any question: that about us. Who reports somebody else may well be annoyed. */
const isTooAngry = (turn: Turn, { kind }: Form): boolean => {
  if (angry(turn) === undefined) return false
  const understood = turn.understood()
  return (
    kind !== 'complaint' || understood?.abuse === 'us' || (understood?.emotionStrength ?? furious) >= furious
  )
}

/** A form asks, and is left with a word: it may start on less than an answer needs. */
const sureEnough = 0.65

/** The form of an article that leads, or of a topic where no article does. */
const formOf = (turn: Turn, understood: Classification) => {
  const { answer } = turn.config.thresholds
  const enough = Math.min(answer, sureEnough)
  const [best] = understood.candidates
  const leading =
    certainArticle(turn)?.article.id ?? (best && best.score >= enough ? best.articleId : undefined)
  const form =
    leading !== undefined
      ? turn.forms.startedByArticle(leading)
      : understood.confidence >= enough
        ? turn.forms.startedBySubject(understood)
        : undefined
  return { form, leading }
}

/** A matter that calls for a form. */
export const startForm = (turn: Turn): Decision | undefined => {
  const understood = turn.understood()
  if (understood === undefined || understood.asksForPerson) return undefined
  if (
    understood.outOfScope >= turn.config.thresholds.outOfScope ||
    leansTo(turn, understood, 'ignore') ||
    leansTo(turn, understood, 'chat')
  )
    return undefined
  const { form, leading } = formOf(turn, understood)
  if (form === undefined || isTooAngry(turn, form)) return undefined
  // What is urgent waits for no questions, unless the form opens the ticket first.
  if (form.handover === 'last' && urgentTopic(turn) !== undefined) return undefined
  return start(turn, form, leading)
}

/** Below the answer of an article that a form goes with, the form as an option. */
export const withOffer = (turn: Turn, decision: Decision): Decision => {
  const { kind, articleId } = decision.record
  if (kind !== 'answer' || articleId === undefined || turn.form !== undefined) return decision
  const form = turn.forms.offeredBy(articleId)
  if (form === undefined) return decision
  const language = turn.language()
  const { say, state } = asking(turn, formWords[language].offered, [
    { id: `form:start:${form.id}`, label: form.offer[language] },
  ])
  const [first = [], ...others] = decision.say
  return {
    ...decision,
    say: [[...first, ...say], ...others],
    dialogue: { ...decision.dialogue, ...state },
  }
}
