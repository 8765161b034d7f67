import { Link, useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Table from 'antd/es/table'
import Tag from 'antd/es/tag'
import Tooltip from 'antd/es/tooltip'
import { useDeferredValue, useState } from 'react'
import type { Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/knowledge.ts'
import { Contradictions, useMachine } from './machine.tsx'
import { useArticles } from './use-knowledge.ts'

type Row = Schemas['ArticleRow']

const Question = ({ row }: { readonly row: Row }) => {
  const t = useWords()
  return (
    <>
      <Link to="/knowledge/articles/$articleId" params={{ articleId: row.articleId }}>
        <bdi>{row.question ?? row.articleId}</bdi>
      </Link>{' '}
      {row.conflict ? (
        <Tooltip title={t('knowledge.conflict')}>
          <span className="chip due-soon">⚠ {t('knowledge.conflict')}</span>
        </Tooltip>
      ) : null}
      {row.drafts.map(({ id, state }) => (
        <Link key={id} to="/knowledge/drafts/$draftId" params={{ draftId: id }}>
          <Tag>{t(`draft.state.${state}`)}</Tag>
        </Link>
      ))}
    </>
  )
}

/** All articles: found by words or topic. */
export const Articles = () => {
  const t = useWords()
  const navigate = useNavigate()
  const { may } = useSession()
  const [typed, setTyped] = useState('')
  const [topic, setTopic] = useState('')
  const text = useDeferredValue(typed.trim())
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useArticles({
    text,
    topic: topic.trim() === '' ? undefined : topic.trim(),
  })
  const isHelped = useMachine()
  const [isComparing, setComparing] = useState(false)
  const rows = data?.pages.flatMap((page) => page.data) ?? []
  return (
    <>
      <header className="page-head">
        <h1>{t('knowledge.articles')}</h1>
        <Input.Search
          value={typed}
          allowClear
          aria-label={t('knowledge.search')}
          placeholder={t('knowledge.search')}
          onChange={({ target }) => {
            setTyped(target.value)
          }}
        />
        <Input
          value={topic}
          allowClear
          aria-label={t('knowledge.topic')}
          placeholder={t('knowledge.topic.all')}
          onChange={({ target }) => {
            setTopic(target.value)
          }}
        />
        {may('knowledge.edit') ? (
          <Button type="primary" onClick={() => void navigate({ to: '/knowledge/drafts/new' })}>
            {t('knowledge.new')}
          </Button>
        ) : null}
        {isHelped ? (
          <Button aria-expanded={isComparing} onClick={() => setComparing(!isComparing)}>
            {t('knowledge.contradictions')}
          </Button>
        ) : null}
      </header>
      {isComparing ? <Contradictions /> : null}
      <Table<Row>
        size="small"
        rowKey="articleId"
        dataSource={rows}
        loading={isPending}
        pagination={false}
        locale={{ emptyText: error === null ? t('knowledge.none') : explain(error, t) }}
        columns={[
          { title: t('article.question'), render: (_, row) => <Question row={row} /> },
          { title: t('article.topic'), dataIndex: 'topic', width: 180 },
          { title: 'ID', dataIndex: 'articleId', width: 220 },
          { title: '', width: 110, render: (_, row) => t(`knowledge.origin.${row.origin}`) },
        ]}
      />
      {hasNextPage ? (
        <Button className="page-more" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('knowledge.more')}
        </Button>
      ) : null}
    </>
  )
}
