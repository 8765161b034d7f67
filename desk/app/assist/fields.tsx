import { useMutation } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { useState } from 'react'
import type { TicketDetail, TicketView } from '../api/desk.ts'
import { answerOf, v1, type BodyOf } from '../api/v1.ts'
import { useChange } from '../ticket/use-change.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/assist.ts'
import { assist, type MadeOf } from './ask.ts'
import { Fault, MachineMade, Refused } from './outcome.tsx'

type Proposed = MadeOf<Awaited<ReturnType<typeof assist.fields>>>[number]

const keyOf = (one: Proposed): string => `${one.field} ${one.field === 'custom' ? one.name : one.value}`

const bodyOf = (one: Proposed, { tags }: TicketView): BodyOf<'/tickets/{id}', 'patch'> => {
  switch (one.field) {
    case 'kind':
      return { kind: one.value }
    case 'priority':
      return { priority: one.value }
    case 'topic':
      return { topic: one.value }
    case 'tag':
      return { tags: [...tags, one.value] }
    case 'custom':
      return { fields: { [one.name]: one.value } }
    default:
      return one satisfies never
  }
}

const useTold = () => {
  const t = useWords()
  const language = useLanguage(({ language: chosen }) => chosen)
  return (one: Proposed): string => {
    switch (one.field) {
      case 'kind':
        return `${t('info.kind')}: ${t(`kind.${one.value}`)}`
      case 'priority':
        return `${t('info.priority')}: ${t(`priority.${one.value}`)}`
      case 'topic':
        return `${t('assist.field.topic')}: ${one.label[language]}`
      case 'tag':
        return `${t('assist.field.tag')}: ${one.value}`
      case 'custom': {
        const { value } = one
        const said = typeof value === 'boolean' ? t(value ? 'assist.yes' : 'assist.no') : String(value)
        return `${one.label[language]}: ${said}`
      }
      default:
        return one satisfies never
    }
  }
}

interface OneFieldProps {
  readonly one: Proposed
  readonly ticket: TicketView
  readonly isAccepted: boolean
  readonly accepted: () => void
  readonly dismiss: () => void
}

const OneField = ({ one, ticket, isAccepted, accepted, dismiss }: OneFieldProps) => {
  const t = useWords()
  const what = useTold()(one)
  const change = useChange(ticket, 'done.change')
  const accept = (): void => {
    const body = bodyOf(one, ticket)
    change.mutate((params) => answerOf(v1.PATCH('/tickets/{id}', { params, body })), { onSuccess: accepted })
  }
  if (isAccepted) return <li className="quiet">{t('assist.accepted', { what })}</li>
  return (
    <li>
      <bdi>{what}</bdi>{' '}
      <Button
        size="small"
        loading={change.isPending}
        disabled={change.isPending}
        aria-label={t('assist.accept.named', { what })}
        onClick={accept}
      >
        {t('assist.accept')}
      </Button>{' '}
      <Button size="small" type="text" aria-label={t('assist.dismiss.named', { what })} onClick={dismiss}>
        {t('assist.dismiss')}
      </Button>
    </li>
  )
}

/** What the brand's own fields hold, under the names that the configuration gives them. */
const CustomFields = ({ ticket: { fields } }: { readonly ticket: TicketView }) => {
  const t = useWords()
  const held = Object.entries(fields)
  if (held.length === 0) return null
  return (
    <>
      <h3>{t('assist.fields.now')}</h3>
      <dl className="facts">
        {held.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{typeof value === 'boolean' ? t(value ? 'assist.yes' : 'assist.no') : value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

/** Facts of the ticket that a machine would change; each is changed by whoever accepts it. */
export const Fields = ({ detail: { ticket } }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const [accepted, setAccepted] = useState<readonly string[]>([])
  const [dismissed, setDismissed] = useState<readonly string[]>([])
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => assist.fields(ticket.id),
    onSuccess: () => {
      setAccepted([])
      setDismissed([])
    },
  })
  const left =
    data === undefined || 'refused' in data ? [] : data.made.filter((one) => !dismissed.includes(keyOf(one)))
  return (
    <section className="assist-rows" aria-label={t('assist.fields')} aria-busy={isPending}>
      <CustomFields ticket={ticket} />
      <Button size="small" loading={isPending} disabled={isPending} onClick={() => mutate()}>
        {t('assist.fields')}
      </Button>
      {isPending ? <span role="status"> {t('assist.working')}</span> : null}
      <Fault error={error} />
      {data === undefined ? null : 'refused' in data ? (
        <Refused refused={data.refused} />
      ) : (
        <>
          <p>
            <MachineMade model={data.model} />
          </p>
          {left.length === 0 ? <p className="quiet">{t('assist.fields.none')}</p> : null}
          <ul className="addresses">
            {left.map((one) => (
              <OneField
                key={keyOf(one)}
                {...{ one, ticket }}
                isAccepted={accepted.includes(keyOf(one))}
                accepted={() => setAccepted((before) => [...before, keyOf(one)])}
                dismiss={() => setDismissed((before) => [...before, keyOf(one)])}
              />
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
