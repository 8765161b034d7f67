import type { InboxList } from '../api/desk.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/admin.ts'

type Standing = Pick<InboxList['inboxes'][number], 'state' | 'since' | 'lastError' | 'nextTryAt' | 'pause'>

/** How an inbox fares: since when, why not, until when it rests. */
export const InboxStanding = ({
  inbox: { state, since, lastError, nextTryAt, pause },
}: {
  readonly inbox: Standing
}) => {
  const t = useWords()
  return (
    <>
      <span className={`chip ${state === 'running' ? 'due-done' : state === 'failing' ? 'due-over' : ''}`}>
        {t(`inboxes.state.${state}`)}
      </span>{' '}
      <span className="quiet">{t('inboxes.since', { at: exactTime(since) })}</span>
      {lastError === undefined ? null : (
        <p className={state === 'failing' ? 'delivery bad' : 'delivery'}>
          {t('health.last-error')} {exactTime(lastError.at)} <bdi>{lastError.message}</bdi>{' '}
          {nextTryAt === undefined ? '' : t('inboxes.next', { at: exactTime(nextTryAt) })}
        </p>
      )}
      {pause === undefined ? null : (
        <p className="delivery bad">
          {t('inboxes.paused', { at: exactTime(pause.until), reason: pause.reason })}
        </p>
      )}
    </>
  )
}
