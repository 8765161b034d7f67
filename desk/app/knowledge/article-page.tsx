import { Link, useNavigate, useParams } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Skeleton from 'antd/es/skeleton'
import Tag from 'antd/es/tag'
import { useState } from 'react'
import { answerOf, v1, type BodyOf } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/knowledge.ts'
import { AskWords } from '../shell/ask-words.tsx'
import { ArticleVerdicts } from './article-verdicts.tsx'
import { Previews } from './previews.tsx'
import { once, useArticle, useKnowledgeAct, type ArticleContent } from './use-knowledge.ts'

const Content = ({ content }: { readonly content: ArticleContent }) => {
  const t = useWords()
  return (
    <dl className="facts">
      <dt>{t('article.similar.read')}</dt>
      <dd className="words" dir="auto">
        {content.similar.join('\n')}
      </dd>
      <dt>{t('article.answer')}</dt>
      <dd className="words" dir="auto">
        {content.answer}
      </dd>
      {content.en === undefined ? null : (
        <>
          <dt>{t('article.en.answer')}</dt>
          <dd className="words">
            {content.en.question}
            {'\n'}
            {content.en.answer}
          </dd>
        </>
      )}
      {Object.entries(content.channels).map(([channel, text]) => (
        <div key={channel}>
          <dt>{t('article.channel-answer', { channel })}</dt>
          <dd className="words" dir="auto">
            {text}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** One article as it is live, and the way to change it. */
export const ArticlePage = () => {
  const t = useWords()
  const navigate = useNavigate()
  const { may } = useSession()
  const { articleId = '' } = useParams({ strict: false })
  const { data: article, error } = useArticle(articleId)
  const [asking, setAsking] = useState<'save' | 'retire'>()
  const draft = useKnowledgeAct(
    (body: BodyOf<'/knowledge/drafts', 'post'>) =>
      answerOf(v1.POST('/knowledge/drafts', { params: once(), body })),
    'done.draft',
  )
  if (article === undefined)
    return error === null ? <Skeleton active /> : <p role="alert">{explain(error, t)}</p>
  const { live } = article
  const start = async (reason: string): Promise<void> => {
    const action = asking ?? 'save'
    const content = action === 'save' && live !== undefined ? { content: live } : {}
    const { id } = await draft.mutateAsync({ articleId, action, reason, ...content })
    setAsking(undefined)
    void navigate({ to: '/knowledge/drafts/$draftId', params: { draftId: id } })
  }
  return (
    <>
      <header className="page-head">
        <h1>
          <bdi>{live?.question ?? articleId}</bdi>
        </h1>
        <span className="quiet">{articleId}</span>
        <span className="chip">{t(`knowledge.origin.${article.origin}`)}</span>
        {article.drafts.map(({ id, state }) => (
          <Link key={id} to="/knowledge/drafts/$draftId" params={{ draftId: id }}>
            <Tag>{t(`draft.state.${state}`)}</Tag>
          </Link>
        ))}
        {may('knowledge.edit') ? (
          <>
            <Button type="primary" onClick={() => setAsking('save')}>
              {t('knowledge.edit')}
            </Button>
            <Button onClick={() => setAsking('retire')}>{t('knowledge.retire')}</Button>
          </>
        ) : null}
      </header>
      <ArticleVerdicts articleId={articleId} />
      {live === undefined ? null : (
        <div className="columns">
          <Content content={live} />
          <Previews read={() => live} />
        </div>
      )}
      {asking === undefined ? null : (
        <AskWords
          title={t(asking === 'save' ? 'knowledge.edit' : 'knowledge.retire')}
          label={t('draft.reason')}
          ok={t('draft.save')}
          pending={draft.isPending}
          close={() => setAsking(undefined)}
          finish={(reason) => void start(reason).catch(() => undefined)}
        />
      )}
    </>
  )
}
