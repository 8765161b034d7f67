import { Link } from '@tanstack/react-router'
import Segmented from 'antd/es/segmented'
import Table from 'antd/es/table'
import { useState } from 'react'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/knowledge.ts'
import { TicketDraft } from './machine.tsx'
import { Publish } from './publish.tsx'
import { useDrafts, type Draft } from './use-knowledge.ts'

const states = ['draft', 'in-review', 'approved', 'published', 'discarded'] as const

/** Drafts by how far they are; approved ones are chosen and published together. */
export const Drafts = () => {
  const t = useWords()
  const { may } = useSession()
  const [state, setState] = useState<Draft['state']>('draft')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const { data: drafts = [], error, isPending } = useDrafts(state)
  const mayPublish = state === 'approved' && may('knowledge.publish')
  const picked = drafts.filter(({ id }) => chosen.includes(id))
  return (
    <>
      <header className="page-head">
        <h1>{t('knowledge.drafts')}</h1>
        <Segmented<Draft['state']>
          value={state}
          options={states.map((one) => ({ value: one, label: t(`draft.state.${one}`) }))}
          onChange={(next) => {
            setState(next)
            setChosen([])
          }}
        />
        <TicketDraft />
      </header>
      <Table<Draft>
        size="small"
        rowKey="id"
        dataSource={[...drafts]}
        loading={isPending}
        pagination={false}
        locale={{ emptyText: error === null ? t('draft.none') : explain(error, t) }}
        {...(mayPublish
          ? {
              rowSelection: {
                selectedRowKeys: [...chosen],
                onChange: (picks) => {
                  setChosen(picks.map(String))
                },
              },
            }
          : {})}
        columns={[
          {
            title: t('article.question'),
            render: (_, { id, content, articleId, source }) => (
              <>
                <Link to="/knowledge/drafts/$draftId" params={{ draftId: id }}>
                  <bdi>{content?.question ?? articleId}</bdi>
                </Link>{' '}
                {source?.model === undefined ? null : <span className="chip">{t('draft.machine')}</span>}
              </>
            ),
          },
          { title: '', width: 120, render: (_, { action }) => t(`draft.action.${action}`) },
          { title: t('draft.reason'), dataIndex: 'reason' },
          {
            title: '',
            width: 220,
            render: (_, { author, updatedAt }) =>
              t('draft.by', { name: author.name ?? '', at: exactTime(updatedAt) }),
          },
        ]}
      />
      {picked.length === 0 ? null : <Publish key={chosen.join(' ')} drafts={picked} />}
    </>
  )
}
