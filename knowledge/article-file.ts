import type { Article, ContentFault } from '../src/core/knowledge.ts'
import { fault, parseYaml } from '../src/text/index.ts'
import type { ContentFile, LineOf } from '../src/text/index.ts'
import { frontMatter, maxAnswerLength, type FrontMatter } from './article-schema.ts'
import { takePictures, type NamedPicture, type TextWithPictures } from './picture-lines.ts'

/** The pictures of one of an article's answers, as its Markdown names them. */
export interface NamedPictures {
  /** Which answer: `en`, or a channel's; absent: the general one. */
  readonly of?: 'en' | { readonly channel: string }
  /** Each with its line in the file. */
  readonly pictures: readonly NamedPicture[]
}

/** An article with the lines of its fields, for faults found by comparing articles. */
export interface ReadArticle {
  readonly article: Article
  readonly lineOf: LineOf
  readonly pictures: readonly NamedPictures[]
}

/** What reading one file yields; an article only when there is no fault. */
export interface ArticleFile {
  readonly read?: ReadArticle
  readonly faults: readonly ContentFault[]
}

const opening = '---\n'

/** Splits front matter from the answer below it; undefined when a fence is missing. */
export const splitArticle = (
  text: string,
): { readonly front: string; readonly body: string; readonly bodyLine: number } | undefined => {
  if (!text.startsWith(opening)) return undefined
  const end = text.indexOf('\n---\n', opening.length - 1)
  const closed = end >= 0 ? end : text.endsWith('\n---') ? text.length - 4 : -1
  if (closed < 0) return undefined
  const front = text.slice(opening.length, closed + 1)
  const below = text.slice(closed + 5)
  const body = below.trim()
  const blankLines = below.slice(0, below.indexOf(body)).split('\n').length - 1
  return { front, body, bodyLine: front.split('\n').length + 2 + blankLines }
}

const checkBody = (
  file: string,
  { words, slips }: TextWithPictures,
  line: number,
): readonly ContentFault[] => {
  if (words === '')
    return [
      fault(
        file,
        line,
        '没有答案正文 there is no answer',
        '在第二个 --- 下面写答案 write it below the second ---',
      ),
    ]
  if (words.length > maxAnswerLength) {
    return [
      fault(
        file,
        line,
        `答案 ${words.length} 字，超过 ${maxAnswerLength} 字 the answer is too long`,
        '删减，或拆成几篇并互相关联 shorten it, or split it into linked articles',
      ),
    ]
  }
  return slips.map((slip) => fault(file, line + slip.line, slip.problem, slip.fix))
}

/** Takes the pictures out of the answers that stand in the front matter; each counts as on its field's line. */
const takeFromFields = (
  file: string,
  { channels, en }: Pick<FrontMatter, 'channels' | 'en'>,
  lineOf: LineOf,
) => {
  const faults: ContentFault[] = []
  const pictures: NamedPictures[] = []
  const take = (text: string, line: number, of: NonNullable<NamedPictures['of']>): string => {
    const taken = takePictures(text)
    faults.push(...taken.slips.map(({ problem, fix }) => fault(file, line, problem, fix)))
    if (taken.words === '') faults.push(...checkBody(file, taken, line))
    if (taken.pictures.length > 0)
      pictures.push({ of, pictures: taken.pictures.map((picture) => ({ ...picture, line })) })
    return taken.words
  }
  return {
    channelAnswers: Object.fromEntries(
      Object.entries(channels).map(([channel, text]) => [
        channel,
        take(text, lineOf(['channels', channel]), { channel }),
      ]),
    ),
    ...(en === undefined ? {} : { en: { ...en, answer: take(en.answer, lineOf(['en', 'answer']), 'en') } }),
    faults,
    pictures,
  }
}

/** Reads one article file: front matter between two `---` lines, then the answer as Markdown. */
export const readArticle = ({ file, text }: ContentFile): ArticleFile => {
  const parts = splitArticle(text)
  if (parts === undefined) {
    return {
      faults: [
        fault(
          file,
          1,
          '没有完整的 front matter there is no whole front matter',
          '第一行写 ---，字段之后再写一行 --- start with a line ---, and end the fields with another',
        ),
      ],
    }
  }
  const parsed = parseYaml({ file, text: parts.front, firstLine: 2 }, frontMatter)
  const taken = takePictures(parts.body)
  const bodyFaults = checkBody(file, taken, parts.bodyLine)
  if (!parsed.ok) return { faults: [...parsed.faults, ...bodyFaults] }
  const { id, topic, question, similar, negative, handoff, urgency, followups, from, until, help } =
    parsed.value
  const lineOf: LineOf = (path) => parsed.lineOf(path)
  const { faults: fieldFaults, pictures, ...answers } = takeFromFields(file, parsed.value, lineOf)
  const faults = [...fieldFaults, ...bodyFaults]
  if (faults.length > 0) return { faults }
  const validity = { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) }
  const audience = help === false ? { help } : {}
  const fields = {
    id,
    topic,
    question,
    similar,
    negative,
    handoff,
    urgency,
    followups,
    ...validity,
    ...audience,
  }
  const own = taken.pictures.map((picture) => ({ ...picture, line: parts.bodyLine + picture.line }))
  return {
    read: {
      article: { ...fields, answer: taken.words, ...answers, file },
      lineOf,
      pictures: own.length === 0 ? pictures : [{ pictures: own }, ...pictures],
    },
    faults: [],
  }
}
