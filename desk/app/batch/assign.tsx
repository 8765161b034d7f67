import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import { useWhoIsThere } from '../people/presence.tsx'
import { isMeant } from '../shell/initials.ts'
import { useSession } from '../shell/session.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/batch.ts'
import { assignTicket, type Target } from './assign-ticket.ts'
import type { DialogProps } from './dialog-props.ts'
import { useBatch, whatOf } from './use-batch.ts'

const maxNote = 4_000
const mine = 'me'

interface Asked {
  /** `me`, `team:<id>` or `agent:<id>`. */
  readonly to: string
  readonly note?: string
}

interface Option {
  readonly value: string
  readonly label: string
  readonly name: string
}

/** Oneself first; then colleagues who are there, then teams. */
const useTargets = (): readonly Option[] => {
  const t = useWords()
  const language = useLanguage((state) => state.language)
  const { agent } = useSession()
  const { data } = useWhoIsThere(true)
  const there = (data?.agents ?? []).filter(
    ({ id, availability }) => availability !== 'offline' && id !== agent.id,
  )
  return [
    { value: mine, label: t('assign.me', { name: agent.name }), name: agent.name },
    ...there.map(({ id, name, availability, load }) => ({
      value: `agent:${id}`,
      label: t('transfer.agent', { name, state: t(`presence.${availability}`), count: load }),
      name,
    })),
    ...(data?.teams ?? []).map(({ id, name }) => ({
      value: `team:${id}`,
      label: name[language],
      name: name[language],
    })),
  ]
}

const targetOf = ({ to, note = '' }: Asked): Target => {
  const id = to.slice(to.indexOf(':') + 1)
  if (to === mine) return { kind: 'me' }
  return { kind: to.startsWith('team:') ? 'team' : 'agent', id, note: note.trim() }
}

/** Whether a note must go with it: whoever leads assigns people without one. */
const asksForNote = (to: string, leads: boolean): boolean =>
  to.startsWith('team:') || (to.startsWith('agent:') && !leads)

/** Gives tickets to somebody who is there, to a team, or to oneself. */
export const Assign = ({ tickets, close }: DialogProps) => {
  const t = useWords()
  const { agent, may } = useSession()
  const leads = may('ticket.take-over')
  const options = useTargets()
  const [form] = Form.useForm<Asked>()
  // Nothing is chosen before the form is drawn.
  const to = Form.useWatch('to', form) || mine
  const batch = useBatch()
  const what = whatOf(tickets, t)
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  const finish = (asked: Asked): void => {
    const who = options.find(({ value }) => value === asked.to)?.name ?? ''
    batch.mutate(
      {
        tickets,
        change: (ticket) => assignTicket(ticket, targetOf(asked), { agentId: agent.id, leads }),
        says: (changed) => t('batch.done.assign', { what: changed, who }),
      },
      { onSuccess: close },
    )
  }
  return (
    <Modal
      open
      title={t('assign.title', { what })}
      okText={t('assign.go')}
      cancelText={t('cancel')}
      confirmLoading={batch.isPending}
      onOk={form.submit}
      {...stays}
      onCancel={askClose}
    >
      <Form form={form} layout="vertical" initialValues={{ to: mine }} onFinish={finish}>
        <Form.Item
          name="to"
          label={t('assign.to')}
          rules={[{ required: true, message: t('assign.to.missing') }]}
        >
          <Select
            autoFocus
            options={[...options]}
            showSearch={{ filterOption: (typed, option) => isMeant(option?.label ?? '', typed) }}
          />
        </Form.Item>
        {to === mine ? null : (
          <Form.Item
            name="note"
            label={t(asksForNote(to, leads) ? 'assign.note' : 'assign.note.free')}
            rules={[
              {
                required: asksForNote(to, leads),
                whitespace: asksForNote(to, leads),
                message: t('assign.note.missing'),
              },
            ]}
          >
            <Input.TextArea rows={3} maxLength={maxNote} dir="auto" />
          </Form.Item>
        )}
      </Form>
    </Modal>
  )
}
