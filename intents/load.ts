import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContentFault } from '../src/core/knowledge.ts'
import { checkPath, fault, parseYaml, readContentFiles } from '../src/text/index.ts'
import type { LineOf } from '../src/text/index.ts'
import { loadAttitude } from './attitude-texts.ts'
import type { AttitudeText } from './attitude-texts.ts'
import { readLabelled } from './labelled.ts'
import type { LabelledText } from './labelled.ts'
import { intentsFile, topicsFile } from './schema.ts'
import type { Intent, Topic } from './schema.ts'

/** A consistent, loaded state of the taxonomy; `version` is a hash of its content. */
export interface IntentSet {
  readonly version: string
  readonly topics: readonly Topic[]
  readonly intents: readonly Intent[]
  /** Messages as they really come, labelled: what probabilities are calibrated on. May be empty. */
  readonly calibration: readonly LabelledText[]
  /** Messages labelled by emotion, urgency, abuse and the wish for a person. Absent or empty: word lists speak alone. */
  readonly attitude?: readonly AttitudeText[]
}

export interface LoadedIntents {
  /** What is without fault; undefined when there is nothing. */
  readonly intents?: IntentSet
  readonly faults: readonly ContentFault[]
}

const createComparison = (topics: ReadonlySet<string>) => {
  const ids = new Map<string, string>()
  const examples = new Map<string, { readonly intent: string; readonly topic: string }>()
  return (file: string, at: number, intent: Intent, lineOf: LineOf): readonly ContentFault[] => {
    const faults: ContentFault[] = []
    const known = ids.get(intent.intent)
    if (known !== undefined)
      faults.push(
        fault(
          file,
          lineOf([at, 'intent']),
          `意图 intent ${intent.intent} 已在 is in ${known}`,
          '改名，或把例句合并过去 rename it, or move its examples there',
        ),
      )
    if (!topics.has(intent.topic))
      faults.push(
        fault(
          file,
          lineOf([at, 'topic']),
          `未知主题 unknown topic: ${intent.topic}`,
          '改用 topics.yaml 里的 slug，或先加进去 use one of topics.yaml, or add it there',
        ),
      )
    else if (!intent.intent.startsWith(`${intent.topic}.`)) {
      faults.push(
        fault(
          file,
          lineOf([at, 'intent']),
          `意图 intent ${intent.intent} 没有以主题开头 does not start with its topic ${intent.topic}`,
          `改成 write ${intent.topic}.…`,
        ),
      )
    }
    for (const [index, example] of intent.examples.entries()) {
      const key = example.normalize('NFKC').toLowerCase()
      const other = examples.get(key)
      // The same words under two topics teach the classifier to guess.
      if (other !== undefined && other.topic !== intent.topic) {
        faults.push(
          fault(
            file,
            lineOf([at, 'examples', index]),
            `例句 example “${example}” 已属于 belongs to ${other.intent}`,
            '只留在一个主题里 keep it under one topic',
          ),
        )
      }
      examples.set(key, other ?? { intent: intent.intent, topic: intent.topic })
    }
    ids.set(intent.intent, known ?? file)
    return faults
  }
}

/** Reads `topics.yaml`: slugs and names of all topics. */
export const loadTopics = async (
  path: string,
): Promise<{ readonly topics: readonly Topic[]; readonly faults: readonly ContentFault[] }> => {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined)
    return {
      topics: [],
      faults: [fault(path, 1, '主题表不存在或无法读取 topics.yaml is missing or unreadable', checkPath)],
    }
  const parsed = parseYaml({ file: 'topics.yaml', text }, topicsFile)
  if (!parsed.ok) return { topics: [], faults: parsed.faults }
  const faults: ContentFault[] = []
  const seen = new Set<string>()
  for (const [at, { topic }] of parsed.value.entries()) {
    if (seen.has(topic))
      faults.push(
        fault(
          'topics.yaml',
          parsed.lineOf([at, 'topic']),
          `主题 ${topic} 写了两次 is given twice`,
          '只保留一个 keep one of them',
        ),
      )
    seen.add(topic)
  }
  return { topics: parsed.value, faults }
}

/** Reads all `*.jsonl` of a folder that may be missing; rows under unknown topics are faults. */
const loadCalibration = async (
  folder: string,
  topics: ReadonlySet<string>,
): Promise<{ readonly rows: readonly LabelledText[]; readonly faults: readonly ContentFault[] }> => {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jsonl')).sort()
  const rows: LabelledText[] = []
  const faults: ContentFault[] = []
  for (const name of names) {
    const file = `calibration/${name}`
    const read = await readLabelled(join(folder, name), file)
    faults.push(...read.faults)
    for (const row of read.rows) {
      if (topics.has(row.topic)) rows.push(row)
      else
        faults.push(
          fault(
            file,
            1,
            `“${row.text.slice(0, 30)}” 的主题未知 has an unknown topic: ${row.topic}`,
            '改用 topics.yaml 里的 slug use one of topics.yaml',
          ),
        )
    }
  }
  return { rows, faults }
}

/**
 * Loads `topics.yaml`, all `taxonomy/*.yaml`, `calibration/*.jsonl` and `attitude/*.yaml` below `folder`. Faults name
 * file, line, problem and what to do; a faulty file, intent or line is left out and the others are kept.
 */
export const loadIntents = async (folder: string): Promise<LoadedIntents> => {
  const { topics, faults: topicFaults } = await loadTopics(join(folder, 'topics.yaml'))
  const { files, faults: unreadable } = await readContentFiles(join(folder, 'taxonomy'), '.yaml')
  const known = new Set(topics.map(({ topic }) => topic))
  const compare = createComparison(known)
  const faults: ContentFault[] = [...topicFaults, ...unreadable]
  const intents: Intent[] = []
  for (const source of files) {
    const parsed = parseYaml(source, intentsFile)
    if (!parsed.ok) {
      faults.push(...parsed.faults)
      continue
    }
    for (const [at, intent] of parsed.value.entries()) {
      const own = compare(source.file, at, intent, parsed.lineOf)
      faults.push(...own)
      if (own.length === 0) intents.push(intent)
    }
  }
  const calibration = await loadCalibration(join(folder, 'calibration'), known)
  const attitude = await loadAttitude(join(folder, 'attitude'))
  faults.push(...calibration.faults, ...attitude.faults)
  if (intents.length === 0 || topics.length === 0) return { faults }
  const content = { topics, intents, calibration: calibration.rows, attitude: attitude.rows }
  const version = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)
  return { intents: { version, ...content }, faults }
}
