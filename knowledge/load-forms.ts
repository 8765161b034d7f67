import type { Form, FormComplaint } from '../src/core/form.ts'
import type { ContentFault } from '../src/core/knowledge.ts'
import { fault, parseYaml, readContentFiles } from '../src/text/index.ts'
import type { LineOf } from '../src/text/index.ts'
import { formFile, type FormFileValue } from './form-schema.ts'

/** What forms may speak of. */
export interface FormGround {
  readonly topics: readonly string[]
  readonly articles: readonly string[]
  readonly intents: readonly string[]
}

export interface LoadedForms {
  /** The forms without fault. */
  readonly forms: readonly Form[]
  readonly faults: readonly ContentFault[]
}

type Path = readonly PropertyKey[]
/** Notes a fault at a place of the file. */
type Note = (path: Path, problem: string, fix: string) => void

const toComplaint = ({
  rights,
  identity,
  ...rest
}: NonNullable<FormFileValue['complaint']>): FormComplaint => {
  const asked = { ...rest, ...(identity === undefined ? {} : { identity }) }
  if (rights === undefined) return asked
  const { work, ...owned } = rights
  return { ...asked, rights: { ...owned, ...(work === undefined ? {} : { work }) } }
}

const toForm = (value: FormFileValue, file: string): Form => {
  const { titled, complaint, slots, ...rest } = value
  return {
    ...rest,
    ...(titled === undefined ? {} : { titled }),
    ...(complaint === undefined ? {} : { complaint: toComplaint(complaint) }),
    slots: slots.map(({ hint, when, fromStart, ...slot }) => ({
      ...slot,
      ...(hint === undefined ? {} : { hint }),
      ...(when === undefined ? {} : { when }),
      ...(fromStart === undefined ? {} : { fromStart }),
    })),
    file,
  }
}

const repeated = (values: readonly string[]): readonly number[] =>
  values.flatMap((value, at) => (values.indexOf(value) < at ? [at] : []))

const checkOptions = ({ slots }: FormFileValue, note: Note): void => {
  for (const [at, { kind, options }] of slots.entries()) {
    const path = ['slots', at, 'options']
    if (kind === 'choice' && options.length < 2)
      note(path, '选择题至少要两个选项 a choice needs two options', '补上选项 add to them')
    if (kind !== 'choice' && options.length > 0)
      note(
        path,
        `${kind} 题不能有选项 takes no options`,
        '删掉，或改成 choice remove them, or make it a choice',
      )
    for (const place of repeated(options.map(({ id }) => id)))
      note([...path, place, 'id'], '选项 id 重复 the option id is used twice', '换一个 choose another')
    for (const language of ['zh', 'en'] as const)
      for (const place of repeated(options.map(({ label }) => label[language])))
        note(
          [...path, place, 'label'],
          '选项文字重复 two options read the same',
          '改成不同的文字 word one differently',
        )
  }
}

const answersOf = ({ kind, options }: FormFileValue['slots'][number]): readonly string[] =>
  kind === 'yes-no' ? ['yes', 'no'] : options.map(({ id }) => id)

/** A condition must be one that can come true: on an earlier choice, by answers it has. */
const checkConditions = ({ slots }: FormFileValue, note: Note): void => {
  for (const [at, { when }] of slots.entries()) {
    if (when === undefined) continue
    const earlier = slots.slice(0, at).find(({ name }) => name === when.slot)
    if (earlier === undefined) {
      note(
        ['slots', at, 'when'],
        `条件里的 ${when.slot} 不在前面 is no earlier question`,
        '改成前面的选择题 name an earlier choice or yes-no',
      )
      continue
    }
    const answers = answersOf(earlier)
    for (const [place, answer] of when.is.entries())
      if (!answers.includes(answer))
        note(
          ['slots', at, 'when', 'is', place],
          `${when.slot} 没有 ${answer} 这个答案 has no such answer`,
          answers.length === 0
            ? '条件只能用选择题或是非题 only a choice or yes-no can be a condition'
            : `可以写 use: ${answers.join(', ')}`,
        )
  }
}

const checkSlots = (value: FormFileValue, note: Note): void => {
  const { slots, titled } = value
  for (const at of repeated(slots.map(({ name }) => name)))
    note(['slots', at, 'name'], '问题的 name 重复 the name is used twice', '换一个 choose another')
  for (const language of ['zh', 'en'] as const)
    for (const at of repeated(slots.map(({ label }) => label[language].toLowerCase())))
      note(
        ['slots', at, 'label'],
        '两个问题同名 two questions have the same label',
        '改成不同的 word one differently',
      )
  for (const [at, slot] of slots.entries()) {
    if (slot.kind === 'evidence' && slots.findIndex(({ kind }) => kind === 'evidence') < at)
      note(
        ['slots', at, 'kind'],
        '只能有一个凭证题 there can be one question for evidence',
        '合并成一个 put them together',
      )
    if (slot.minLength > slot.maxLength)
      note(['slots', at, 'minLength'], '最少字数大于最多字数 is over maxLength', '改小 make it smaller')
  }
  if (!slots.some(({ required, when }) => required && when === undefined))
    note(
      ['slots'],
      '没有必答题，表单可能是空的 nothing is required: the form may end empty',
      '至少一题不带 when、required: true make one required, without when',
    )
  if (titled !== undefined && !slots.some(({ name }) => name === titled))
    note(
      ['titled'],
      `没有 ${titled} 这一题 is no question of the form`,
      '改成某一题的 name use one of their names',
    )
  checkOptions(value, note)
  checkConditions(value, note)
}

