import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Table from 'antd/es/table'
import { useState } from 'react'
import { answerOf, v1 } from '../api/v1.ts'
import { findCanned, useCanned, type CannedReply } from '../canned/use-canned.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { exactTime, shortTime } from '../shell/time.ts'
import { useWords } from '../words/canned.ts'
import { CannedDrawer } from './canned-drawer.tsx'
import { useAdminAct, useSure } from './use-admin.ts'

const Words = ({ reply: { text, variants, pictures } }: { readonly reply: CannedReply }) => {
  const t = useWords()
  return (
    <>
      <div className="words canned-text" dir="auto">
        {text}
      </div>
      {variants.map(({ channel }) => (
        <span key={channel} className="chip">
          {t(`channel.${channel}`)}
        </span>
      ))}
      {pictures.length === 0 ? null : (
        <span className="chip">{t('canned.pictures.count', { n: pictures.length })}</span>
      )}
    </>
  )
}

const Acts = ({ reply, edit }: { readonly reply: CannedReply; readonly edit: () => void }) => {
  const t = useWords()
  const sure = useSure()
  const { may } = useSession()
  const remove = useAdminAct(
    () => answerOf(v1.DELETE('/canned-replies/{id}', { params: { path: { id: reply.id } } })),
    'done.removed',
  )
  const askRemove = async (): Promise<void> => {
    const asked = reply.scope === 'team' ? 'canned.remove.sure' : 'canned.remove.own.sure'
    if (await sure(asked, reply.name)) remove.mutate()
  }
  if (!may(reply.scope === 'team' ? 'canned.manage' : 'canned.write')) return null
  return (
    <div className="actions">
      <Button size="small" onClick={edit}>
        {t('admin.edit')}
      </Button>
      <Button size="small" danger onClick={() => void askRemove()}>
        {t('admin.remove')}
      </Button>
    </div>
  )
}

/** Texts that are said often: the team's, and one's own. */
export const Canned = () => {
  const t = useWords()
  const { may } = useSession()
  const [query, setQuery] = useState('')
  const [editing, setEditing] = useState<{ readonly reply: CannedReply | undefined }>()
  const { data = [], error, isPending } = useCanned()
  const nothing = query === '' ? t('canned.none') : t('canned.no-match', { query })
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.canned')}</h1>
        <Input
          allowClear
          value={query}
          aria-label={t('canned.find')}
          placeholder={t('canned.find')}
          onChange={({ target }) => setQuery(target.value)}
        />
        {may('canned.write') ? (
          <Button type="primary" onClick={() => setEditing({ reply: undefined })}>
            {t('canned.new')}
          </Button>
        ) : null}
      </header>
      <Table<CannedReply>
        size="small"
        rowKey="id"
        dataSource={[...findCanned(data, query)]}
        loading={isPending}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        locale={{ emptyText: error === null ? nothing : explain(error, t) }}
        columns={[
          { title: t('canned.name'), width: 180, render: (_, { name }) => <bdi>{name}</bdi> },
          {
            title: t('canned.scope'),
            width: 110,
            render: (_, { scope }) => t(`canned.scope.${scope}`),
          },
          { title: t('canned.text'), render: (_, reply) => <Words reply={reply} /> },
          {
            title: t('canned.updated'),
            width: 110,
            render: (_, { updatedAt }) => <span title={exactTime(updatedAt)}>{shortTime(updatedAt)}</span>,
          },
          {
            title: '',
            width: 150,
            render: (_, reply) => <Acts reply={reply} edit={() => setEditing({ reply })} />,
          },
        ]}
      />
      {editing === undefined ? null : (
        <CannedDrawer reply={editing.reply} close={() => setEditing(undefined)} />
      )}
    </>
  )
}
