import { z } from 'zod'
import type { CommonSection, HttpToolSection, ToolsSection } from './config.ts'
import { fitsProperty, propertiesOf } from './json-schema.ts'

/** Something in the section that cannot be used; `key` is its place below `tools`. */
export interface ToolsFault {
  readonly key: string
  readonly expected: string
}

const placeholders = (template: string): readonly string[] =>
  [...template.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].map(([, inner = '']) => inner)

const schemaFault = (written: Readonly<Record<string, unknown>>): string | undefined => {
  try {
    z.fromJSONSchema(written)
    return undefined
  } catch {
    return 'a JSON Schema (draft 2020-12 or draft 7) without references to other places'
  }
}

const parameterNames = ({ parameters }: HttpToolSection): ReadonlySet<string> =>
  new Set(Object.keys(propertiesOf(parameters)))

const modelFaults = (key: string, { toModel, changesState, shows }: CommonSection): readonly ToolsFault[] =>
  toModel && (changesState || shows.length === 0)
    ? [{ key: `${key}.toModel`, expected: 'false, or a tool that changes nothing and shows something' }]
    : []

/** An answer begins a call, and so may a model that looks something up; what changes something, an answer alone. */
const callFaults = (key: string, { answer, toModel, changesState }: CommonSection): readonly ToolsFault[] => {
  if (answer !== undefined || (toModel && !changesState)) return []
  const instead = changesState ? '' : ', or toModel: true'
  return [
    {
      key: `${key}.answer`,
      expected: `articles and words${instead}; without, nothing would ever call the tool`,
    },
  ]
}

/** What is wrong with the questions of a tool, wherever it comes from. */
const askFaults = (key: string, { asks, answer }: CommonSection): readonly ToolsFault[] => [
  ...(Object.keys(asks).length > 0 && answer === undefined
    ? [{ key: `${key}.asks`, expected: 'an answer beside it: where it is asked' }]
    : []),
  ...Object.entries(asks)
    .filter(([, { kind, options }]) => (kind === 'choice') !== options.length > 1)
    .map(([one]) => ({ key: `${key}.asks.${one}.options`, expected: 'two or more for a choice, else none' })),
]

const httpAskFaults = (key: string, { asks, parameters }: HttpToolSection): readonly ToolsFault[] => {
  const asked = Object.keys(asks)
  if (asked.length === 0) return []
  const properties = propertiesOf(parameters)
  const required = z.array(z.string()).catch([]).parse(parameters['required'])
  return [
    ...asked
      .filter((one) => !Object.hasOwn(properties, one))
      .map((one) => ({ key: `${key}.asks.${one}`, expected: 'a name among the parameters' })),
    ...required
      .filter((one) => asks[one]?.required !== true)
      .map((one) => ({ key: `${key}.asks`, expected: `a required question for ${one}, which a call needs` })),
    ...Object.entries(asks).flatMap(([one, { options }]) =>
      options
        .filter(({ id }) => !fitsProperty(properties[one], id))
        .map(({ id }) => ({
          key: `${key}.asks.${one}.options`,
          expected: `values of the parameter; ${id} is none`,
        })),
    ),
  ]
}

const answerFaults = (key: string, { answer, shows }: CommonSection): readonly ToolsFault[] =>
  answer === undefined
    ? []
    : Object.values(answer.words)
        .flatMap(placeholders)
        .filter((one) => !shows.includes(one))
        .map((one) => ({ key: `${key}.answer.words`, expected: `${one} among shows, or not in the words` }))

const httpFaults = (key: string, tool: HttpToolSection): readonly ToolsFault[] => {
  const names = parameterNames(tool)
  const required = Array.isArray(tool.parameters['required']) ? tool.parameters['required'] : []
  const inPath = [...tool.url.matchAll(/\{([^{}]*)\}/g)].map(([, inner = '']) => inner)
  const faults = [
    ['parameters', schemaFault(tool.parameters)],
    ['result', tool.result === undefined ? undefined : schemaFault(tool.result)],
    ['parameters', tool.parameters['type'] === 'object' ? undefined : 'a schema of type object'],
  ] as const
  return [
    ...faults.flatMap(([part, expected]) =>
      expected === undefined ? [] : [{ key: `${key}.${part}`, expected }],
    ),
    ...inPath
      .filter((one) => !names.has(one) || !required.includes(one))
      .map((one) => ({ key: `${key}.url`, expected: `${one} among the required parameters` })),
    ...Object.keys(tool.entities)
      .filter((one) => !names.has(one))
      .map((one) => ({ key: `${key}.entities`, expected: `${one} among the parameters` })),
    ...(faults.some(([, expected]) => expected !== undefined) ? [] : httpAskFaults(key, tool)),
    ...(tool.changesState && tool.method === 'GET'
      ? [{ key: `${key}.method`, expected: 'POST, for what changes something' }]
      : []),
  ]
}

/** What the section's own schema cannot see. */
export const toolsFaults = ({ http, mcp, signingSecret }: ToolsSection): readonly ToolsFault[] => {
  const all = [
    ...Object.entries(http).map(([one, tool]) => [`http.${one}`, tool] as const),
    ...Object.entries(mcp).flatMap(([server, { tools }]) =>
      Object.entries(tools).map(([one, tool]) => [`mcp.${server}.tools.${one}`, tool] as const),
    ),
  ]
  const unsigned = all.filter(([, { identity }]) => identity === 'contact' && signingSecret === undefined)
  return [
    ...all.flatMap(([key, tool]) => [
      ...callFaults(key, tool),
      ...answerFaults(key, tool),
      ...askFaults(key, tool),
      ...modelFaults(key, tool),
    ]),
    ...Object.entries(http).flatMap(([one, tool]) => httpFaults(`http.${one}`, tool)),
    ...unsigned.map(([key]) => ({
      key: `${key}.identity`,
      expected: 'none, or a tools.signingSecret beside it',
    })),
  ]
}
