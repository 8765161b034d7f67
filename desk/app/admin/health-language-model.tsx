import { exactTime } from '../shell/time.ts'
import { isAdminWord, useWords } from '../words/admin.ts'
import type { Health } from './health-concerns.ts'

type LanguageModel = NonNullable<Health['languageModel']>
type One = LanguageModel['models'][number]

const State = ({ breaker, leftAloneUntil }: Pick<One, 'breaker' | 'leftAloneUntil'>) => {
  const t = useWords()
  if (breaker === undefined) return <span className="chip due-over">{t('health.language-model.unused')}</span>
  if (leftAloneUntil !== undefined)
    return (
      <span className="chip due-over">
        {t('health.language-model.open', { at: exactTime(leftAloneUntil) })}
      </span>
    )
  return breaker === 'closed' ? (
    <span className="chip due-done">{t('health.language-model.closed')}</span>
  ) : (
    <span className="chip">{t('health.language-model.trying')}</span>
  )
}

const LastFault = ({ lastFault }: One) => {
  const t = useWords()
  if (lastFault === undefined) return <p className="delivery">{t('health.language-model.no-fault')}</p>
  const { at, outcome } = lastFault
  // A newer server knows more kinds than this page.
  const key = `health.language-model.fault.${outcome}`
  return (
    <p className="delivery bad">
      {t('health.language-model.fault', {
        at: exactTime(at),
        outcome: isAdminWord(key) ? t(key) : outcome,
      })}
    </p>
  )
}

/** The configured language models: whether each is in use, its last fault, what the day took of its caps. */
export const HealthLanguageModel = ({ models, today }: LanguageModel) => {
  const t = useWords()
  const usedOf = (used: number, limit: number | undefined): string =>
    limit === undefined
      ? t('health.language-model.no-limit', { used: used.toLocaleString() })
      : t('health.language-model.of', { used: used.toLocaleString(), limit: limit.toLocaleString() })
  return (
    <section aria-label={t('health.language-model')}>
      <h2>{t('health.language-model')}</h2>
      <dl className="facts">
        {models.flatMap((one, number) => [
          <dt key={`${String(number)} name`}>
            {t(number === 0 ? 'health.language-model.first' : 'health.language-model.fallback')}
          </dt>,
          <dd key={String(number)}>
            <bdi>{one.model}</bdi> <State {...one} />
            {one.staff === undefined || one.staff.breaker === 'closed' ? null : (
              <p className="delivery">
                {t('health.language-model.staff')} <State {...one.staff} />
              </p>
            )}
            <LastFault {...one} />
          </dd>,
        ])}
        <dt>{t('health.language-model.tokens')}</dt>
        <dd>{usedOf(today.tokens, today.tokensLimit)}</dd>
        <dt>{t('health.language-model.cost')}</dt>
        <dd>{usedOf(today.cost, today.costLimit)}</dd>
      </dl>
    </section>
  )
}
