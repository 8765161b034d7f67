import type { ComplaintCase } from '../core/complaint.ts'
import type { NoticeDraft } from '../core/complaint-work.ts'
import { nearestLanguage } from '../text/index.ts'
import type { ComplaintDeps } from './deps.ts'
import { noticeOfSlowing } from './notices.ts'

type Unsaid = Omit<NoticeDraft, 'message'>

/** Enough of what somebody wrote to tell the language. */
const textsRead = 20

const say = (
  { compose }: Pick<ComplaintDeps, 'compose'>,
  notice: Unsaid,
  { inboxId, language }: { readonly inboxId: string; readonly language: 'zh' | 'en' },
): NoticeDraft => {
  const message = compose(inboxId, notice.words[language])
  return message === undefined ? notice : { ...notice, message }
}

/** The language the reporter writes in. */
export const reporterLanguage = async (
  { store }: Pick<ComplaintDeps, 'store'>,
  { id }: Pick<ComplaintCase, 'id'>,
): Promise<'zh' | 'en'> => {
  const { texts } = await store.tracesOf(id)
  const read = texts.slice(0, textsRead).join('\n').toLowerCase()
  return nearestLanguage(read)
}

/** Says the notices to the reporter in the language they write in; the others are only kept. */
export const sayNotices = async (
  deps: Pick<ComplaintDeps, 'store' | 'compose'>,
  found: ComplaintCase,
  notices: readonly Unsaid[],
): Promise<readonly NoticeDraft[]> => {
  const { inboxId } = found
  const language = await reporterLanguage(deps, found)
  return notices.map((notice) =>
    notice.side === 'reporter' ? say(deps, notice, { inboxId, language }) : notice,
  )
}

/** What a reporter is told whose complaints wait from now on. */
export const sayingSlowed =
  (deps: Pick<ComplaintDeps, 'compose'>) =>
  (inboxId: string): NoticeDraft =>
    say(deps, { side: 'reporter', about: 'slowed', words: noticeOfSlowing }, { inboxId, language: 'zh' })
