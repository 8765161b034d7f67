import { CheckOutlined, CloseOutlined, SwapOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import { useState } from 'react'
import type { MessageView } from '../api/desk.ts'
import { lookAgain } from '../api/queries.ts'
import { createKey } from '../api/request.ts'
import { answerOf, v1, type BodyOf } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/canned.ts'
import { ChooseArticle } from './choose-article.tsx'

type Body = BodyOf<'/messages/{id}/verdict', 'post'>

/** Gives a verdict; the one that stands, pressed again, is taken back. */
const useJudge = (id: string) => {
  const t = useWords()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: async (body: Body | undefined): Promise<unknown> =>
      body === undefined
        ? answerOf(v1.DELETE('/messages/{id}/verdict', { params: { path: { id } } }))
        : answerOf(
            v1.POST('/messages/{id}/verdict', {
              params: { path: { id }, header: { 'Idempotency-Key': createKey() } },
              body,
            }),
          ),
    onError: (error) => void message.error(explain(error, t)),
    onSettled: () => {
      lookAgain(undefined)
    },
  })
}

interface VerdictProps {
  readonly message: MessageView
  /** The article that the bot gave. */
  readonly given: string
}

/** Whether the bot's answer was right, or which article would have been. */
export const Verdict = ({ message: { id, verdict, decision }, given }: VerdictProps) => {
  const t = useWords()
  const { may } = useSession()
  const judge = useJudge(id)
  const [isChoosing, setChoosing] = useState(false)
  const instead = verdict?.rightArticleId
  const isRight = verdict?.verdict === 'right'
  const isWrong = verdict?.verdict === 'wrong' && instead === undefined
  const said =
    verdict === undefined
      ? undefined
      : t(instead === undefined ? `verdict.${verdict.verdict}.by` : 'verdict.instead.by', {
          name: verdict.byName,
          article: instead ?? '',
        })
  const shared = { size: 'small', disabled: judge.isPending } as const
  return (
    <div className="verdict" role="group" aria-label={t('verdict')}>
      {may('ticket.change') ? (
        <>
          <Button
            {...shared}
            icon={<CheckOutlined aria-hidden />}
            aria-pressed={isRight}
            type={isRight ? 'primary' : 'default'}
            onClick={() => judge.mutate(isRight ? undefined : { verdict: 'right' })}
          >
            {t('verdict.right')}
          </Button>
          <Button
            {...shared}
            icon={<CloseOutlined aria-hidden />}
            aria-pressed={isWrong}
            type={isWrong ? 'primary' : 'default'}
            onClick={() => judge.mutate(isWrong ? undefined : { verdict: 'wrong' })}
          >
            {t('verdict.wrong')}
          </Button>
          <Button
            {...shared}
            icon={<SwapOutlined aria-hidden />}
            aria-pressed={instead !== undefined}
            type={instead === undefined ? 'default' : 'primary'}
            onClick={() => (instead === undefined ? setChoosing(true) : judge.mutate(undefined))}
          >
            {t('verdict.instead')}
          </Button>
        </>
      ) : null}
      {said === undefined ? null : (
        <span className="quiet" role="status">
          <bdi>{said}</bdi>
        </span>
      )}
      {isChoosing ? (
        <ChooseArticle
          given={given}
          candidates={decision?.classification?.candidates ?? []}
          close={() => setChoosing(false)}
          choose={(rightArticleId) => {
            setChoosing(false)
            judge.mutate({ verdict: 'wrong', rightArticleId })
          }}
        />
      ) : null}
    </div>
  )
}
