import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import { useState } from 'react'
import { ApiError } from '../api/request.ts'
import { answerOf, v1 } from '../api/v1.ts'
import { useWords } from '../words/knowledge.ts'
import { EvaluationReport, Findings, useEvaluation } from './evaluation.tsx'
import { once, useKnowledgeAct, type Draft } from './use-knowledge.ts'

interface Asked {
  readonly reason: string
  readonly override?: string
}

/** Whether the evaluation speaks against it, or is not of what is live any more: a reason overrides that. */
const needsReason = (error: unknown): boolean =>
  error instanceof ApiError && Array.isArray(error.facts.concerns)

/** Tries approved drafts out, then makes them live; where it gets worse, only with a reason. */
export const Publish = ({ drafts }: { readonly drafts: readonly Draft[] }) => {
  const t = useWords()
  const draftIds = drafts.map(({ id }) => id)
  const [evaluationId, setEvaluationId] = useState<string>()
  const { data: evaluation } = useEvaluation(evaluationId)
  const publish = useKnowledgeAct(({ reason, override = '' }: Asked) => {
    const why = override.trim() === '' ? {} : { override: override.trim() }
    return answerOf(
      v1.POST('/knowledge/versions', { params: once(), body: { draftIds, reason: reason.trim(), ...why } }),
    )
  }, 'done.publish')
  const check = useKnowledgeAct(async () => {
    const { data } = await answerOf(v1.POST('/knowledge/check', { params: once(), body: { draftIds } }))
    const { id } = await answerOf(
      v1.POST('/knowledge/evaluations', { params: once(), body: { draftIds, whole: true, questions: [] } }),
    )
    setEvaluationId(id)
    publish.reset()
    return data
  })
  const isTried = evaluation?.state === 'done'
  const isWorse = (evaluation?.result?.concerns.length ?? 0) > 0
  const isStale = !isWorse && needsReason(publish.error)
  return (
    <section className="publish" aria-label={t('publish.go')}>
      <p>
        {t('publish.chosen', { n: drafts.length })}{' '}
        <Button loading={check.isPending} onClick={() => check.mutate()}>
          {t('publish.try')}
        </Button>
      </p>
      {check.data === undefined ? null : <Findings findings={check.data} />}
      {evaluation === undefined ? null : <EvaluationReport evaluation={evaluation} />}
      {isTried ? (
        <Form<Asked> layout="vertical" onFinish={(asked) => publish.mutate(asked)}>
          <Form.Item
            name="reason"
            label={t('publish.reason')}
            rules={[{ required: true, whitespace: true, message: t('article.missing') }]}
          >
            <Input maxLength={300} />
          </Form.Item>
          {isStale ? <p role="alert">{t('publish.stale')}</p> : null}
          {isWorse || isStale ? (
            <Form.Item
              name="override"
              label={t(isStale ? 'publish.override.stale' : 'publish.override')}
              rules={[{ required: true, whitespace: true, message: t('article.missing') }]}
            >
              <Input maxLength={300} />
            </Form.Item>
          ) : null}
          <Button type="primary" htmlType="submit" loading={publish.isPending}>
            {t('publish.go')}
          </Button>
        </Form>
      ) : null}
    </section>
  )
}
