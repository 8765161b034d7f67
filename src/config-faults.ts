import { z } from 'zod'

/** A value that cannot be used: where it stands, what was found (never a secret), what is expected, an example. */
export interface ConfigFault {
  readonly key: string
  readonly value: string
  readonly expected: string
  readonly example?: string
}

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  )

/** A node of a JSON Schema, as far as messages and the reference read it. */
export interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  /** Of members whose names are somebody's choice. */
  readonly additionalProperties?: SchemaNode | boolean
  readonly required?: readonly string[]
  readonly anyOf?: readonly SchemaNode[]
  readonly writeOnly?: boolean
  readonly examples?: readonly unknown[]
  readonly description?: string
  readonly default?: unknown
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly items?: SchemaNode
  readonly oneOf?: readonly SchemaNode[]
  /** What kind of secret is made when the value is left out (`src/app/made-secrets.ts`). */
  readonly generate?: string
}

/** JSON Schema of what a person may write. */
export const toSchemaNode = (schema: z.ZodType): SchemaNode =>
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // Numbers are written as numbers, even though variables bring them as text.
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'number') jsonSchema.type = 'number'
    },
  }) as SchemaNode

const nodeAt = (node: SchemaNode | undefined, path: readonly PropertyKey[]): SchemaNode | undefined =>
  path.reduce<SchemaNode | undefined>((inner, key) => {
    const { properties, additionalProperties } = inner ?? {}
    return (
      properties?.[String(key)] ??
      (typeof additionalProperties === 'object' ? additionalProperties : undefined)
    )
  }, node)

/** What a value's name says that it may be a secret. */
export const secretName = /secret|token|key|password|url/i

const show = (value: unknown, node: SchemaNode | undefined, key: string): string => {
  if (value === undefined) return 'nothing'
  // A whole section may hold secrets, and where it was written wrongly no schema says which.
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return value === null ? 'null' : 'a section'
  if (node?.writeOnly === true || (node === undefined && secretName.test(key))) return '(hidden)'
  return JSON.stringify(value)
}

/** Where a value was parsed: what was written, and by which schema. */
interface FaultRoot {
  readonly value: unknown
  readonly schema: z.ZodType
  readonly prefix: string
}

/** Keys of earlier versions, and what to write instead. */
const moved: Readonly<Record<string, string>> = {
  'tickets.openingHours':
    'calendars.hotline.hours instead, e.g. calendars: { hotline: { hours: { daily: 10:00-18:00 } } }',
  'tickets.timezone': 'calendars.hotline.timezone instead',
  'tickets.firstReplyHours': 'promises.otherwise.firstReplyHours instead',
  'tickets.highFirstReplyHours': 'the policy high of promises.policies instead',
  'tickets.urgentFirstReplyHours': 'the policy urgent of promises.policies instead',
  'tickets.resolutionHours': 'promises.otherwise.resolutionHours instead',
  'tickets.urgentResolutionHours': 'the policy urgent of promises.policies instead',
  'dialogue.hotlineHours': 'calendars.hotline.hours instead, e.g. { daily: 10:00-18:00 }',
}

/** What an issue of the schema says to the person who wrote the configuration. */
export const toFaults = (issue: z.core.$ZodIssue, root: FaultRoot): readonly ConfigFault[] => {
  if (issue.code !== 'unrecognized_keys') return [toFault(issue, root)]
  const nameOf = (name: string): string =>
    [root.prefix, ...issue.path.map(String), name].filter(Boolean).join('.')
  const gone = issue.keys.filter((name) => moved[nameOf(name)] !== undefined)
  const keys = issue.keys.filter((name) => !gone.includes(name))
  return [
    ...gone.map((name) => ({
      key: nameOf(name),
      value: '(a key of an earlier version)',
      expected: moved[nameOf(name)] ?? '',
    })),
    ...(keys.length === 0 ? [] : [toFault({ ...issue, keys }, root)]),
  ]
}

const toFault = (issue: z.core.$ZodIssue, root: FaultRoot): ConfigFault => {
  const node = nodeAt(toSchemaNode(root.schema), issue.path)
  const key = [root.prefix, ...issue.path.map(String)].filter((part) => part !== '').join('.')
  const example = node?.examples?.[0] ?? node?.default
  return {
    key: issue.code === 'unrecognized_keys' ? [key, issue.keys.join(', ')].filter(Boolean).join('.') : key,
    value: issue.code === 'unrecognized_keys' ? '(unknown key)' : show(at(root.value, issue.path), node, key),
    expected:
      issue.code === 'unrecognized_keys'
        ? 'a key of the configuration reference; look for a typing mistake'
        : issue.message.replace(
            /^Invalid input: expected |^Invalid option: expected |^Too (?:big|small): expected /,
            '',
          ),
    ...(example === undefined || typeof example === 'object' || node?.writeOnly === true
      ? {}
      : { example: JSON.stringify(example) }),
  }
}
