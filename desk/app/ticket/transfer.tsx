import { useMutation } from '@tanstack/react-query'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import { desk, type TicketView, type Transfer as Target, type WhoIsThere } from '../api/desk.ts'
import { createKey } from '../api/request.ts'
import { useWhoIsThere } from '../people/presence.tsx'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useLanguage, useWords, type Language, type Translate } from '../words/index.ts'
import { useFault, useNews } from './use-act.ts'
import { useAsking } from './use-asking.tsx'
import { useUndo } from './undo.tsx'

const maxNote = 4_000

interface Asked {
  /** `team:<id>` or `agent:<id>`. */
  readonly to: string
  readonly note: string
}

const targetOf = ({ to, note }: Asked): Target => {
  const id = to.slice(to.indexOf(':') + 1)
  return to.startsWith('team:') ? { teamId: id, note: note.trim() } : { agentId: id, note: note.trim() }
}

interface Choosing {
  readonly t: Translate
  readonly language: Language
  readonly holder: string | undefined
}

/** Teams, and colleagues who are there. */
const optionsOf = ({ teams, agents }: WhoIsThere, { t, language, holder }: Choosing) =>
  [
    {
      label: t('transfer.teams'),
      options: teams.map(({ id, name }) => ({ value: `team:${id}`, label: name[language] })),
    },
    {
      label: t('transfer.agents'),
      options: agents
        .filter(({ id, availability }) => availability !== 'offline' && id !== holder)
        .map(({ id, name, availability, load }) => ({
          value: `agent:${id}`,
          label: t('transfer.agent', { name, state: t(`presence.${availability}`), count: load }),
        })),
    },
  ].filter(({ options }) => options.length > 0)

const useTransfer = ({ id, version }: TicketView, done: () => void) => {
  const t = useWords()
  const take = useNews()
  const undo = useUndo()
  const asking = useAsking()
  return useMutation({
    mutationFn: (asked: Asked) => {
      const key = createKey()
      return asking({ id, version, goOn: 'conflict.again' }, (seen) =>
        desk.transfer(id, { ...targetOf(asked), ...(seen === undefined ? {} : { version: seen }) }, key),
      )
    },
    onSuccess: (changed) => {
      take(changed)
      undo.offer(changed, t('done.transfer'))
      done()
    },
    onError: useFault(),
  })
}

interface TransferProps {
  readonly ticket: TicketView
  readonly close: () => void
}

/** Hands a ticket to a team or a colleague, with a note that the contact does not see. */
export const Transfer = ({ ticket, close }: TransferProps) => {
  const t = useWords()
  const language = useLanguage((state) => state.language)
  const { data } = useWhoIsThere(true)
  const [form] = Form.useForm<Asked>()
  const transfer = useTransfer(ticket, close)
  const { askClose, stays } = useAskClose(() => form.isFieldsTouched(), close)
  const choosing = { t, language, holder: ticket.assigneeId }
  const options = data === undefined ? [] : optionsOf(data, choosing)
  const isNobody = data !== undefined && options.length === 0
  return (
    <Modal
      open
      title={t('transfer.title', { number: ticket.number })}
      okText={t('transfer.go')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: isNobody }}
      confirmLoading={transfer.isPending}
      onOk={form.submit}
      {...stays}
      onCancel={askClose}
    >
      {isNobody ? (
        <p>{t('transfer.none')}</p>
      ) : (
        <Form
          form={form}
          layout="vertical"
          onFinish={(asked) => {
            transfer.mutate(asked)
          }}
        >
          <Form.Item
            name="to"
            label={t('transfer.to')}
            rules={[{ required: true, message: t('transfer.missing') }]}
          >
            <Select
              options={options}
              showSearch={{ optionFilterProp: 'label' }}
              loading={data === undefined}
            />
          </Form.Item>
          <Form.Item
            name="note"
            label={t('transfer.note')}
            rules={[{ required: true, whitespace: true, message: t('transfer.missing') }]}
          >
            <Input.TextArea rows={3} maxLength={maxNote} dir="auto" />
          </Form.Item>
        </Form>
      )}
    </Modal>
  )
}
