import { createInterface } from 'node:readline/promises'
import { Writable, type Readable } from 'node:stream'
import pc from 'picocolors'
import type { ConfigFault } from '../config-faults.ts'
import { readValue, type InboxField } from '../app/inbox-setup/fields.ts'
import type { InboxPlan, InboxValues } from '../app/inbox-setup/plan.ts'

/** Asks one question in a terminal. */
export interface Prompter {
  ask(question: string): Promise<string>
  /** The same without showing what is typed. */
  askHidden(question: string): Promise<string>
  close(): void
}

/** A terminal's questions. Rejects with an `AbortError` when the person gives up (Ctrl-C, Ctrl-D). */
export const createPrompter = (input: Readable, output: Writable): Prompter => {
  let hidden = false
  const screen = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!hidden) output.write(chunk)
      done()
    },
  })
  const terminal = createInterface({ input, output: screen, terminal: true })
  const givenUp = new AbortController()
  terminal.on('SIGINT', () => givenUp.abort())
  terminal.on('close', () => givenUp.abort())
  const ask = (question: string): Promise<string> => terminal.question(question, { signal: givenUp.signal })
  return {
    ask,
    askHidden: async (question) => {
      output.write(question)
      hidden = true
      try {
        return await ask('')
      } finally {
        hidden = false
        output.write('\n')
      }
    },
    close: () => terminal.close(),
  }
}

const hintOf = ({ required, fallback, generate, secret, options }: InboxField): string => {
  const notes = [
    ...(options.length > 0 ? [options.join(' | ')] : []),
    ...(secret ? ['不显示 hidden'] : []),
    ...(generate === undefined ? [] : ['回车自动生成 Enter makes one']),
    ...(fallback === undefined ? [] : [`回车为 Enter for ${JSON.stringify(fallback)}`]),
    ...(required || generate !== undefined || fallback !== undefined ? [] : ['回车跳过 Enter skips']),
  ]
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`
}

const showFault = ({ expected }: ConfigFault): string => `${pc.red('✗')} ${expected}\n`

/** Asks until the channel takes the answer; undefined: left out. */
const askField = async (
  field: InboxField,
  { plan, prompter, say }: { plan: InboxPlan; prompter: Prompter; say: (text: string) => void },
): Promise<unknown> => {
  say(`\n${pc.bold(field.key)}  ${pc.dim(field.description)}\n`)
  for (;;) {
    const question = `  ${field.key}${hintOf(field)}: `
    const text = (await (field.secret ? prompter.askHidden(question) : prompter.ask(question))).trim()
    if (text === '' && !(field.required && field.generate === undefined)) return undefined
    const value = text === '' ? undefined : readValue(field, text)
    const fault = plan
      .faults(new Map(value === undefined ? [] : [[field.key, value]]))
      .find(({ key }) => key === field.key)
    if (fault === undefined) return value
    say(showFault(fault))
  }
}

/** Asks for everything worth asking that was not given, and once more for what the channel refuses. */
export const askForInbox = async (
  plan: InboxPlan,
  given: InboxValues,
  { prompter, say }: { readonly prompter: Prompter; readonly say: (text: string) => void },
): Promise<InboxValues> => {
  const values = new Map(given)
  const askAll = async (fields: readonly InboxField[]): Promise<void> => {
    for (const field of fields) {
      const value = await askField(field, { plan, prompter, say })
      if (value !== undefined) values.set(field.key, value)
    }
  }
  await askAll(plan.fields.filter(({ key, asked }) => asked && !values.has(key)))
  const others = plan.fields.filter(({ key, asked }) => !asked && !values.has(key))
  if (others.length > 0) {
    const keep = await prompter.ask(
      `\n其余 ${String(others.length)} 项用默认值？ Keep the defaults of the other ${String(others.length)} settings? [Y/n] `,
    )
    if (/^\s*(n|no|否)\s*$/i.test(keep)) await askAll(others)
  }
  // What only shows once all is there: one setting that needs another.
  for (;;) {
    const faults = plan.faults(plan.complete(values))
    const wrong = plan.fields.filter(({ key }) => faults.some((fault) => fault.key === key))
    if (wrong.length === 0) return values
    for (const fault of faults) say(`${pc.bold(fault.key)} ${showFault(fault)}`)
    for (const { key } of wrong) values.delete(key)
    await askAll(wrong.map((field) => ({ ...field, required: true })))
  }
}
