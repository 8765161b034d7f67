import { configSchema } from '../config.ts'
import { toSchemaNode, type SchemaNode } from '../config-faults.ts'
import { environmentKeys } from './config-source.ts'
import { installedChannels } from './installed-channels.ts'

interface Line {
  readonly key: string
  readonly type: string
  readonly fallback: string
  readonly meaning: string
}

const typeOf = (node: SchemaNode): string => {
  if (node.enum !== undefined) return node.enum.map(String).join(', ')
  if (node.type === 'array') return 'list'
  if (node.type === 'boolean') return 'true, false'
  if (node.anyOf !== undefined) return node.anyOf.map(typeOf).join(' or ')
  return typeof node.type === 'string' ? node.type : 'any'
}

const fallbackOf = (node: SchemaNode, required: boolean): string => {
  if (node.writeOnly === true) return required ? 'required, secret' : 'none, secret'
  if (node.default === undefined) return required ? '**required**' : 'none'
  const text = JSON.stringify(node.default)
  return text.length > 60 ? '(see the file)' : `\`${text}\``
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const linesOf = (node: SchemaNode, prefix: string, required: boolean): readonly Line[] => {
  const { properties, required: needed = [] } = node
  if (properties !== undefined && Object.keys(properties).length > 0) {
    return Object.entries(properties).flatMap(([name, inner]) =>
      linesOf(inner, prefix === '' ? name : `${prefix}.${name}`, needed.includes(name)),
    )
  }
  return [
    {
      key: prefix,
      type: typeOf(node),
      fallback: fallbackOf(node, required),
      meaning: node.description ?? '',
    },
  ]
}

const table = (node: SchemaNode, prefix = ''): string =>
  [
    '| Key | Type | Default | Meaning |',
    '|---|---|---|---|',
    ...linesOf(node, prefix, false).map(
      ({ key, type, fallback, meaning }) =>
        `| \`${key}\` | ${cell(type)} | ${cell(fallback)} | ${cell(meaning)} |`,
    ),
  ].join('\n')

const variables = (): string =>
  [
    '| Variable | Key |',
    '|---|---|',
    ...Object.entries(environmentKeys).map(([name, key]) => `| \`${name}\` | \`${key}\` |`),
  ].join('\n')

/** The configuration reference as Markdown, made from the schemas themselves. */
export const configReference = (): string => `# Configuration

Nothing is needed to start. What you set stands in \`tongda.yaml\` (another file with \`-c\`) and in the environment;
\`.env\` is read too. A variable wins over the file. In the file, \`\${NAME}\` is replaced by the environment variable
\`NAME\`, or by the content of the file that \`NAME_FILE\` names: keep secrets there.
All faults are reported together before anything starts. \`tongda config\` prints what is in force, secrets masked.
An editor that knows JSON Schema can check the file against [tongda.schema.json](tongda.schema.json).

This page is made from the schemas by \`npm run docs\`.

## Environment

${variables()}

## tongda.yaml

${table(toSchemaNode(configSchema))}

${Object.entries(installedChannels)
  .map(
    ([name, { config }]) =>
      `## An inbox of channel \`${name}\`\n\nUnder \`inboxes.<name>\`, beside \`channel: ${name}\`.\n\n${table(toSchemaNode(config))}`,
  )
  .join('\n\n')}
`

/** JSON Schema of \`tongda.yaml\`; each inbox is checked by the schema of its channel. */
export const configJsonSchema = (): unknown => {
  const root = toSchemaNode(configSchema)
  const sections = Object.entries(installedChannels).map(([name, { config }]) => {
    const node = toSchemaNode(config)
    return {
      ...node,
      properties: { channel: { const: name }, ...node.properties },
      required: [
        'channel',
        ...(node.required ?? []).filter((key) => !(name === 'web' && key === 'publicUrl')),
      ],
    }
  })
  return {
    ...root,
    title: 'tongda.yaml',
    properties: {
      ...root.properties,
      inboxes: { type: 'object', additionalProperties: { oneOf: sections } },
    },
  }
}
