import type { Decision } from '../../core/conversation.ts'
import type { Reason } from '../../core/reason.ts'
import { callPerson, decided, text } from '../outcome.ts'
import type { Turn } from '../turn.ts'
import { giveToTool } from './for-tool.ts'
import { gathered } from './gathered.ts'
import { hasAnswers, withoutForm, type OpenForm } from './progress.ts'
import { formWords } from './words.ts'

/** Rules by which a person gets the form's own matter rather than another one. */
const ownMatter: readonly string[] = [
  'asked-for-person',
  'angry-contact',
  'picked-option',
  'failed-turns',
  'menu-key',
]

/** Whatever calls a person while a form is open takes along what it gathered and ends it. */
export const handOverWith = (decision: Decision, open: OpenForm): Decision => {
  const { escalation } = decision
  if (escalation === undefined || decision.form !== undefined) return decision
  const { form, progress } = open
  const isOwn = ownMatter.includes(decision.record.rule)
  return {
    ...decision,
    dialogue: withoutForm(decision.dialogue),
    escalation: {
      ...escalation,
      ...(isOwn ? { topic: form.topic, kind: form.kind } : {}),
      language: progress.language,
    },
    ...(hasAnswers(progress) ? { form: gathered(open, false) } : {}),
  }
}

/** Calls a person with what the form gathered. */
export const handOver = (
  turn: Turn,
  open: OpenForm,
  { rule, reason, say }: { readonly rule: string; readonly reason: Reason; readonly say: readonly string[] },
): Decision => {
  const { form, progress } = open
  const complete = rule === 'form-done'
  const call = callPerson(turn, {
    rule,
    reasons: [reason],
    topic: form.topic,
    urgency: form.urgency,
    say: say.map(text),
  })
  return {
    ...call,
    dialogue: withoutForm(call.dialogue),
    ...(call.escalation === undefined
      ? {}
      : { escalation: { ...call.escalation, kind: form.kind, language: progress.language } }),
    ...(complete || hasAnswers(progress) ? { form: gathered(open, complete) } : {}),
  }
}

/** Ends the form without calling anybody: its ticket is open already, or nothing is wanted any more. */
export const endForm = (
  turn: Turn,
  open: OpenForm,
  { rule, reason, say }: { readonly rule: string; readonly reason: Reason; readonly say: string },
): Decision => {
  const decision = decided(turn, {
    kind: 'collect',
    rule,
    reasons: [reason],
    say: [text(say)],
    state: { offered: [] },
  })
  return {
    ...decision,
    dialogue: withoutForm(decision.dialogue),
    ...(open.progress.handedOver === true ? { form: gathered(open, rule === 'form-done') } : {}),
  }
}

/** All is answered and confirmed. */
export const finish = (turn: Turn, open: OpenForm): Decision => {
  const { form, progress } = open
  if (form.tool !== undefined) return giveToTool(turn, open, form.tool)
  const reason: Reason = { code: 'form-complete', values: { form: form.title.zh } }
  if (progress.handedOver === true)
    return endForm(turn, open, { rule: 'form-done', reason, say: formWords[progress.language].added })
  return handOver(turn, open, { rule: 'form-done', reason, say: [form.done[progress.language]] })
}
