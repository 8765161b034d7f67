import { useQueryClient } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useMutation } from '@tanstack/react-query'
import { lookAgain } from '../api/queries.ts'
import { createKey } from '../api/request.ts'
import { answerOf, v1 } from '../api/v1.ts'
import type { TicketView } from '../api/desk.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/complaint.ts'
import { complaintKinds } from './facts.ts'
import { refusalOf, type Case } from './use-case.ts'
import { Why } from './why.tsx'

interface Asked {
  readonly kind: Case['kind']
  readonly objects: string
}

/** A complaint without a case: says so, and opens one. */
export const OpenCase = ({ ticket }: { readonly ticket: TicketView }) => {
  const t = useWords()
  const client = useQueryClient()
  const { may } = useSession()
  const open = useMutation({
    mutationFn: ({ kind, objects }: Asked) =>
      answerOf(
        v1.POST('/complaints', {
          params: { header: { 'Idempotency-Key': createKey() } },
          body: {
            ...{ ticket: ticket.id, kind },
            objects: objects.split('\n').flatMap((line) => line.trim() || []),
          },
        }),
      ),
    onSuccess: () => {
      lookAgain(ticket.id)
      return client.invalidateQueries({ queryKey: ['ticket', ticket.id] })
    },
  })
  return (
    <div className="case">
      <h2>{t('case.title')}</h2>
      <p>{t('case.none')}</p>
      {may('complaint.work') ? (
        <Form<Asked>
          layout="vertical"
          initialValues={{ kind: 'other', objects: '' }}
          onFinish={(asked) => open.mutate(asked)}
        >
          <Form.Item name="kind" label={t('case.kind')}>
            <Select options={complaintKinds.map((one) => ({ value: one, label: t(`case.kind.${one}`) }))} />
          </Form.Item>
          <Form.Item name="objects" label={t('case.objects')} extra={t('case.objects.hint')}>
            <Input.TextArea rows={3} />
          </Form.Item>
          {open.error === null ? null : <p role="alert">{refusalOf(open.error, t)}</p>}
          <Button type="primary" htmlType="submit" loading={open.isPending}>
            {t('case.open')}
          </Button>
        </Form>
      ) : (
        <Why text={t('case.why.work')} />
      )}
    </div>
  )
}
