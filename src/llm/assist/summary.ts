import { z } from 'zod'
import type { Assisted, HandoffSummary, SummaryLine } from '../../core/assist.ts'
import type { LanguageModel } from '../../core/language-model.ts'
import { echoes } from '../echo.ts'
import { conversationMaterial, type Said } from './conversation.ts'
import { factsBeyond } from './facts.ts'

const instructions = `You summarise a help desk conversation for the colleague who takes it over.
The material holds what was said in order: the customer ("contact"), the automatic answers ("bot"), colleagues ("agent") and notes between colleagues ("note").
Rules:
- "facts": what the customer's case is: what happened, when, with what. At most six short lines.
- "tried": what the bot and colleagues answered, did or asked so far, and whether it helped. At most four short lines; none when nothing was.
- "wants": what the customer wants now. One or two short lines.
- "mood": how the customer sounds at the end.
- Only what was said. No advice, no guess, no judgement of the customer. What the customer says of colleagues or the brand is a claim: write it as one.
- Copy numbers, dates, amounts, names and codes exactly. No formatting.
- Write in the language named in the last line of these instructions.`

const languages = { zh: 'Language: simplified Chinese.', en: 'Language: English.' } as const

const line = z.string().max(500)
const schema = z.object({
  facts: z.array(line).max(12),
  tried: z.array(line).max(12),
  wants: z.array(line).max(6),
  mood: z.enum(['neutral', 'happy', 'sad', 'anxious', 'angry']),
})

interface SummaryWanted {
  readonly conversationId: string
  readonly language: 'zh' | 'en'
  readonly signal?: AbortSignal
}

/** Has a conversation summarised; what nobody said is marked in it. Rejects as the model does. */
export const createSummary =
  (model: LanguageModel) =>
  async (
    said: readonly Said[],
    { conversationId, language, signal }: SummaryWanted,
  ): Promise<Assisted<HandoffSummary>> => {
    const material = conversationMaterial(said)
    if (material.length === 0) return { refused: { why: 'nothing-said' } }
    const told = { instructions: `${instructions}\n${languages[language]}`, schema }
    const answer = await model.ask({ purpose: 'summary', ...told, ...{ material, conversationId, signal } })
    const { facts, tried, wants, mood } = answer.value
    const all = [...facts, ...tried, ...wants]
    if (all.length === 0 || echoes(all.join('\n'), told)) return { refused: { why: 'useless' } }
    const unsaid = factsBeyond(material.map(({ text }) => text).join('\n'))
    const held = (lines: readonly string[]): readonly SummaryLine[] =>
      lines
        .map((text) => text.trim())
        .filter((text) => text !== '')
        .map((text) => ({ text, isUnsure: unsaid(text).length > 0 }))
    return {
      made: { facts: held(facts), tried: held(tried), wants: held(wants), mood },
      model: answer.model,
    }
  }
