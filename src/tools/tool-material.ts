import { randomUUID } from 'node:crypto'
import type { LanguageModel, ModelMaterial } from '../core/language-model.ts'
import type { Masker } from '../core/masking.ts'
import { chooseTool } from './choose-tool.ts'
import { shownOf } from './shown.ts'
import type { Toolbox, ToolCaller } from './toolbox.ts'

/** What a question's material from tools is made of. */
export interface ToolMaterialOptions {
  readonly toolbox: Toolbox
  readonly model: LanguageModel
  readonly masker: Pick<Masker, 'text'>
  /** Hosts that links may lead to. */
  readonly linkHosts: readonly string[]
}

/** A question of a contact. */
export interface ToolQuestion {
  /** The contact's own words. */
  readonly words: string
  /** The intent and the topic that were understood; tools of others are not there. */
  readonly subjects: readonly string[]
  readonly caller: ToolCaller
}

/**
 * What the brand's systems say to a question, for a language model to read: one call, chosen by the model, of a tool that
 * changes nothing, and of its answer only what may be shown, personal data masked. Undefined: nothing.
 */
export const createToolMaterial =
  ({ toolbox, model, masker, linkHosts }: ToolMaterialOptions) =>
  async ({ words, subjects, caller }: ToolQuestion): Promise<ModelMaterial | undefined> => {
    const tools = toolbox.toolsFor(subjects).filter(({ changesState }) => !changesState)
    const chosen = await chooseTool({ model, tools, words, conversationId: caller.conversationId })
    if (chosen === undefined) return undefined
    const call = await toolbox.prepare(chosen.tool, chosen.given, caller)
    if (call === undefined || 'failure' in call) return undefined
    const reply = await toolbox.execute(call, randomUUID())
    if (reply.kind !== 'answered') return undefined
    const lines = Object.entries(shownOf(chosen.tool, reply.value, linkHosts))
    if (lines.length === 0) return undefined
    const text = lines.map(([field, value]) => `${field}: ${masker.text(value)}`).join('\n')
    return { name: `tool:${chosen.tool.name}`, text }
  }
