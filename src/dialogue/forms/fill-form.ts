import type { Decision } from '../../core/conversation.ts'
import type { FormSlot } from '../../core/form.ts'
import type { FormAnswer } from '../../core/form-progress.ts'
import type { Reason } from '../../core/reason.ts'
import { askedForPerson, angry, certainArticle, leads, urgentTopic } from '../person-rules.ts'
import { picked } from '../event-rules.ts'
import { giveAnswer } from '../give-answer.ts'
import { callPerson, decided, silent } from '../outcome.ts'
import type { Turn } from '../turn.ts'
import { askOpen } from './ask.ts'
import { readCommand } from './commands.ts'
import { readCorrection, readItem } from './corrections.ts'
import { filesOf, keepFiles } from './files.ts'
import { toolFormUntil } from './for-tool.ts'
import { answerWords, gathered } from './gathered.ts'
import { endForm, finish, handOver } from './leave.ts'
import { advance, openSlot, reopen, type OpenForm } from './progress.ts'
import { entityKinds, namesSeveral, readValue } from './read-value.ts'
import { namesTaken, startChosen, untilOf } from './start-form.ts'
import { takeFrom } from './take.ts'
import { formWords } from './words.ts'

type Answers = Readonly<Record<string, FormAnswer>>

/** Misses in a row after which ways out are named, and after which a person takes over. */
const missesBeforeHelp = 2
const missesBeforePerson = 4
/** After which what a tool needs is asked no more. */
const missesOfTool = 2

const today = ({ now, config }: Turn) => ({ now, timezone: config.timezone })
const wordsOf = ({ progress }: OpenForm) => formWords[progress.language]

/** Goes on with the form: says what came of the answer and asks what is open. */
const proceed = (
  turn: Turn,
  open: OpenForm,
  { rule, reasons, say = [] }: { rule: string; reasons: readonly Reason[]; say?: readonly string[] },
): Decision => {
  // With its ticket open nothing is left to confirm, and a tool asks for that itself where it changes something.
  const isConfirmed = open.progress.handedOver === true || open.form.tool !== undefined
  if (open.progress.slot === '' && isConfirmed) return finish(turn, open)
  const asked = askOpen(turn, open, say)
  const question: Reason = {
    code: 'form-question',
    values: { form: open.form.title.zh, field: openSlot(open)?.name ?? 'summary' },
  }
  const decision = decided(turn, {
    kind: 'collect',
    rule,
    reasons: [...reasons, question],
    say: asked.say,
    state: { ...asked.state, failedTurns: 0 },
  })
  return open.progress.handedOver === true ? { ...decision, form: gathered(open, false) } : decision
}

const takeAnswers = (turn: Turn, open: OpenForm, answers: Answers, say: readonly string[] = []): Decision => {
  const next = advance(open, answers, turn.config.forms.maxQuestions)
  const names = Object.keys(answers)
  const noted = namesTaken(
    next,
    names.filter((name) => name !== open.progress.slot),
  )
  return proceed(turn, next, {
    rule: 'form-answer',
    reasons: [{ code: 'form-taken', values: { fields: names.join(', ') } }],
    say: [...say, ...(noted.length === 0 ? [] : [wordsOf(open).noted(noted)])],
  })
}

/** An answer that does not fit: says how it should look, then names ways out, then calls a person. */
const missedAnswer = (turn: Turn, open: OpenForm, hint: string): Decision => {
  const misses = open.progress.misses + 1
  const slot = openSlot(open)
  const reason: Reason = { code: 'form-unfit', values: { field: slot?.name ?? 'summary', count: misses } }
  if (open.form.tool !== undefined && misses >= missesOfTool) return giveUp(turn, open, reason)
  if (misses >= missesBeforePerson)
    return handOver(turn, open, { rule: 'form-gave-up', reason, say: [wordsOf(open).gaveUp] })
  const next = { ...open, progress: { ...open.progress, misses } }
  const help = misses >= missesBeforeHelp ? [wordsOf(open).stuck] : []
  return proceed(turn, next, { rule: 'form-unfit', reasons: [reason], say: [hint, ...help] })
}

/** What a tool needs did not come: it is left, and nobody is called for it. */
const giveUp = (turn: Turn, open: OpenForm, reason: Reason): Decision => {
  const say = wordsOf(open).leftTool(open.form.title[open.progress.language])
  return endForm(turn, open, { rule: 'form-gave-up', reason, say })
}

const hintOf = (slot: FormSlot, { progress }: OpenForm): string =>
  slot.hint?.[progress.language] ?? formWords[progress.language].hints[slot.kind]

