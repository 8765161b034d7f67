import { inboxName, parseConfig } from '../../config.ts'
import type { ConfigFault } from '../../config-faults.ts'
import { TongdaError } from '../../core/errors.ts'
import { installedChannels, type InstalledChannelName } from '../installed-channels.ts'
import { inboxFields, readValue, type InboxField } from './fields.ts'
import { makeSecret } from './made-secrets.ts'

/** Given values by the fields' keys. */
export type InboxValues = ReadonlyMap<string, unknown>

/** An inbox that is about to be added. */
export interface InboxPlan {
  readonly inboxId: string
  readonly channel: InstalledChannelName
  readonly fields: readonly InboxField[]
  /** Reads `key=value` texts. Throws `bad_input` for what the channel does not know. */
  read(settings: readonly string[]): InboxValues
  /** The values with the secrets made that the channel lets us make. */
  complete(values: InboxValues): InboxValues
  /** What is wrong or missing, by the field's key. */
  faults(values: InboxValues): readonly ConfigFault[]
}

const isInstalled = (name: string): name is InstalledChannelName => Object.hasOwn(installedChannels, name)

const parseChannel = (name: string): InstalledChannelName => {
  if (isInstalled(name)) return name
  throw new TongdaError(
    'bad_input',
    `没有 ${name} 渠道 there is no channel ${name}; 可选 one of ${Object.keys(installedChannels).join(', ')}`,
  )
}

const freeName = (channel: string, taken: readonly string[]): string => {
  let name = channel
  for (let number = 2; taken.includes(name); number += 1) name = `${channel}-${String(number)}`
  return name
}

const parseName = (name: string, taken: readonly string[]): string => {
  if (!inboxName.test(name))
    throw new TongdaError(
      'bad_input',
      `收件箱名 ${name} 不行 the name must be 1–40 lower-case letters, digits and hyphens`,
    )
  if (taken.includes(name))
    throw new TongdaError(
      'conflict',
      `收件箱 ${name} 已存在 inbox ${name} exists; choose another with --name, or edit its section in the file`,
    )
  return name
}

/** The inbox's section: values at their paths, in the channel's own order. */
export const sectionOf = (fields: readonly InboxField[], values: InboxValues): Record<string, unknown> => {
  const section: Record<string, unknown> = {}
  for (const { key } of fields) {
    if (!values.has(key)) continue
    const path = key.split('.')
    let inner = section
    for (const name of path.slice(0, -1)) {
      const next = inner[name]
      const found = typeof next === 'object' && next !== null ? { ...next } : {}
      inner[name] = found
      inner = found
    }
    inner[path.at(-1) ?? key] = values.get(key)
  }
  return section
}

const readSetting = (fields: readonly InboxField[], setting: string): [string, unknown] => {
  const equals = setting.indexOf('=')
  const key = equals < 0 ? setting : setting.slice(0, equals)
  const field = fields.find((each) => each.key === key)
  // Of a thing without "=" nothing is repeated: it may be a secret.
  if (equals < 0) throw new TongdaError('bad_input', '--set 要写成 key=value write --set key=value')
  if (field === undefined)
    throw new TongdaError(
      'bad_input',
      `没有设置项 ${key} the channel has no setting ${key}; 可设 it has ${fields.map((each) => each.key).join(', ')}`,
    )
  return [key, readValue(field, setting.slice(equals + 1))]
}

/** What `tongda.yaml` holds under `inboxes`. */
const inboxesOf = (raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const { inboxes } = raw
  return typeof inboxes === 'object' && inboxes !== null ? { ...inboxes } : {}
}

/** Prepares an inbox for a sound raw configuration. Throws `bad_input`, `conflict`. */
export const planInbox = (
  raw: Readonly<Record<string, unknown>>,
  channelName: string,
  givenName: string | undefined,
): InboxPlan => {
  const channel = parseChannel(channelName)
  const others = inboxesOf(raw)
  const taken = Object.keys(others)
  const inboxId = givenName === undefined ? freeName(channel, taken) : parseName(givenName, taken)
  const prefix = `inboxes.${inboxId}.`
  const all = inboxFields(installedChannels[channel].config)
  const faultsOf = (section: Record<string, unknown>): readonly ConfigFault[] => {
    const parsed = parseConfig({ ...raw, inboxes: { ...others, [inboxId]: { channel, ...section } } })
    return 'faults' in parsed
      ? parsed.faults.map((fault) => ({ ...fault, key: fault.key.replace(prefix, '') }))
      : []
  }
  // Some channels need what the product knows itself (its own address): that is asked of nobody.
  const bare = new Set(faultsOf({}).map(({ key }) => key.split('.')[0]))
  const fields = all.map((field) =>
    field.required && !bare.has(field.key.split('.')[0])
      ? { ...field, required: false, asked: false }
      : field,
  )
  return {
    inboxId,
    channel,
    fields,
    read: (settings) => new Map(settings.map((setting) => readSetting(fields, setting))),
    complete: (values) =>
      new Map(
        fields.flatMap(({ key, generate }) => {
          const value = values.get(key) ?? makeSecret(generate)
          return value === undefined ? [] : [[key, value] as const]
        }),
      ),
    faults: (values) => faultsOf(sectionOf(fields, values)),
  }
}
