import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Table from 'antd/es/table'
import { useState } from 'react'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/knowledge.ts'
import { AskWords } from '../shell/ask-words.tsx'
import { Fields } from './diff.tsx'
import { knowledgeKey, once, useKnowledgeAct } from './use-knowledge.ts'

type Version = Schemas['KnowledgeVersionRow']

const most = 100

const useVersions = () =>
  useQuery({
    queryKey: knowledgeKey('versions'),
    queryFn: async ({ signal }) =>
      (await answerOf(v1.GET('/knowledge/versions', { params: { query: { limit: most } }, signal }))).data,
  })

/** What a version changed against the one before. */
const Changes = ({ number }: { readonly number: number }) => {
  const { data: diffs = [] } = useQuery({
    queryKey: knowledgeKey('diff', number),
    queryFn: async ({ signal }) =>
      (
        await answerOf(
          v1.GET('/knowledge/diff', { params: { query: { from: number - 1, to: number } }, signal }),
        )
      ).data,
  })
  return diffs.map(({ articleId, fields }) => (
    <section key={articleId} aria-label={articleId}>
      <h3>{articleId}</h3>
      <Fields fields={fields} />
    </section>
  ))
}

/** Every version that was live, what it changed, and the way back. */
export const Versions = () => {
  const t = useWords()
  const { may } = useSession()
  const { data: versions = [], error, isPending } = useVersions()
  const [target, setTarget] = useState<number>()
  const rollback = useKnowledgeAct(
    ({ number, reason }: { readonly number: number; readonly reason: string }) =>
      answerOf(
        v1.POST('/knowledge/versions/{number}/rollback', {
          params: { path: { number }, ...once() },
          body: { reason },
        }),
      ),
    'done.rollback',
  )
  return (
    <>
      <header className="page-head">
        <h1>{t('knowledge.versions')}</h1>
      </header>
      <Table<Version>
        size="small"
        rowKey="number"
        dataSource={[...versions]}
        loading={isPending}
        pagination={false}
        locale={{ emptyText: error === null ? t('version.none') : explain(error, t) }}
        expandable={{ expandedRowRender: ({ number }) => <Changes number={number} /> }}
        columns={[
          {
            title: '',
            width: 160,
            render: (_, { number, kind }) =>
              `${t('version.number', { n: number })} · ${t(`version.kind.${kind}`)}`,
          },
          {
            title: t('publish.reason'),
            render: (_, { reason, override }) => (
              <>
                <bdi>{reason}</bdi>{' '}
                {override === undefined ? null : (
                  <span className="delivery bad">{t('version.override', { reason: override })}</span>
                )}
              </>
            ),
          },
          {
            title: '',
            width: 220,
            render: (_, { by, at }) => t('draft.by', { name: by.name ?? '', at: exactTime(at) }),
          },
          {
            title: '',
            width: 140,
            render: (_, { number }, place) =>
              place === 0 || !may('knowledge.publish') ? null : (
                <Button size="small" onClick={() => setTarget(number)}>
                  {t('version.rollback')}
                </Button>
              ),
          },
        ]}
      />
      {target === undefined ? null : (
        <AskWords
          title={`${t('version.rollback')}: ${t('version.number', { n: target })}`}
          label={t('version.rollback.reason')}
          ok={t('version.rollback')}
          pending={rollback.isPending}
          close={() => setTarget(undefined)}
          finish={(reason) => {
            rollback.mutate({ number: target, reason }, { onSuccess: () => setTarget(undefined) })
          }}
        />
      )}
    </>
  )
}