/** What is said of a text that does not answer the question. */
const unfit = (turn: Turn, open: OpenForm, slot: FormSlot, text: string): string =>
  namesSeveral(slot, text, today(turn)) ? wordsOf(open).severalNamed : hintOf(slot, open)

const skip = (turn: Turn, open: OpenForm, slot: FormSlot, reason: string): Decision => {
  if (open.form.tool !== undefined && slot.required)
    return giveUp(turn, open, { code: 'form-required', values: { field: slot.name } })
  if (slot.required && reason === '') {
    if (open.progress.misses + 1 >= missesBeforePerson) return missedAnswer(turn, open, hintOf(slot, open))
    const next = {
      ...open,
      progress: { ...open.progress, wantsReason: true, misses: open.progress.misses + 1 },
    }
    return proceed(turn, next, {
      rule: 'form-skip-why',
      reasons: [{ code: 'form-required', values: { field: slot.name } }],
      say: [wordsOf(open).cannotSkip(slot.label[open.progress.language])],
    })
  }
  const next = advance(
    open,
    { [slot.name]: { skipped: reason.slice(0, 200) } },
    turn.config.forms.maxQuestions,
  )
  return proceed(turn, next, {
    rule: 'form-skip',
    reasons: [{ code: 'form-skipped', values: { field: slot.name } }],
  })
}

const change = (turn: Turn, open: OpenForm, slot: FormSlot, text: string): Decision => {
  const { language } = open.progress
  const reasons: readonly Reason[] = [{ code: 'form-changed', values: { field: slot.name } }]
  const value = text === '' ? undefined : readValue(slot, text, today(turn))
  if (value === undefined) {
    const again = text === '' ? wordsOf(open).askAgain(slot.label[language]) : unfit(turn, open, slot, text)
    return proceed(turn, reopen(open, slot.name), { rule: 'form-change', reasons, say: [again] })
  }
  const next = advance(open, { [slot.name]: { value } }, turn.config.forms.maxQuestions)
  const shown = answerWords(slot, { value })[language]
  // A question left open stays the open one.
  const kept = open.progress.slot === slot.name || open.progress.slot === '' ? next : keepOpen(open, next)
  return proceed(turn, kept, {
    rule: 'form-change',
    reasons,
    say: [wordsOf(open).changed(slot.label[language], shown)],
  })
}

const keepOpen = (before: OpenForm, next: OpenForm): OpenForm => {
  const slot = openSlot(before)
  if (slot === undefined || next.progress.answers[slot.name] !== undefined) return next
  const applied =
    slot.when === undefined || slot.when.is.includes(next.progress.answers[slot.when.slot]?.value ?? '')
  return applied ? { ...next, progress: { ...next.progress, slot: slot.name } } : next
}

const goBack = (turn: Turn, open: OpenForm): Decision => {
  const { asked, slot } = open.progress
  const at = asked.indexOf(slot)
  const last = (at < 0 ? asked : asked.slice(0, at)).at(-1)
  const reasons: readonly Reason[] = [{ code: 'form-changed', values: { field: last ?? slot } }]
  if (last === undefined)
    return proceed(turn, open, { rule: 'form-back', reasons, say: [wordsOf(open).first] })
  return proceed(turn, reopen(open, last), { rule: 'form-back', reasons })
}

const cancel = (turn: Turn, open: OpenForm): Decision =>
  endForm(turn, open, {
    rule: 'form-cancel',
    reason: { code: 'form-cancelled', values: { form: open.form.title.zh } },
    say: open.progress.handedOver === true ? wordsOf(open).cancelledLater : wordsOf(open).cancelled,
  })

const topicsOf = (turn: Turn, { form }: OpenForm): readonly string[] => [
  form.topic,
  ...form.startedBy.topics,
  ...form.startedBy.articles.flatMap((id) => turn.library.find(id)?.topic ?? []),
]

/** A wish for a person, or another matter that cannot wait. */
const leave = (turn: Turn, open: OpenForm): Decision | undefined => {
  const understood = turn.understood()
  if (understood === undefined) return undefined
  const person = askedForPerson(turn)
  if (person !== undefined) return person
  const isOwn = topicsOf(turn, open).includes(certainArticle(turn)?.article.topic ?? understood.topic)
  const isTold = openSlot(open)?.kind === 'text'
  const urgent = isOwn ? undefined : urgentTopic(turn)
  const isSure = understood.confidence >= turn.config.thresholds.answer
  if (urgent !== undefined && (isSure || !isTold)) return urgent
  // What somebody else said may stand in a report; it is no anger at us.
  return isTold ? undefined : angry(turn)
}

