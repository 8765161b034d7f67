import Select from 'antd/es/select'
import type { TicketView } from '../api/desk.ts'
import { answerOf, v1, type BodyOf } from '../api/v1.ts'
import { useSession } from '../shell/session.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/index.ts'
import { useChange } from './use-change.ts'

const priorities = ['normal', 'high', 'urgent'] as const
const kinds = ['question', 'complaint', 'feedback', 'appeal', 'incident-report'] as const
const maxTags = 100

type Body = BodyOf<'/tickets/{id}', 'patch'>

/** What a ticket says of itself; changed here, at once. */
export const Properties = ({ ticket }: { readonly ticket: TicketView }) => {
  const t = useWords()
  const { may } = useSession()
  const change = useChange(ticket, 'done.change')
  const locked = !may('ticket.change') || change.isPending
  const patch = (body: Body): void => {
    change.mutate((params) => answerOf(v1.PATCH('/tickets/{id}', { params, body })))
  }
  return (
    <dl className="facts">
      <dt>{t('info.number')}</dt>
      <dd>T-{ticket.number}</dd>
      <dt>{t('info.kind')}</dt>
      <dd>
        <Select
          size="small"
          value={ticket.kind}
          disabled={locked}
          aria-label={t('info.kind')}
          options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
          onChange={(kind) => {
            patch({ kind })
          }}
        />
      </dd>
      <dt>{t('info.priority')}</dt>
      <dd>
        <Select
          size="small"
          value={ticket.priority}
          disabled={locked}
          aria-label={t('info.priority')}
          options={priorities.map((priority) => ({ value: priority, label: t(`priority.${priority}`) }))}
          onChange={(priority) => {
            patch({ priority })
          }}
        />
      </dd>
      <dt>{t('info.tags')}</dt>
      <dd>
        <Select
          className="tags"
          size="small"
          mode="tags"
          value={[...ticket.tags]}
          disabled={locked}
          maxCount={maxTags}
          tokenSeparators={[',', '，', '、']}
          aria-label={t('info.tags')}
          onChange={(tags: string[]) => {
            patch({ tags })
          }}
        />
      </dd>
      {ticket.holdReason === undefined ? null : (
        <>
          <dt>{t('hold.reason')}</dt>
          <dd dir="auto">
            {ticket.holdReason} {ticket.holdUntil === undefined ? '' : exactTime(ticket.holdUntil)}
          </dd>
        </>
      )}
      <dt>{t('info.created')}</dt>
      <dd>{exactTime(ticket.createdAt)}</dd>
      <dt>{t('info.first-due')}</dt>
      <dd>{exactTime(ticket.firstReplyDueAt)}</dd>
      <dt>{t('info.resolution-due')}</dt>
      <dd>{exactTime(ticket.resolutionDueAt)}</dd>
    </dl>
  )
}
