import type { Decision } from '../../core/conversation.ts'
import type { FormAnswer, FormProgress } from '../../core/form-progress.ts'
import type { Reason } from '../../core/reason.ts'
import { decided } from '../outcome.ts'
import { asSpoken } from '../spoken.ts'
import type { Turn } from '../turn.ts'
import { askOpen } from './ask.ts'
import { advance, openSlot, withoutForm, type OpenForm } from './progress.ts'

/** Milliseconds after which what was asked for a tool is wanted no more. */
const waitMs = 1_800_000

/** Until when an answer for a tool is waited for. */
export const toolFormUntil = ({ now }: Pick<Turn, 'now'>): string =>
  new Date(now.getTime() + waitMs).toISOString()

/** The decision with a tool's first question below what is said; options of the answer give way to it. */
export const askForTool = (
  turn: Turn,
  decision: Decision,
  { tool, answers }: { readonly tool: string; readonly answers: Readonly<Record<string, FormAnswer>> },
): Decision | undefined => {
  const form = turn.forms.ofTool(tool)
  if (form === undefined) return undefined
  const fresh: FormProgress = {
    ...{ form: form.id, language: turn.language(), slot: '', answers: {}, asked: [] },
    ...{ misses: 0, wantsReason: false, until: toolFormUntil(turn) },
  }
  const open = advance({ form, progress: fresh }, answers, turn.config.forms.maxQuestions)
  const slot = openSlot(open)
  if (slot === undefined) return undefined
  const { say, state } = askOpen(turn, open, [form.why[fresh.language]])
  const said = decision.say.map((parts) => parts.filter(({ kind }) => kind !== 'choices'))
  const reasons: readonly Reason[] = [
    { code: 'form-started', values: { form: form.title.zh } },
    { code: 'form-question', values: { form: form.title.zh, field: slot.name } },
  ]
  return {
    ...decision,
    record: { ...decision.record, reasons: [...decision.record.reasons, ...reasons] },
    say: [...said.slice(0, -1), [...(said.at(-1) ?? []), ...asSpoken(say, turn.spoken())]],
    dialogue: { ...decision.dialogue, ...state },
  }
}

/** Everything is answered: the tool goes on with it. Skipped questions are none of its arguments. */
export const giveToTool = (turn: Turn, { form, progress }: OpenForm, tool: string): Decision => {
  const decision = decided(turn, {
    kind: 'collect',
    rule: 'form-done',
    reasons: [{ code: 'form-complete', values: { form: form.title.zh } }],
    state: { offered: [], failedTurns: 0 },
  })
  const answers = Object.entries(progress.answers).flatMap(([name, { value }]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  )
  const script = turn.spoken() === 'zh-Hant' ? 'zh-Hant' : 'zh'
  return {
    ...decision,
    dialogue: {
      ...withoutForm(decision.dialogue),
      spoken: progress.language === 'en' ? 'en' : script,
    },
    gathered: { tool, answers: Object.fromEntries(answers) },
  }
}
