import type { Form, FormSlot } from '../core/form.ts'
import type { JsonSchema } from '../core/tool.ts'
import type { CommonSection, ToolsSection } from './config.ts'
import { fitsProperty, propertiesOf } from './json-schema.ts'

/** Characters of a text that are kept, and letters that it needs. */
const mostCharacters = 200
const leastLetters = 1

const slotOf = (
  name: string,
  { kind, label, ask, hint, required, options }: CommonSection['asks'][string],
  property: unknown,
): FormSlot => ({
  ...{ name, kind, label, ask, required, options },
  ...(hint === undefined ? {} : { hint }),
  ...{ single: true, near: [], aliases: [], minLength: leastLetters, maxLength: mostCharacters },
  ...(property === undefined ? {} : { fits: (value: string) => fitsProperty(property, value) }),
})

/**
 * The form that asks what a tool needs; undefined: it asks nothing. `parameters`: answers are held against them as they are
 * given; where its system alone knows them, all together at the end.
 */
export const formOf = (name: string, section: CommonSection, parameters?: JsonSchema): Form | undefined => {
  const { asks, title, intents, answer } = section
  if (answer === undefined || Object.keys(asks).length === 0) return undefined
  const properties = parameters === undefined ? {} : propertiesOf(parameters)
  return {
    id: `tool:${name}`,
    tool: name,
    title,
    why: {
      zh: `要“${title.zh}”的话，请回答下面的问题；不需要就回复“取消”。`,
      en: `For “${title.en}”, please answer what is asked below, or reply “cancel”.`,
    },
    ...{ done: title, offer: title },
    ...{ kind: 'question', urgency: 'normal', handover: 'last' },
    topic: (intents[0] ?? '').split('.')[0] ?? '',
    startedBy: { articles: answer.articles, topics: [], intents: [] },
    offeredBy: [],
    slots: Object.entries(asks).map(([slot, asked]) => slotOf(slot, asked, properties[slot])),
    file: `tools ${name}`,
  }
}

/** The forms of all tools that ask. */
export const toolForms = ({ http, mcp }: Pick<ToolsSection, 'http' | 'mcp'>): readonly Form[] =>
  [
    ...Object.entries(http).map(([name, section]) => formOf(name, section, section.parameters)),
    ...Object.entries(mcp).flatMap(([server, { tools }]) =>
      Object.entries(tools).map(([there, section]) => formOf(`${server}.${there}`, section)),
    ),
  ].filter((form) => form !== undefined)
