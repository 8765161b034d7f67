import { useInfiniteQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Table from 'antd/es/table'
import { useDeferredValue, useState } from 'react'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/admin.ts'
import { adminKey } from './use-admin.ts'

type Line = Schemas['AuditLine']

const pageSize = 100
const dayPattern = /^\d{4}-\d{2}-\d{2}$/

interface Filter {
  readonly actor: string
  readonly object: string
  readonly since: string
}

const useAudit = ({ actor, object, since }: Filter) =>
  useInfiniteQuery({
    queryKey: adminKey('audit', actor, object, since),
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: pageSize,
        ...(actor === '' ? {} : { actor }),
        ...(object === '' ? {} : { object }),
        ...(dayPattern.test(since) ? { since: new Date(`${since}T00:00:00`).toISOString() } : {}),
        ...(pageParam === undefined ? {} : { cursor: pageParam }),
      }
      return answerOf(v1.GET('/audit', { params: { query }, signal }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (typeof page === 'object' && 'next' in page ? page.next : undefined),
  })

/** Who did what, newest first. */
export const Audit = () => {
  const t = useWords()
  const [actor, setActor] = useState('')
  const [object, setObject] = useState('')
  const [since, setSince] = useState('')
  const filter = useDeferredValue({ actor: actor.trim(), object: object.trim(), since: since.trim() })
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useAudit(filter)
  const lines =
    data?.pages.flatMap((page) => (typeof page === 'object' && 'data' in page ? page.data : [])) ?? []
  const field = (label: string, value: string, set: (text: string) => void) => (
    <Input
      value={value}
      allowClear
      aria-label={label}
      placeholder={label}
      onChange={({ target }) => set(target.value)}
    />
  )
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.audit')}</h1>
        {field(t('audit.actor'), actor, setActor)}
        {field(t('audit.object'), object, setObject)}
        {field(t('audit.since'), since, setSince)}
      </header>
      <Table<Line>
        size="small"
        rowKey="number"
        dataSource={lines}
        loading={isPending}
        pagination={false}
        locale={{ emptyText: error === null ? t('admin.none') : explain(error, t) }}
        expandable={{
          expandedRowRender: ({ detail, hash }) => (
            <>
              <pre>{JSON.stringify(detail, undefined, 2)}</pre>
              <code className="quiet">{hash}</code>
            </>
          ),
        }}
        columns={[
          { title: t('audit.at'), width: 150, render: (_, { at }) => exactTime(at) },
          {
            title: t('audit.actor'),
            width: 180,
            render: (_, { actor: who }) => <bdi>{who.name ?? who.id}</bdi>,
          },
          { title: t('audit.act'), dataIndex: 'act', width: 190 },
          {
            title: t('audit.object'),
            render: (_, { object: what }) => (what === undefined ? '—' : `${what.kind} ${what.id}`),
          },
          { title: t('audit.reason'), render: (_, { reason = '' }) => <bdi>{reason}</bdi> },
        ]}
      />
      {hasNextPage ? (
        <Button className="page-more" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      ) : null}
    </>
  )
}
