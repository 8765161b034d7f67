import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import Table from 'antd/es/table'
import { useState } from 'react'
import { answerOf, ifMatch, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { exactTime } from '../shell/time.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/admin.ts'
import { Secret } from './secret.tsx'
import { once, useAdmin, useAdminAct, useSure } from './use-admin.ts'

type Webhook = Schemas['Webhook']
type Delivery = Schemas['WebhookDelivery']
type EventType = Webhook['types'][number]

const types: readonly EventType[] = [
  ...(['ticket.opened', 'ticket.changed', 'message.received', 'message.sent', 'message.noted'] as const),
  ...(['feedback.collected', 'feedback.theme-changed', 'feedback.told', 'complaint.opened'] as const),
  ...([
    'complaint.changed',
    'complaint.action',
    'complaint.risk',
    'survey.asked',
    'survey.answered',
  ] as const),
  ...(['incident.proposed', 'incident.declared', 'incident.updated', 'incident.closed'] as const),
  ...(['quality.review-completed', 'quality.disputed', 'quality.dispute-decided'] as const),
  ...(['quality.bot-answer-wrong', 'quality.coaching-due', 'knowledge.draft-changed'] as const),
  ...(['knowledge.answer-judged'] as const),
  ...(['knowledge.published', 'contact.erased', 'proposal.created', 'proposal.changed'] as const),
]

interface Asked {
  readonly url: string
  readonly description?: string
  readonly types?: EventType[]
}

const NewWebhook = ({ close }: { readonly close: () => void }) => {
  const t = useWords()
  const [form] = Form.useForm<Asked>()
  const create = useAdminAct(({ url, description = '', types: chosen = [] }: Asked) => {
    const body = { url: url.trim(), description: description.trim(), types: chosen }
    return answerOf(v1.POST('/webhooks', { params: { header: once() }, body }))
  }, 'done.saved')
  const { askClose, stays } = useAskClose(() => create.data === undefined && form.isFieldsTouched(), close)
  return (
    <Modal
      open
      title={t('webhooks.new')}
      okText={t('admin.save')}
      cancelText={t(create.data === undefined ? 'cancel' : 'close')}
      okButtonProps={{ hidden: create.data !== undefined }}
      confirmLoading={create.isPending}
      onOk={form.submit}
      {...stays}
      onCancel={askClose}
    >
      {create.data === undefined ? (
        <Form form={form} layout="vertical" onFinish={(asked) => create.mutate(asked)}>
          <Form.Item
            name="url"
            label={t('webhooks.url')}
            rules={[{ required: true, type: 'url', message: t('article.missing') }]}
          >
            <Input placeholder="https://" />
          </Form.Item>
          <Form.Item name="description" label={t('webhooks.description')}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="types" label={t('webhooks.types')}>
            <Select mode="multiple" options={types.map((type) => ({ value: type, label: type }))} />
          </Form.Item>
        </Form>
      ) : (
        <Secret text={create.data.secret} />
      )}
    </Modal>
  )
}

/** What was sent to an address lately, and how that went. */
const Deliveries = ({ id }: { readonly id: string }) => {
  const t = useWords()
  const { data = [], isPending } = useAdmin(['webhooks', id, 'deliveries'], async (signal) => {
    const params = { path: { id }, query: { limit: 50 } }
    return (await answerOf(v1.GET('/webhooks/{id}/deliveries', { params, signal }))).data
  })
  const replay = useAdminAct(
    (deliveryId: string) =>
      answerOf(
        v1.POST('/webhooks/{id}/replay', { params: { path: { id }, header: once() }, body: { deliveryId } }),
      ),
    'done.replayed',
  )
  return (
    <Table<Delivery>
      size="small"
      rowKey="id"
      dataSource={data}
      loading={isPending}
      pagination={false}
      columns={[
        { title: '', dataIndex: 'type', width: 200 },
        { title: '', width: 90, render: (_, { state }) => t(`webhooks.state.${state}`) },
        { title: '', width: 80, render: (_, { attempts }) => t('webhooks.attempts', { n: attempts }) },
        { title: '', width: 150, render: (_, { createdAt }) => exactTime(createdAt) },
        {
          title: '',
          render: (_, { lastStatus, lastError, lastBody }) => (
            <bdi className="quiet">
              {[lastStatus, lastError, lastBody?.slice(0, 120)].filter(Boolean).join(' · ')}
            </bdi>
          ),
        },
        {
          title: '',
          width: 90,
          render: (_, { id: deliveryId, state }) =>
            state === 'pending' ? null : (
              <Button size="small" onClick={() => replay.mutate(deliveryId)}>
                {t('webhooks.replay.one')}
              </Button>
            ),
        },
      ]}
    />
  )
}

const Acts = ({
  webhook,
  showSecret,
}: {
  readonly webhook: Webhook
  readonly showSecret: (secret: string) => void
}) => {
  const t = useWords()
  const sure = useSure()
  const { id, version, disabledAt, url } = webhook
  const path = { id }
  const test = useAdminAct(
    () => answerOf(v1.POST('/webhooks/{id}/test', { params: { path, header: once() } })),
    'done.tested',
  )
  const turn = useAdminAct(
    (disabled: boolean) =>
      answerOf(
        v1.PATCH('/webhooks/{id}', { params: { path, header: ifMatch(version) }, body: { disabled } }),
      ),
    'done.saved',
  )
  const rotate = useAdminAct(
    () => answerOf(v1.POST('/webhooks/{id}/rotate-secret', { params: { path, header: once() } })),
    'done.saved',
  )
  const replay = useAdminAct(
    () => answerOf(v1.POST('/webhooks/{id}/replay', { params: { path, header: once() }, body: {} })),
    'done.replayed',
  )
  const remove = useAdminAct(
    () => answerOf(v1.DELETE('/webhooks/{id}', { params: { path } })),
    'done.removed',
  )
  const askRemove = async (): Promise<void> => {
    if (await sure('admin.remove.sure', url)) remove.mutate()
  }
  return (
    <div className="actions">
      <Button size="small" loading={test.isPending} onClick={() => test.mutate()}>
        {t('webhooks.test')}
      </Button>
      <Button size="small" loading={replay.isPending} onClick={() => replay.mutate()}>
        {t('webhooks.replay')}
      </Button>
      <Button size="small" loading={turn.isPending} onClick={() => turn.mutate(disabledAt === undefined)}>
        {t(disabledAt === undefined ? 'webhooks.disable' : 'webhooks.enable')}
      </Button>
      <Button
        size="small"
        loading={rotate.isPending}
        onClick={() => rotate.mutate(undefined, { onSuccess: ({ secret }) => showSecret(secret) })}
      >
        {t('webhooks.rotate')}
      </Button>
      <Button size="small" danger onClick={() => void askRemove()}>
        {t('admin.remove')}
      </Button>
    </div>
  )
}

const Standing = ({ webhook: { disabledReason, failingSince } }: { readonly webhook: Webhook }) => {
  const t = useWords()
  if (disabledReason !== undefined)
    return <span className="chip due-over">{t(`webhooks.disabled.${disabledReason}`)}</span>
  return failingSince === undefined ? null : (
    <span className="chip due-soon">{t('webhooks.failing', { at: exactTime(failingSince) })}</span>
  )
}

/** Addresses outside that are told what happens. */
export const Webhooks = () => {
  const t = useWords()
  const [isNew, setNew] = useState(false)
  const [secret, setSecret] = useState<string>()
  const {
    data = [],
    error,
    isPending,
  } = useAdmin(['webhooks'], async (signal) => (await answerOf(v1.GET('/webhooks', { signal }))).data)
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.webhooks')}</h1>
        <Button type="primary" onClick={() => setNew(true)}>
          {t('webhooks.new')}
        </Button>
      </header>
      {secret === undefined ? null : <Secret text={secret} />}
      <Table<Webhook>
        size="small"
        rowKey="id"
        dataSource={data}
        loading={isPending}
        pagination={false}
        locale={{ emptyText: error === null ? t('admin.none') : explain(error, t) }}
        expandable={{ expandedRowRender: ({ id }) => <Deliveries id={id} /> }}
        columns={[
          {
            title: t('webhooks.url'),
            render: (_, webhook) => (
              <>
                <bdi>{webhook.url}</bdi> <span className="quiet">{webhook.description}</span>{' '}
                <Standing webhook={webhook} />
              </>
            ),
          },
          {
            title: '',
            width: 460,
            render: (_, webhook) => <Acts webhook={webhook} showSecret={setSecret} />,
          },
        ]}
      />
      {isNew ? <NewWebhook close={() => setNew(false)} /> : null}
    </>
  )
}
