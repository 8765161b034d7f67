import { z } from 'zod'
import { parseConfig, type InboxConfig } from '../config.ts'
import type { Capabilities } from '../core/capabilities.ts'
import type { Part, PartKind } from '../core/message.ts'
import { render, renderAnswer } from '../outbox/index.ts'
import { openIdleChannel } from './idle-channel.ts'
import { installedChannels, type InstalledChannelName } from './installed-channels.ts'

const media = { mediaId: 'stored' }
const address = 'https://example.com/help'

/** One sample of each kind, as an article or an agent would say it. */
const samples: Readonly<Record<PartKind, Part>> = {
  text: { kind: 'text', format: 'markdown', text: `**会员**见[帮助](${address})` },
  choices: {
    kind: 'choices',
    prompt: '想问哪个？',
    choices: [
      { id: 'a', label: '退款' },
      { id: 'b', label: '续费' },
    ],
  },
  image: { kind: 'image', media, alt: '步骤一', url: address },
  audio: { kind: 'audio', media, transcript: { text: '你好', source: 'asr' } },
  video: { kind: 'video', media },
  file: { kind: 'file', media, name: '对账单.pdf' },
  location: { kind: 'location', latitude: 31.23, longitude: 121.47, label: '上海' },
  link: { kind: 'link', url: address, title: '帮助' },
  sticker: { kind: 'sticker', name: '打call' },
  event: { kind: 'event', name: 'opened' },
  unsupported: { kind: 'unsupported', type: 'x', raw: {} },
}

const isPartKind = (name: string): name is PartKind => Object.hasOwn(samples, name)
const kinds: readonly PartKind[] = Object.keys(samples).filter(isPartKind)

const inWords = (text: string): string =>
  text.includes(address) ? `link: \`${text}\`` : `words: \`${text.replaceAll('\n', ' ⏎ ')}\``

/** What the renderer makes of a sample, said in few words. */
const outcome = (kind: PartKind, capabilities: Capabilities): string => {
  const [first] = render([samples[kind]], capabilities)
  if (first === undefined) return 'not sent'
  if (first.kind === 'choices') return `as it is: ${capabilities.choices.style}`
  if (first.kind !== 'text') return 'as it is'
  if (kind === 'choices') return 'numbered list'
  return kind === 'text' ? `as it is: \`${first.text}\`` : inWords(first.text)
}

const units: readonly (readonly [milliseconds: number, name: string])[] = [
  [3_600_000, 'h'],
  [60_000, 'min'],
]

const duration = (milliseconds: number): string => {
  const [size, name] = units.find(([each]) => milliseconds >= each && milliseconds % each === 0) ?? [
    1_000,
    's',
  ]
  return `${String(milliseconds / size)} ${name}`
}

const quota = ({ allowances, reservedForAgents }: Capabilities): string => {
  const each = Object.entries(allowances).map(
    ([action, { count, windowMs }]) => `${String(count)} in ${duration(windowMs)} after ${action}`,
  )
  if (each.length === 0) return 'none'
  return [...each, ...(reservedForAgents > 0 ? [`${String(reservedForAgents)} kept for a person`] : [])].join(
    '; ',
  )
}

const megabyte = 1_048_576

const bytes = (count: number): string =>
  count % megabyte === 0 ? `${String(count / megabyte)} MB` : `${String(count)} bytes`

