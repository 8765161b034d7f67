import { readFile, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { LineCounter, isMap, isNode, isScalar, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import type { z } from 'zod'
import type { ContentFault } from '../core/knowledge.ts'

/** A content file as read from disk. */
export interface ContentFile {
  /** Path below the content folder, with forward slashes. */
  readonly file: string
  readonly text: string
}

/** A value read from a file, where its parts stand, or what is wrong with it. */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value; readonly lineOf: LineOf }
  | { readonly ok: false; readonly faults: readonly ContentFault[] }

/** The line of a field, 1 for the file's first; the nearest enclosing one when the field is absent. */
export type LineOf = (path: readonly PropertyKey[]) => number

/** What to do when something is not there. */
export const checkPath = '检查路径和读取权限 check the path and the permissions'

const maxFileBytes = 512 * 1024

/** Reads all files below `folder` whose name ends with `suffix`, sorted by path. A missing folder is a fault. */
export const readContentFiles = async (
  folder: string,
  suffix: string,
): Promise<{ readonly files: readonly ContentFile[]; readonly faults: readonly ContentFault[] }> => {
  const files: ContentFile[] = []
  const faults: ContentFault[] = []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined)
  if (entries === undefined) {
    return {
      files,
      faults: [fault(folder, 1, '文件夹不存在或无法读取 the folder is missing or unreadable', checkPath)],
    }
  }
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix) && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const path of paths) {
    const file = relative(folder, path).replaceAll('\\', '/')
    const bytes = await readFile(path).catch(() => undefined)
    if (bytes === undefined)
      faults.push(
        fault(
          file,
          1,
          '文件无法读取 the file cannot be read',
          '检查读取权限，或稍后再试 check its permissions, or try again later',
        ),
      )
    else if (bytes.length > maxFileBytes)
      faults.push(
        fault(file, 1, '文件超过 512 kB the file is over 512 kB', '拆成几个文件 split it into several'),
      )
    else if (!isUtf8(bytes))
      faults.push(fault(file, 1, '不是 UTF-8 编码 not encoded as UTF-8', '用 UTF-8 另存 save it as UTF-8'))
    else
      files.push({
        file,
        text: bytes
          .toString('utf8')
          .replace(/^\ufeff/, '')
          .replaceAll('\r\n', '\n'),
      })
  }
  return { files, faults }
}

const isUtf8 = (bytes: Buffer): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** A fault at one line; `problem` says what is wrong, `fix` what to do. */
export const fault = (file: string, line: number, problem: string, fix: string): ContentFault => ({
  file,
  line,
  problem,
  fix,
})

/** Where YAML stands inside its file: front matter starts at `firstLine`. */
export interface YamlSource extends ContentFile {
  readonly firstLine?: number
}

/** Parses YAML and checks it against `schema`; every fault carries its line. */
export const parseYaml = <Value>(source: YamlSource, schema: z.ZodType<Value>): Parsed<Value> => {
  const shift = (source.firstLine ?? 1) - 1
  const lineCounter = new LineCounter()
  const document = parseDocument(source.text, { lineCounter, uniqueKeys: true, logLevel: 'silent' })
  if (document.errors.length > 0) {
    return {
      ok: false,
      faults: document.errors.slice(0, 5).map((error) => {
        const line = (error.linePos?.[0].line ?? 1) + shift
        return fault(
          source.file,
          line,
          `YAML 写法有误 faulty YAML: ${yamlProblem(error.code, error.message)}`,
          yamlFix(error.code),
        )
      }),
    }
  }
  const lineOf: LineOf = (path) => findLine(document, lineCounter, path) + shift
  const result = readValue(document, source.file, shift)
  if ('faults' in result) return { ok: false, faults: result.faults }
  const checked = schema.safeParse(result.value)
  if (checked.success) return { ok: true, value: checked.data, lineOf }
  return { ok: false, faults: checked.error.issues.map((issue) => describe(source.file, issue, lineOf)) }
}

const readValue = (
  document: Document,
  file: string,
  shift: number,
): { readonly value: unknown } | { readonly faults: readonly ContentFault[] } => {
  try {
    // No aliases: a few lines of them can grow to gigabytes.
    return { value: document.toJS({ maxAliasCount: 0 }) as unknown }
  } catch {
    return {
      faults: [
        fault(
          file,
          1 + shift,
          '使用了 YAML 锚点或别名（& 和 *） YAML anchors or aliases are used',
          '把内容完整写出来；以 * 或 & 开头的文字请加单引号 write the content out; put text that starts with * or & in single quotes',
        ),
      ],
    }
  }
}

const yamlProblem = (code: string, message: string): string => {
  if (code === 'DUPLICATE_KEY') return '同一个字段写了两次 a field is given twice'
  if (code === 'TAB_AS_INDENT') return '用了制表符缩进 tabs are used to indent'
  return message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? code
}

const yamlFix = (code: string): string => {
  if (code === 'DUPLICATE_KEY') return '只保留一个 keep one of them'
  if (code === 'TAB_AS_INDENT') return '改用空格缩进 indent with spaces'
  return '检查缩进；文字里有 “: ”“ #” 或以符号开头时，用单引号括起来 check the indentation; put text that holds “: ” or “ #”, or starts with a sign, in single quotes'
}

const findLine = (document: Document, lines: LineCounter, path: readonly PropertyKey[]): number => {
  for (let length = path.length; length >= 0; length--) {
    const parents = path.slice(0, length)
    const last = parents.at(-1)
    const parent: unknown = length === 0 ? document.contents : document.getIn(parents.slice(0, -1), true)
    // A key's own line says more than its value's, which may start further down.
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === last)
      if (pair !== undefined && isScalar(pair.key) && pair.key.range)
        return lines.linePos(pair.key.range[0]).line
    }
    const node: unknown = length === 0 ? document.contents : document.getIn(parents, true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

const describe = (file: string, issue: z.core.$ZodIssue, lineOf: LineOf): ContentFault => {
  const field = issue.path.map(String).join('.')
  const line = lineOf(issue.path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return fault(
        file,
        lineOf([...issue.path, issue.keys[0] ?? '']),
        `不认识的字段 unknown field: ${issue.keys.join(', ')}`,
        '检查拼写，或删掉这一行 check the spelling, or remove the line',
      )
    case 'invalid_type':
      return issue.input === undefined && issue.message.endsWith('undefined')
        ? fault(file, line, `缺少字段 missing field: ${field}`, `补上 add ${field}`)
        : fault(
            file,
            line,
            `${field} 的类型不对，应为 has the wrong type, expected: ${typeNames[issue.expected] ?? issue.expected}`,
            '照格式改；像数字或 true/false 的文字请加单引号 correct it; put text that looks like a number or true/false in single quotes',
          )
    case 'too_small':
      return fault(
        file,
        line,
        `${field} 太短或太少，至少 too short or too few, at least ${issue.minimum}`,
        '补充内容 add to it',
      )
    case 'too_big':
      return fault(
        file,
        line,
        `${field} 太长或太多，最多 too long or too many, at most ${issue.maximum}`,
        '删减，或拆成几条 shorten it, or split it',
      )
    case 'invalid_value':
      return fault(
        file,
        line,
        `${field} 只能是 must be one of: ${issue.values.map(String).join(', ')}`,
        '改成其中一个 use one of them',
      )
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return fault(file, line, `${field}: ${issue.message}`, '照提示修改 do as it says')
    default:
      return issue satisfies never
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: '文字 text',
  boolean: 'true 或 or false',
  number: '数字 number',
  array: '列表 list',
  object: '字段: 值 的结构 fields with values',
}