/** What a case is made of must be asked. */
const checkComplaint = ({ complaint, kind, slots }: FormFileValue, note: Note): void => {
  if (complaint === undefined) return
  const { objects, rights, identity } = complaint
  if (kind !== 'complaint')
    note(
      ['complaint'],
      '只有 kind: complaint 的表单能立案 only a form of kind complaint opens a case',
      '改 kind，或删掉 change the kind, or remove it',
    )
  const names = slots.map(({ name }) => name)
  const asked = [
    ...objects.map((name, at) => [['complaint', 'objects', at], name] as const),
    ...(rights === undefined ? [] : [[['complaint', 'rights', 'capacity'], rights.capacity] as const]),
    ...(rights?.work === undefined ? [] : [[['complaint', 'rights', 'work'], rights.work] as const]),
    ...(identity === undefined ? [] : [[['complaint', 'identity'], identity] as const]),
  ]
  for (const [path, name] of asked)
    if (!names.includes(name))
      note(path, `没有 ${name} 这一题 is no question of the form`, `可以写 use: ${names.join(', ')}`)
  if (slots.some(({ name, kind: asked }) => name === identity && asked !== 'mail'))
    note(
      ['complaint', 'identity'],
      `${identity ?? ''} 问的不是邮箱 does not ask for a mail address`,
      '改成 kind: mail 的问题 name a question of kind mail',
    )
  const options = slots.find(({ name }) => name === rights?.capacity)?.options ?? []
  if (rights !== undefined && !options.some(({ id }) => id === rights.owner))
    note(
      ['complaint', 'rights', 'owner'],
      `${rights.capacity} 没有 ${rights.owner} 这个答案 has no such answer`,
      `可以写 use: ${options.map(({ id }) => id).join(', ')}`,
    )
}

const checkReferences = (value: FormFileValue, ground: FormGround, note: Note): void => {
  const { topic, startedBy, offeredBy } = value
  const unknown = (path: Path, names: readonly string[], known: readonly string[], what: string): void => {
    for (const [at, one] of names.entries())
      if (!known.includes(one))
        note(
          [...path, at],
          `${what} ${one} 不存在 does not exist`,
          '改正拼写，或删掉 correct it, or remove it',
        )
  }
  unknown(['startedBy', 'articles'], startedBy.articles, ground.articles, '文章 article')
  unknown(['startedBy', 'topics'], startedBy.topics, ground.topics, '主题 topic')
  unknown(['startedBy', 'intents'], startedBy.intents, ground.intents, '意图 intent')
  unknown(['offeredBy'], offeredBy, ground.articles, '文章 article')
  if (!ground.topics.includes(topic))
    note(['topic'], `主题 topic ${topic} 不存在 does not exist`, '改用主题表里的 use one of topics.yaml')
  if (Object.values(startedBy).every((names) => names.length === 0) && offeredBy.length === 0)
    note(
      ['startedBy'],
      '没有什么会启动这个表单 nothing starts this form',
      '写上 startedBy 或 offeredBy name articles, topics or intents that start or offer it',
    )
}

/** Faults that show only beside other forms: who starts what. */
const createComparison = () => {
  const owners = new Map<string, string>()
  return (value: FormFileValue, file: string, note: Note): void => {
    const claims: readonly (readonly [Path, string])[] = [
      [['id'], `id ${value.id}`],
      ...value.startedBy.articles.map((id, at) => [['startedBy', 'articles', at], `article ${id}`] as const),
      ...value.startedBy.topics.map((id, at) => [['startedBy', 'topics', at], `topic ${id}`] as const),
      ...value.startedBy.intents.map((id, at) => [['startedBy', 'intents', at], `intent ${id}`] as const),
      ...value.offeredBy.map((id, at) => [['offeredBy', at], `article ${id}`] as const),
    ]
    for (const [path, claim] of claims) {
      const owner = owners.get(claim)
      if (owner !== undefined)
        note(path, `${claim} 已用于 is used in ${owner}`, '只留在一个表单里 keep it in one form, once')
      owners.set(claim, owner ?? file)
    }
  }
}

/**
 * Loads all `*.yaml` forms below `folder`; a missing folder holds none. Faults name file, line, problem and what to do;
 * a faulty form is left out and the others are kept.
 */
export const loadForms = async (folder: string, ground: FormGround): Promise<LoadedForms> => {
  const { files } = await readContentFiles(folder, '.yaml')
  const compare = createComparison()
  const faults: ContentFault[] = []
  const forms: Form[] = []
  for (const source of files) {
    const file = `forms/${source.file}`
    const parsed = parseYaml({ file, text: source.text }, formFile)
    if (!parsed.ok) {
      faults.push(...parsed.faults)
      continue
    }
    const own = findFaults(file, parsed.lineOf, (note) => {
      checkSlots(parsed.value, note)
      checkComplaint(parsed.value, note)
      checkReferences(parsed.value, ground, note)
      compare(parsed.value, file, note)
    })
    faults.push(...own)
    if (own.length === 0) forms.push(toForm(parsed.value, file))
  }
  return { forms, faults }
}

const findFaults = (file: string, lineOf: LineOf, look: (note: Note) => void): readonly ContentFault[] => {
  const faults: ContentFault[] = []
  look((path, problem, fix) => faults.push(fault(file, lineOf(path), problem, fix)))
  return faults
}