const questionMarks =
  /[?？]|怎么|怎麼|如何|多久|哪里|哪裡|为什么|為什麼|什么时候|什麼時候|吗|嗎|多少钱|^(?:how|what|when|where|why|can i|do you|is there)\b/iu

/** A real question in between: answered, or noted for the person who handles it, before the form goes on. */
const digress = (turn: Turn, open: OpenForm): Decision | undefined => {
  const certain = certainArticle(turn)?.article
  if (certain === undefined || !questionMarks.test(turn.said.text)) return undefined
  if (open.form.startedBy.articles.includes(certain.id)) return undefined
  const { language, also = [] } = open.progress
  if (certain.handoff) {
    const question = language === 'en' ? (certain.en?.question ?? certain.question) : certain.question
    const noted = [...also.filter((one) => one !== certain.question), certain.question].slice(-3)
    const next = { ...open, progress: { ...open.progress, also: noted } }
    return proceed(turn, next, {
      rule: 'form-also',
      reasons: [{ code: 'persons-article', values: { question: certain.question } }],
      say: [wordsOf(open).alsoNoted(question), wordsOf(open).goOn],
    })
  }
  const values = { question: certain.question }
  const answer = giveAnswer(turn, certain, 'form-digress', [{ code: 'closest-question', values }])
  return resume(turn, open, answer)
}

/** What another rule says, and below it the open question again. */
const resume = (turn: Turn, open: OpenForm, decision: Decision): Decision => {
  const asked = askOpen(turn, open, [wordsOf(open).goOn])
  return {
    ...decision,
    say: [...decision.say.slice(0, -1), [...(decision.say.at(-1) ?? []), ...asked.say]],
    dialogue: { ...decision.dialogue, ...asked.state },
  }
}

const smallTalk = (turn: Turn, open: OpenForm): Decision | undefined => {
  const understood = turn.understood()
  if (understood === undefined || !leads(turn, understood, 'chat')) return undefined
  const reply = turn.reply(understood.intent, 'sober')
  if (reply === undefined) return undefined
  if (open.form.tool === undefined) return missedAnswer(turn, open, reply)
  // Thanks for the article's answer: nothing is wanted of the tool.
  const reason: Reason = { code: 'form-cancelled', values: { form: open.form.title.zh } }
  return endForm(turn, open, { rule: 'form-cancel', reason, say: reply })
}

/** A press of one of the form's own buttons, old ones too. */
const press = (turn: Turn, open: OpenForm, pressed: string): Decision => {
  const [what = '', name = '', option = ''] = pressed.split(':')
  const slot = open.form.slots.find((one) => one.name === name)
  if (what === 'do' && name === 'submit' && open.progress.slot === '') return finish(turn, open)
  const current = openSlot(open)
  if (what === 'do' && name === 'skip' && current !== undefined) return skip(turn, open, current, '')
  if (what === 'edit' && slot !== undefined) return change(turn, open, slot, '')
  const known = slot?.kind === 'yes-no' ? ['yes', 'no'] : (slot?.options.map(({ id }) => id) ?? [])
  if (what === 'slot' && slot !== undefined && known.includes(option))
    return takeAnswers(turn, open, { [slot.name]: { value: option } })
  return proceed(turn, open, { rule: 'form-resume', reasons: [{ code: 'option-gone', values: {} }] })
}

/** What was said while the summary waits. */
const confirm = (turn: Turn, open: OpenForm, text: string): Decision => {
  const item = readItem(text, open)
  if (item !== undefined) return change(turn, open, item, '')
  return digress(turn, open) ?? smallTalk(turn, open) ?? missedAnswer(turn, open, wordsOf(open).notClear)
}

const obey = (turn: Turn, open: OpenForm, text: string): Decision | undefined => {
  const command = readCommand(text)
  const slot = openSlot(open)
  switch (command?.to) {
    case undefined:
      return undefined
    case 'cancel':
      return cancel(turn, open)
    case 'back':
      return goBack(turn, open)
    case 'submit':
      return slot === undefined ? finish(turn, open) : undefined
    case 'skip':
      return slot === undefined ? undefined : skip(turn, open, slot, command.reason)
    case 'none':
      if (slot === undefined || slot.kind === 'yes-no') return undefined
      return skip(turn, open, slot, slot.required ? command.reason : '')
    default:
      return command satisfies never
  }
}

/** The answers a text gives to the open question and to others. */
const readAnswers = (turn: Turn, { form, progress }: OpenForm, slot: FormSlot): Answers => {
  const { text } = turn.said
  const { answers } = progress
  const named = takeFrom(text, { form, answers, open: slot.name, today: today(turn) })
  if (named[slot.name] !== undefined) return named
  // What another question took is no answer to this one.
  const isTaken =
    slot.kind !== 'text' && entityKinds[slot.kind] !== undefined && Object.keys(named).length > 0
  const value = isTaken ? undefined : readValue(slot, text, today(turn))
  return value === undefined ? named : { ...named, [slot.name]: { ...answers[slot.name], value } }
}