/** What the channel takes as a file of a kind; everything else goes as a link. */
const fileLimit =
  (kind: 'image' | 'audio' | 'video' | 'file') =>
  ({ parts, files }: Capabilities): string => {
    if (!parts.includes(kind)) return 'by link'
    const limit = files?.[kind]
    if (limit === undefined) return 'any'
    const types = limit.contentTypes?.map((type) => type.replace(/^.*\//, '')).join(', ') ?? 'any'
    return `${types}, ${bytes(limit.maxBytes)}`
  }

const illustrated: readonly Part[] = [
  { kind: 'text', text: '一' },
  { kind: 'image', media, alt: '图' },
  { kind: 'text', text: '二' },
  { kind: 'image', media, alt: '图' },
  { kind: 'text', text: '三' },
]

/** What becomes of an article that goes words, picture, words, picture, words. */
const pictureOrder = (capabilities: Capabilities): string =>
  renderAnswer(illustrated, capabilities, () => address)
    .map((part) => {
      if (part.kind !== 'text') return 'picture'
      const links = part.text.split(address).length - 1
      if (part.pictures !== undefined) return `text with ${String(part.pictures.length)} pictures in it`
      return links === 0 ? 'text' : `text with ${String(links)} link${links === 1 ? '' : 's'}`
    })
    .join(', ')

const limits: readonly (readonly [name: string, of: (capabilities: Capabilities) => string])[] = [
  ['longest text', ({ text }) => `${String(text.max)} ${text.unit}`],
  ['markup', ({ text }) => text.markup],
  [
    'choices',
    ({ choices }) =>
      choices.style === 'numbered' ? 'numbered' : `${choices.style}, ${String(choices.max)} at most`,
  ],
  ['images', fileLimit('image')],
  ['audio', fileLimit('audio')],
  ['video', fileLimit('video')],
  ['files', fileLimit('file')],
  ['two pictures in an answer', pictureOrder],
  ['reply window', ({ replyWindowMs }) => (replyWindowMs === undefined ? 'none' : duration(replyWindowMs))],
  ['quota', quota],
  ['typing', ({ typing }) => (typing ? 'yes' : 'no')],
  ['sends a second', ({ sendsPerSecond }) => String(sendsPerSecond)],
]

const Examples = z.looseObject({ examples: z.array(z.record(z.string(), z.unknown())).min(1) })

/** The example section that a channel's schema carries. Throws with what to add where there is none. */
const exampleOf = (name: InstalledChannelName): InboxConfig => {
  const meta = Examples.safeParse(installedChannels[name].config.meta())
  const section = meta.success ? meta.data.examples[0] : undefined
  const parsed = parseConfig({ inboxes: { example: { channel: name, ...section } } })
  const inbox = 'config' in parsed ? parsed.config.inboxes[0] : undefined
  if (inbox === undefined)
    throw new Error(
      `channel ${name} has no valid example section: end its config schema with .meta({ examples: [{ … }] }); see docs/adding-a-channel.md`,
    )
  return inbox
}

const isInstalled = (name: string): name is InstalledChannelName => Object.hasOwn(installedChannels, name)

/** Every installed channel with its example section's capabilities. */
const allCapabilities = (): readonly (readonly [name: string, capabilities: Capabilities])[] =>
  Object.keys(installedChannels)
    .filter(isInstalled)
    .map((name) => [name, openIdleChannel(exampleOf(name)).capabilities])

const cell = (text: string): string => text.replaceAll('|', '\\|')

const table = (
  corner: string,
  channels: readonly (readonly [name: string, capabilities: Capabilities])[],
  rows: readonly (readonly [name: string, of: (capabilities: Capabilities) => string])[],
): string =>
  [
    `| ${[corner, ...channels.map(([name]) => `\`${name}\``)].join(' | ')} |`,
    `|${'---|'.repeat(channels.length + 1)}`,
    ...rows.map(
      ([name, of]) =>
        `| ${[name, ...channels.map(([, capabilities]) => cell(of(capabilities)))].join(' | ')} |`,
    ),
  ].join('\n')

/** What becomes of every kind of part on every channel, as Markdown, made by the renderer itself. */
export const partsReference = (): string => {
  const channels = allCapabilities()
  return `# What becomes of a message on each channel

Made by \`npm run docs\` from the installed channels: each is opened with the example section of its config schema, and
one sample of every part goes through the renderer that also renders real messages (\`src/outbox/render.ts\`). Settings
may change a column: \`menus\` of WeChat, for one.

- **as it is** – the channel shows the part itself
- **numbered list** – choices as text; the contact answers with a number
- **link**, **words** – text in its place, as it would read
- **not sent** – nothing reaches the contact

## Parts

${table(
  'part',
  channels,
  kinds.map((kind) => [`\`${kind}\``, (capabilities: Capabilities) => outcome(kind, capabilities)]),
)}

The text is Markdown: \`${samples.text.kind === 'text' ? samples.text.text : ''}\`. Pictures, audio, video and files count
as sent when the file is stored. Text over the limit is split at the ends of sentences.

## Limits

A file that the channel does not take goes as a link that expires (\`media.linkDays\`). Of files, \`media.maxBytes\` holds
on every channel.

${table('', channels, limits)}
`
}
