import type { Article, ContentFault } from '../src/core/knowledge.ts'
import { fault, parseYaml } from '../src/text/index.ts'
import type { ContentFile, LineOf } from '../src/text/index.ts'
import { frontMatter, maxAnswerLength } from './article-schema.ts'

/** An article with the lines of its fields, for faults found by comparing articles. */
export interface ReadArticle {
  readonly article: Article
  readonly lineOf: LineOf
}

/** What reading one file yields; an article only when there is no fault. */
export interface ArticleFile {
  readonly read?: ReadArticle
  readonly faults: readonly ContentFault[]
}

const opening = '---\n'

/** Splits front matter from the answer below it; undefined when a fence is missing. */
const split = (
  text: string,
): { readonly front: string; readonly body: string; readonly bodyLine: number } | undefined => {
  if (!text.startsWith(opening)) return undefined
  const end = text.indexOf('\n---\n', opening.length - 1)
  const closed = end >= 0 ? end : text.endsWith('\n---') ? text.length - 4 : -1
  if (closed < 0) return undefined
  const front = text.slice(opening.length, closed + 1)
  const bodyLine = front.split('\n').length + 2
  return { front, body: text.slice(closed + 5).trim(), bodyLine }
}

const checkBody = (file: string, body: string, line: number): readonly ContentFault[] => {
  if (body === '')
    return [
      fault(
        file,
        line,
        '没有答案正文 there is no answer',
        '在第二个 --- 下面写答案 write it below the second ---',
      ),
    ]
  if (body.length > maxAnswerLength) {
    return [
      fault(
        file,
        line,
        `答案 ${body.length} 字，超过 ${maxAnswerLength} 字 the answer is too long`,
        '删减，或拆成几篇并互相关联 shorten it, or split it into linked articles',
      ),
    ]
  }
  return []
}

/** Reads one article file: front matter between two `---` lines, then the answer as Markdown. */
export const readArticle = ({ file, text }: ContentFile): ArticleFile => {
  const parts = split(text)
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
  const bodyFaults = checkBody(file, parts.body, parts.bodyLine)
  if (!parsed.ok) return { faults: [...parsed.faults, ...bodyFaults] }
  if (bodyFaults.length > 0) return { faults: bodyFaults }
  const { id, topic, question, similar, negative, handoff, urgency, followups, channels, en } = parsed.value
  const fields = { id, topic, question, similar, negative, handoff, urgency, followups }
  return {
    read: {
      article: {
        ...fields,
        answer: parts.body,
        channelAnswers: channels,
        ...(en === undefined ? {} : { en }),
        file,
      },
      lineOf: (path) => parsed.lineOf(path),
    },
    faults: [],
  }
}