const answerOpen = (turn: Turn, open: OpenForm, text: string, hasFiles: boolean): Decision => {
  const slot = openSlot(open)
  if (slot === undefined) return confirm(turn, open, text)
  const answers = readAnswers(turn, open, slot)
  const isAnswered = answers[slot.name] !== undefined
  const kept = hasFiles ? [wordsOf(open).filesKept(filesOf(turn.claim).length)] : []
  const next = advance(open, answers, turn.config.forms.maxQuestions)
  if (isAnswered && slot.kind !== 'text') return digress(turn, next) ?? takeAnswers(turn, open, answers, kept)
  const aside = digress(turn, open) ?? smallTalk(turn, open)
  if (aside !== undefined) return aside
  if (isAnswered) return takeAnswers(turn, open, answers, kept)
  if (hasFiles && slot.kind === 'evidence') return takeAnswers(turn, open, answers, kept)
  if (open.progress.wantsReason && /[\p{L}\p{N}]{2}/u.test(text))
    return skip(turn, open, slot, text.slice(0, 200))
  const names = Object.keys(answers)
  if (names.length === 0) return missedAnswer(turn, open, unfit(turn, open, slot, text))
  return proceed(turn, keepOpen(open, next), {
    rule: 'form-answer',
    reasons: [{ code: 'form-taken', values: { fields: names.join(', ') } }],
    say: [...kept, wordsOf(open).noted(namesTaken(next, names))],
  })
}

/** Files without words: they are kept, and answer the question for evidence. */
const takeFiles = (turn: Turn, open: OpenForm, before: OpenForm): Decision => {
  const count = filesOf(turn.claim).length
  const say = [open === before ? wordsOf(open).filesSeen : wordsOf(open).filesKept(count)]
  const slot = openSlot(open)
  const evidence = open.form.slots.find(({ kind }) => kind === 'evidence')
  const reasons: readonly Reason[] = [{ code: 'form-taken', values: { fields: evidence?.name ?? 'files' } }]
  const isAnswer = slot !== undefined && slot === evidence
  const next = isAnswer ? advance(open, {}, turn.config.forms.maxQuestions) : open
  if (count === 0)
    return missedAnswer(turn, open, slot === undefined ? wordsOf(open).notClear : hintOf(slot, open))
  return proceed(turn, next, { rule: 'form-files', reasons, say })
}

const isWordless = ({ said }: Turn): boolean =>
  said.text === '' && said.choice === undefined && said.attachments.length === 0 && !said.sticker

/** Goes on with the form that is open. Only what has no words in it is left to other rules. */
export const fillForm = (turn: Turn): Decision | undefined => {
  if (turn.form === undefined) return startChosen(turn)
  if (turn.now.toISOString() >= turn.form.progress.until) return lapse(turn, turn.form)
  if (isWordless(turn))
    return turn.claim.mode === 'human'
      ? silent(turn, 'person-leads', { code: 'person-leads', values: {} })
      : undefined
  const { form, progress } = turn.form
  const until = form.tool === undefined ? untilOf(turn) : toolFormUntil(turn)
  const before: OpenForm = { form, progress: { ...progress, until } }
  const { choice, text } = turn.said
  if (choice?.to === 'person')
    return callPerson(turn, { rule: 'asked-for-person', reasons: [{ code: 'chose-person', values: {} }] })
  const open = keepFiles(before, filesOf(turn.claim))
  if (choice?.to === 'form') return press(turn, open, choice.press)
  if (choice !== undefined && choice.to !== 'unknown') {
    const other = picked(turn)
    return other === undefined
      ? undefined
      : other.escalation === undefined
        ? resume(turn, open, other)
        : other
  }
  if (text === '') return takeFiles(turn, open, before)
  const left = leave(turn, open)
  if (left !== undefined) return left
  const obeyed = obey(turn, open, text)
  if (obeyed !== undefined) return obeyed
  const correction = readCorrection(text, open)
  if (correction !== undefined) return change(turn, open, correction.slot, correction.value)
  return answerOpen(turn, open, text, open !== before)
}

const lapse = (turn: Turn, open: OpenForm): Decision =>
  handOver(turn, open, {
    rule: 'form-lapsed',
    reason: { code: 'form-lapsed', values: { form: open.form.title.zh } },
    say: [wordsOf(open).lapsed(open.form.title[open.progress.language])],
  })
