import type { MessageView } from '../api/desk.ts'
import { isWord, useWords, type Translate, type WordValues } from '../words/index.ts'
import { TraceLine } from './trace-line.tsx'

type DecisionView = NonNullable<MessageView['decision']>
type ReasonView = DecisionView['reasons'][number]

const percent = (chance: number): string => `${Math.round(chance * 100)} %`

/** Why the bot decided so; earlier versions stored words instead of codes. */
export const reasonText = (reason: ReasonView, t: Translate): string => {
  if (typeof reason === 'string') return reason
  const key = `reason.${reason.code}`
  if (!isWord(key)) return reason.code
  const kinds = String(reason.values.kinds ?? '')
    .split(',')
    .map((kind) => `reason.kind.${kind}`)
    .map((kind) => (isWord(kind) ? t(kind) : kind))
  const values: WordValues = { ...reason.values, kinds: kinds.join(t('list')) }
  return t(key, values)
}

const Understood = ({ said }: { readonly said: NonNullable<DecisionView['classification']> }) => {
  const t = useWords()
  const emotion = `emotion.${said.emotion}`
  return (
    <>
      <dt>{t('decision.understood')}</dt>
      <dd dir="auto">{said.text}</dd>
      <dt>{t('decision.intent')}</dt>
      <dd>{said.intent}</dd>
      <dt>{t('decision.topic')}</dt>
      <dd>
        {said.topic} · {t('decision.confidence')} {percent(said.confidence)}
      </dd>
      {said.candidates.length === 0 ? null : (
        <>
          <dt>{t('decision.candidates')}</dt>
          <dd>
            <ol>
              {said.candidates.map(({ articleId, question, score }) => (
                <li key={articleId}>
                  {percent(score)} <bdi>{question}</bdi> <span className="quiet">{articleId}</span>
                </li>
              ))}
            </ol>
          </dd>
        </>
      )}
      <dt>{t('decision.emotion')}</dt>
      <dd>{isWord(emotion) ? t(emotion) : said.emotion}</dd>
      <dt>{t('decision.urgency')}</dt>
      <dd>{t(`urgency.${said.urgency}`)}</dd>
      <dt>{t('decision.version')}</dt>
      <dd>{said.knowledgeVersion}</dd>
    </>
  )
}

interface DecisionProps {
  readonly message: MessageView
  readonly decision: DecisionView
}

/** What the bot decided about a message, and why; at the foot how long that took, from arrival to the sent answer. */
export const Decision = ({ message, decision }: DecisionProps) => {
  const t = useWords()
  const { kind, rule, reasons, thresholds, articleId, classification, thinkingMs } = decision
  const short =
    classification === undefined
      ? rule
      : `${classification.intent} · ${classification.topic} · ${percent(classification.confidence)}`
  const limits = Object.entries(thresholds).map(([name, value]) => `${name} ${value}`)
  return (
    <details className="decision">
      <summary>
        {t(`decision.${kind}`)} <span className="quiet">{short}</span>
      </summary>
      <dl>
        <dt>{t('decision.rule')}</dt>
        <dd>{rule}</dd>
        {reasons.length === 0 ? null : (
          <>
            <dt>{t('decision.reasons')}</dt>
            <dd>
              <ul>
                {reasons.map((reason) => {
                  const text = reasonText(reason, t)
                  return <li key={text}>{text}</li>
                })}
              </ul>
            </dd>
          </>
        )}
        {articleId === undefined ? null : (
          <>
            <dt>{t('decision.article')}</dt>
            <dd>{articleId}</dd>
          </>
        )}
        {classification === undefined ? null : <Understood said={classification} />}
        {limits.length === 0 ? null : (
          <>
            <dt>{t('decision.thresholds')}</dt>
            <dd>{limits.join(', ')}</dd>
          </>
        )}
        <dt>{t('decision.ms')}</dt>
        <dd>{Math.round(thinkingMs)} ms</dd>
      </dl>
      <TraceLine message={message} />
    </details>
  )
}
