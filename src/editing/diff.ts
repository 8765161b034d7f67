import { isDeepStrictEqual } from 'node:util'
import type { ArticleChange, ArticleDiff, FieldDiff } from '../core/editing.ts'

/** Fields that hold named texts are compared text by text. */
const nested: readonly string[] = ['channels', 'en']

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const flatten = (content: object | undefined): ReadonlyMap<string, unknown> =>
  new Map(
    Object.entries(content ?? {}).flatMap(([field, value]): [string, unknown][] =>
      nested.includes(field) && isRecord(value)
        ? Object.entries(value).map(([name, one]) => [`${field}.${name}`, one])
        : [[field, value]],
    ),
  )

const isEmpty = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.length === 0)

/** The fields of an article that differ. */
const diffFields = ({ before, after }: ArticleChange): readonly FieldDiff[] => {
  const [was, is] = [flatten(before), flatten(after)]
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((field) => {
    const [from, to] = [was.get(field), is.get(field)]
    if (isDeepStrictEqual(from, to) || (isEmpty(from) && isEmpty(to))) return []
    return [
      { field, ...(from === undefined ? {} : { before: from }), ...(to === undefined ? {} : { after: to }) },
    ]
  })
}

/** An article's change, field by field. */
export const diffArticle = (change: ArticleChange): ArticleDiff => ({
  articleId: change.articleId,
  kind: change.before === undefined ? 'added' : change.after === undefined ? 'removed' : 'changed',
  fields: diffFields(change),
})
