import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { answerOf, v1 } from '../api/v1.ts'
import { shortTime } from '../shell/time.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/complaint.ts'
import { usePolicy, useSimilar, type Case } from './use-case.ts'

/** How cases like this one were decided. */
export const Similar = ({ found }: { readonly found: Case }) => {
  const t = useWords()
  const navigate = useNavigate()
  const language = useLanguage((state) => state.language)
  const { data: similar = [], isPending } = useSimilar(found)
  const { data: reasons = [] } = usePolicy()
  // Who reads cases finds the ticket by its case.
  const open = useMutation({
    mutationFn: (id: string) => answerOf(v1.GET('/complaints/{id}', { params: { path: { id } } })),
    onSuccess: ({ ticketId }) =>
      void navigate({
        to: '/inbox/$view/$ticketId',
        params: { view: 'solved', ticketId },
        search: { case: true },
      }),
  })
  return (
    <section aria-label={t('case.similar')}>
      <h3>{t('case.similar')}</h3>
      {similar.length === 0 && !isPending ? <p className="quiet">{t('case.similar.none')}</p> : null}
      <ul className="addresses">
        {similar.map(({ caseId, ticketNumber, verdict, reason, decidedAt, likeness }) => (
          <li key={caseId}>
            <button type="button" className="plain" onClick={() => open.mutate(caseId)}>
              T-{ticketNumber}
            </button>{' '}
            {t(`case.verdict.${verdict}`)} ·{' '}
            <bdi>{reasons.find(({ code }) => code === reason)?.title[language] ?? reason}</bdi>{' '}
            <span className="quiet">
              {t('case.similar.likeness', { percent: Math.round(likeness * 100) })} · {shortTime(decidedAt)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
