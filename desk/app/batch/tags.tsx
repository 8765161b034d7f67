import Form from 'antd/es/form'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import { useMemo } from 'react'
import type { TicketView } from '../api/desk.ts'
import { useTickets } from '../api/queries.ts'
import { isMeant } from '../shell/initials.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/batch.ts'
import { patchTicket } from './change-ticket.ts'
import type { DialogProps } from './dialog-props.ts'
import { useBatch, whatOf } from './use-batch.ts'

const maxTags = 100

interface Asked {
  readonly add?: readonly string[]
  readonly remove?: readonly string[]
}

const tagsOf = (tickets: readonly TicketView[]): readonly string[] =>
  [...new Set(tickets.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b, 'zh-CN'))

const asOptions = (tags: readonly string[]) => tags.map((tag) => ({ value: tag, label: tag }))
const find = {
  filterOption: (typed: string, option?: { readonly value: string }) => isMeant(option?.value ?? '', typed),
}

/** Adds tags to tickets and takes some away; what else each one carries stays. */
export const Tags = ({ tickets, close }: DialogProps) => {
  const t = useWords()
  const [form] = Form.useForm<Asked>()
  const { data: known = [] } = useTickets('open')
  const all = useMemo(() => tagsOf([...known, ...tickets]), [known, tickets])
  const present = useMemo(() => tagsOf(tickets), [tickets])
  const batch = useBatch()
  const what = whatOf(tickets, t)
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  const finish = ({ add = [], remove = [] }: Asked): void => {
    const wanted = (tags: readonly string[]): string[] =>
      [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag))
    const changing = tickets.filter(({ tags }) => wanted(tags).join('\n') !== tags.join('\n'))
    if (changing.length === 0) close()
    else
      batch.mutate(
        {
          tickets: changing,
          change: (ticket) => patchTicket(ticket, { tags: wanted(ticket.tags) }, { tags: [...ticket.tags] }),
          says: (changed) => t('batch.done.tag', { what: changed }),
        },
        { onSuccess: close },
      )
  }
  return (
    <Modal
      open
      title={t('tag.title', { what })}
      okText={t('save')}
      cancelText={t('cancel')}
      confirmLoading={batch.isPending}
      onOk={form.submit}
      {...stays}
      onCancel={askClose}
    >
      <Form form={form} layout="vertical" onFinish={finish}>
        <Form.Item name="add" label={t('tag.add')}>
          <Select
            mode="tags"
            autoFocus
            maxCount={maxTags}
            tokenSeparators={[',', '，', '、']}
            options={asOptions(all)}
            showSearch={find}
          />
        </Form.Item>
        {present.length === 0 ? null : (
          <Form.Item name="remove" label={t('tag.remove')}>
            <Select mode="multiple" options={asOptions(present)} showSearch={find} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  )
}
