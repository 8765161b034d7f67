import type { z } from 'zod'

type Issue = z.core.$ZodRawIssue

const units: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  string: ['字', 'characters'],
  array: ['项', 'entries'],
}

const bound = (issue: Issue & { readonly code: 'too_small' | 'too_big' }): string | undefined => {
  const [zh, en] = units[issue.origin] ?? []
  if (zh === undefined || en === undefined) return undefined
  if (issue.code === 'too_big')
    return `最多 ${String(issue.maximum)} ${zh} at most ${String(issue.maximum)} ${en}`
  return issue.minimum === 1
    ? '不能为空 must not be empty'
    : `至少 ${String(issue.minimum)} ${zh} at least ${String(issue.minimum)} ${en}`
}

/** What is wrong with a cell in the words of whoever fills in tables; undefined: zod's own words are as good. */
export const faultWords = (issue: Issue): string | undefined => {
  if (issue.code === 'too_small' || issue.code === 'too_big') return bound(issue)
  if (issue.code === 'invalid_type') return issue.input === undefined ? '要填 is needed' : undefined
  if (issue.code !== 'invalid_value') return undefined
  const values = issue.values.map(String).join(', ')
  return `只能是 ${values} 之一 must be one of ${values}`
}
