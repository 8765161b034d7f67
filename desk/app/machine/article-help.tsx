import { useMutation } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import { useState } from 'react'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { once, type ArticleContent } from '../knowledge/use-knowledge.ts'
import { useWords } from '../words/machine.ts'
import { explainMachine } from './explain.ts'
import { MachineMade } from './made.tsx'
import { textName } from './text-name.ts'

type Wording = Schemas['SuggestedWordings']['data'][number]
type ToneFinding = Schemas['ToneFindings']['data'][number]

interface ArticleHelpProps {
  /** The article as its fields have it. */
  readonly read: () => ArticleContent
  readonly addSimilar: (texts: readonly string[]) => void
  /** Puts the proposal in the quote's place in one of the texts, where the quote still stands. */
  readonly replace: (text: string, quote: string, proposal: string) => void
}

/** Wordings to be chosen from; what would help is chosen already. */
const Wordings = ({
  wordings,
  add,
}: {
  readonly wordings: readonly Wording[]
  readonly add: (texts: readonly string[]) => void
}) => {
  const t = useWords()
  const [chosen, setChosen] = useState(() =>
    wordings.filter(({ standing }) => standing === 'new').map(({ text }) => text),
  )
  if (wordings.length === 0) return <p role="status">{t('machine.similar.none')}</p>
  return (
    <>
      <ul className="addresses">
        {wordings.map(({ text, standing, of }) => (
          <li key={text}>
            <Checkbox
              checked={chosen.includes(text)}
              onChange={({ target }) => {
                setChosen(target.checked ? [...chosen, text] : chosen.filter((one) => one !== text))
              }}
            >
              <bdi>{text}</bdi>
            </Checkbox>
            {standing === 'known' ? <span className="quiet"> {t('machine.similar.known')}</span> : null}
            {of === undefined ? null : (
              <span className="chip due-soon">⚠ {t('machine.similar.other', { question: of.question })}</span>
            )}
          </li>
        ))}
      </ul>
      <Button
        disabled={chosen.length === 0}
        onClick={() => {
          add(chosen)
          setChosen([])
        }}
      >
        {t('machine.similar.add', { n: chosen.length })}
      </Button>
    </>
  )
}

const placeOf = (text: string, quote: string): string => `${text}\n${quote}`

const Findings = ({
  findings,
  replace,
}: { readonly findings: readonly ToneFinding[] } & Pick<ArticleHelpProps, 'replace'>) => {
  const t = useWords()
  const [used, setUsed] = useState<readonly string[]>([])
  if (findings.length === 0) return <p role="status">{t('machine.tone.none')}</p>
  return (
    <dl className="diff">
      {findings.map(({ in: text, quote, proposal, why }) => (
        <div key={placeOf(text, quote)}>
          <dt>
            <span className="chip">{textName(text, t)}</span> <bdi>{why}</bdi>
          </dt>
          <dd>
            <del className="words" dir="auto">
              {quote}
            </del>
            <ins className="words" dir="auto">
              {proposal}
            </ins>
            {used.includes(placeOf(text, quote)) ? (
              <span className="quiet" role="status">
                {t('machine.tone.used')}
              </span>
            ) : (
              <div>
                <Button
                  size="small"
                  onClick={() => {
                    replace(text, quote, proposal)
                    setUsed([...used, placeOf(text, quote)])
                  }}
                >
                  {t('machine.tone.use')}
                </Button>
              </div>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** What a language model proposes for the article that somebody writes. */
export const ArticleHelp = ({ read, addSimilar, replace }: ArticleHelpProps) => {
  const t = useWords()
  const asked = () => ({ params: once(), body: { content: read() } })
  const wordings = useMutation({
    mutationFn: () => answerOf(v1.POST('/knowledge/help/similar-questions', asked())),
  })
  const tone = useMutation({ mutationFn: () => answerOf(v1.POST('/knowledge/help/tone', asked())) })
  const error = wordings.error ?? tone.error
  const model = wordings.data?.model ?? tone.data?.model
  return (
    <section aria-labelledby="machine-help">
      <h2 id="machine-help">
        {t('machine')} <MachineMade model={model} />
      </h2>
      <p className="quiet">{t('machine.about')}</p>
      <div className="actions">
        <Button loading={wordings.isPending} onClick={() => wordings.mutate()}>
          {t('machine.similar')}
        </Button>
        <Button loading={tone.isPending} onClick={() => tone.mutate()}>
          {t('machine.tone')}
        </Button>
      </div>
      {error === null ? null : <p role="alert">{explainMachine(error, t)}</p>}
      {wordings.data === undefined ? null : (
        <Wordings key={wordings.submittedAt} wordings={wordings.data.data} add={addSimilar} />
      )}
      {tone.data === undefined ? null : (
        <Findings key={tone.submittedAt} findings={tone.data.data} replace={replace} />
      )}
    </section>
  )
}
