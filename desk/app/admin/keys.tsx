import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import Table from 'antd/es/table'
import Tag from 'antd/es/tag'
import { useState } from 'react'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { exactTime } from '../shell/time.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/admin.ts'
import { Secret } from './secret.tsx'
import { once, useAdmin, useAdminAct, useSure } from './use-admin.ts'

type Key = Schemas['ApiKey']
type Scope = Key['scopes'][number]

const scopes: readonly Scope[] = [
  ...(['tickets:read', 'tickets:write', 'contacts:read', 'contacts:reveal', 'contacts:write'] as const),
  ...(['inboxes:read', 'events:read', 'teams:read', 'teams:manage', 'rules:read', 'rules:manage'] as const),
  ...(['feedback:read', 'feedback:manage', 'surveys:read', 'surveys:manage', 'quality:read'] as const),
  ...(['quality:manage', 'reports:read', 'incidents:read', 'incidents:manage', 'knowledge:read'] as const),
  ...([
    'knowledge:search',
    'knowledge:manage',
    'webhooks:manage',
    'keys:manage',
    'complaints:read',
    'complaints:write',
  ] as const),
  ...([
    'complaints:act',
    'audit:read',
    'personal:reveal',
    'privacy:read',
    'privacy:manage',
    'system:read',
    'system:manage',
    'admin',
  ] as const),
]

interface Asked {
  readonly name: string
  readonly scopes: Scope[]
  readonly expiresInDays?: number | null
}

const NewKey = ({ close }: { readonly close: () => void }) => {
  const t = useWords()
  const [form] = Form.useForm<Asked>()
  const create = useAdminAct(({ name, scopes: chosen, expiresInDays }: Asked) => {
    const days = typeof expiresInDays === 'number' ? { expiresInDays } : {}
    const body = { name: name.trim(), scopes: chosen, ...days }
    return answerOf(v1.POST('/keys', { params: { header: once() }, body }))
  }, 'done.saved')
  const needed = [{ required: true, message: t('article.missing') }]
  const { askClose, stays } = useAskClose(() => create.data === undefined && form.isFieldsTouched(), close)
  return (
    <Modal
      open
      title={t('keys.new')}
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
          <Form.Item name="name" label={t('keys.name')} rules={needed}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="scopes" label={t('keys.scopes')} rules={needed}>
            <Select mode="multiple" options={scopes.map((scope) => ({ value: scope, label: scope }))} />
          </Form.Item>
          <Form.Item name="expiresInDays" label={t('keys.days')}>
            <InputNumber min={1} max={3_650} />
          </Form.Item>
        </Form>
      ) : (
        <Secret text={create.data.token} />
      )}
    </Modal>
  )
}

/** Keys of the API: what each may do, when it was used, and taking it back. */
export const Keys = () => {
  const t = useWords()
  const sure = useSure()
  const [isNew, setNew] = useState(false)
  const {
    data: keys = [],
    error,
    isPending,
  } = useAdmin(['keys'], async (signal) => (await answerOf(v1.GET('/keys', { signal }))).data)
  const revoke = useAdminAct(
    (id: string) => answerOf(v1.DELETE('/keys/{id}', { params: { path: { id } } })),
    'done.revoked',
  )
  const ask = async ({ id, name }: Key): Promise<void> => {
    if (await sure('keys.revoke.sure', name)) revoke.mutate(id)
  }
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.keys')}</h1>
        <Button type="primary" onClick={() => setNew(true)}>
          {t('keys.new')}
        </Button>
      </header>
      <Table<Key>
        size="small"
        rowKey="id"
        dataSource={keys}
        loading={isPending}
        pagination={false}
        locale={{ emptyText: error === null ? t('admin.none') : explain(error, t) }}
        columns={[
          { title: t('keys.name'), render: (_, { name }) => <bdi>{name}</bdi> },
          { title: '', width: 120, render: (_, { prefix }) => <code>{prefix}…</code> },
          {
            title: t('keys.scopes'),
            render: (_, { scopes: own }) => own.map((scope) => <Tag key={scope}>{scope}</Tag>),
          },
          {
            title: t('keys.used'),
            width: 150,
            render: (_, { lastUsedAt }) =>
              lastUsedAt === undefined ? t('keys.never') : exactTime(lastUsedAt),
          },
          {
            title: t('keys.expires'),
            width: 150,
            render: (_, { expiresAt }) => (expiresAt === undefined ? '—' : exactTime(expiresAt)),
          },
          {
            title: '',
            width: 100,
            render: (_, key) =>
              key.revokedAt === undefined ? (
                <Button size="small" danger onClick={() => void ask(key)}>
                  {t('keys.revoke')}
                </Button>
              ) : (
                <span className="quiet">{t('keys.revoked')}</span>
              ),
          },
        ]}
      />
      {isNew ? <NewKey close={() => setNew(false)} /> : null}
    </>
  )
}
