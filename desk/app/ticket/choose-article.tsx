import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useDeferredValue, useState } from 'react'
import { useArticles } from '../knowledge/use-knowledge.ts'
import { explain } from '../shell/explain.ts'
import { useWords } from '../words/canned.ts'

interface Option {
  readonly articleId: string
  readonly question: string
}

interface ChooseProps {
  /** The article that was given: it is none to choose. */
  readonly given: string
  /** What the bot weighed; offered before anything is typed. */
  readonly candidates: readonly Option[]
  readonly choose: (articleId: string) => void
  readonly close: () => void
}

/** Finds the article that should have been given. */
export const ChooseArticle = ({ given, candidates, choose, close }: ChooseProps) => {
  const t = useWords()
  const [typed, setTyped] = useState('')
  const text = useDeferredValue(typed.trim())
  const { data, error } = useArticles({ text, topic: undefined })
  const found = (data?.pages ?? []).flatMap((page) =>
    page.data.map(({ articleId, question = articleId }) => ({ articleId, question })),
  )
  const options: readonly Option[] = text === '' && candidates.length > 1 ? candidates : found
  const others = options.filter(({ articleId }) => articleId !== given)
  return (
    <Modal open title={t('verdict.choose')} footer={null} onCancel={close}>
      <Input
        autoFocus
        allowClear
        value={typed}
        aria-label={t('verdict.find')}
        placeholder={t('verdict.find')}
        onChange={({ target }) => setTyped(target.value)}
      />
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {others.length === 0 && data !== undefined ? <p role="status">{t('verdict.none')}</p> : null}
      <ul className="article-choices">
        {others.map(({ articleId, question }) => (
          <li key={articleId}>
            <Button type="text" block onClick={() => choose(articleId)}>
              <bdi>{question}</bdi> <span className="quiet">{articleId}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Modal>
  )
}
