import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual, parseEnv } from 'node:util'
import { isMap, isNode, isScalar, parseDocument, stringify, type Document } from 'yaml'
import { TongdaError } from '../../core/errors.ts'
import { environmentKeys } from '../config-source.ts'
import { sectionOf, type InboxPlan, type InboxValues } from './plan.ts'

/** Where an inbox is written, and what the environment holds. */
export interface InboxFiles {
  readonly configFile: string
  readonly envFile: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** `wechat-main` and `imap.appSecret` become `WECHAT_MAIN_IMAP_APP_SECRET`. */
const variableName = (inboxId: string, key: string): string => {
  const name = `${inboxId}_${key}`
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
  return /^[A-Z]/.test(name) ? name : `INBOX_${name}`
}

/** A line of `.env` that reads back as exactly this value. */
const envLine = (name: string, value: string): string => {
  const quoted = [
    ...(/^[\w+/=.:-]+$/.test(value) ? [value] : []),
    `'${value}'`,
    `"${value.replaceAll('\n', '\\n')}"`,
    `\`${value}\``,
  ]
  const line = quoted.map((text) => `${name}=${text}`).find((text) => parseEnv(`${text}\n`)[name] === value)
  if (line !== undefined) return line
  throw new TongdaError(
    'bad_input',
    `${name} 含有 .env 写不下的字符 holds characters that .env cannot carry; put it into a file and name that with ${name}_FILE`,
  )
}

/** Written beside and renamed, so that a crash leaves the old file or the new one. */
const replaceFile = (path: string, text: string, mode: number): void => {
  const draft = `${path}.part`
  rmSync(draft, { force: true })
  writeFileSync(draft, text, { mode, flag: 'wx' })
  renameSync(draft, path)
}

/** The text with new lines where they belong, everything else as it was; undefined: the file's form does not allow it. */
const spliced = (text: string, document: Document.Parsed, lines: string): string | undefined => {
  const inboxes = document.get('inboxes', true)
  if (inboxes === undefined) return `${text.trimEnd()}\ninboxes:\n${lines.replaceAll(/^(?=.)/gm, '  ')}`
  const [first] = isMap(inboxes) ? inboxes.items : []
  if (!isMap(inboxes) || inboxes.flow === true || !isScalar(first?.key)) return undefined
  const start = first.key.range?.[0] ?? 0
  const indent = ' '.repeat(start - text.lastIndexOf('\n', start - 1) - 1)
  const last = inboxes.items.at(-1)
  const end = (isNode(last?.value) ? last.value.range?.[2] : undefined) ?? text.length
  const lineEnd = text.charAt(end - 1) === '\n' ? end : text.indexOf('\n', end) + 1 || text.length
  const before = text.slice(0, lineEnd)
  const gap = before.endsWith('\n') ? '' : '\n'
  return `${before}${gap}${lines.replaceAll(/^(?=.)/gm, indent)}${text.slice(lineEnd)}`
}

const withInbox = (text: string, inboxId: string, section: Record<string, unknown>): string => {
  const parsed = parseDocument(text)
  const lines = stringify({ [inboxId]: section }, { lineWidth: 0 })
  // A file of comments alone holds no document yet; they stay above what is written.
  if (!isMap(parsed.contents))
    return `${text.trim() === '' ? '' : `${text.trimEnd()}\n`}${stringify({ inboxes: { [inboxId]: section } }, { lineWidth: 0 })}`
  const inserted = spliced(text, parsed, lines)
  const inboxes = parsed.get('inboxes')
  if (isMap(inboxes)) {
    if (inboxes.items.length === 0) inboxes.flow = false
    inboxes.set(parsed.createNode(inboxId), parsed.createNode(section))
  } else parsed.set('inboxes', parsed.createNode({ [inboxId]: section }))
  const again = inserted === undefined ? undefined : parseDocument(inserted)
  // Believed only when it reads as the same configuration; else the library writes the file, comments kept.
  return inserted !== undefined &&
    again?.errors.length === 0 &&
    isDeepStrictEqual(again.toJS(), parsed.toJS())
    ? inserted
    : parsed.toString({ lineWidth: 0 })
}

const reserved = new Set(Object.keys(environmentKeys))

/**
 * Writes the inbox into the configuration file, comments and order kept, and its secrets into `.env` (for this user
 * alone), where the file finds them as `${NAME}`. Gives the variables' names. Throws `conflict` when one is taken.
 */
export const writeInbox = (
  plan: InboxPlan,
  values: InboxValues,
  { configFile, envFile, environment }: InboxFiles,
): readonly string[] => {
  const secrets = plan.fields.flatMap(({ key, secret }) => {
    const value = secret ? values.get(key) : undefined
    if (value === undefined) return []
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return [{ key, name: variableName(plan.inboxId, key), value: text }]
  })
  const envText = readIfThere(envFile)
  const present = { ...environment, ...parseEnv(envText) }
  for (const { name } of secrets) {
    if (reserved.has(name) || (present[name] ?? '') !== '')
      throw new TongdaError(
        'conflict',
        `环境变量 ${name} 已被占用 the variable ${name} is taken (${envFile} or the environment); remove it, or choose another --name`,
      )
  }
  const references = new Map(secrets.map(({ key, name }) => [key, `\${${name}}`]))
  const shown = new Map([...values].map(([key, value]) => [key, references.get(key) ?? value]))
  const section = { channel: plan.channel, ...sectionOf(plan.fields, shown) }
  const config = withInbox(readIfThere(configFile), plan.inboxId, section)
  const lines = secrets.map(({ name, value }) => envLine(name, value))
  if (lines.length > 0) {
    const start = envText === '' || envText.endsWith('\n') ? envText : `${envText}\n`
    replaceFile(envFile, `${start}${lines.join('\n')}\n`, 0o600)
  }
  const mode = existsSync(configFile) ? statSync(configFile).mode & 0o777 : 0o644
  try {
    replaceFile(configFile, config, mode)
    chmodSync(configFile, mode)
  } catch (error) {
    // Secrets that nothing refers to would stand in the way of the next try.
    if (lines.length > 0) replaceFile(envFile, envText, 0o600)
    throw error
  }
  return secrets.map(({ name }) => name)
}
