import { useQuery } from '@tanstack/react-query'
import { desk } from '../api/desk.ts'
import { keys, useViews } from '../api/queries.ts'
import { useWhoIsThere } from '../people/presence.tsx'
import { useSession } from '../shell/session.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/views.ts'
import { agentOption, teamOption } from './fields.ts'

export interface Choice<Value extends string = string> {
  readonly value: Value
  readonly label: string
}

/** What is chosen and not there any more can still be seen, and taken out. */
const withGone = (
  there: readonly Choice[],
  chosen: readonly string[],
  tell: (value: string) => string,
): readonly Choice[] => [
  ...there,
  ...chosen
    .filter((value) => !there.some((choice) => choice.value === value))
    .map((value) => ({ value, label: tell(value) })),
]

interface Chosen {
  readonly teams: readonly string[]
  readonly inboxes: readonly string[]
  readonly holder: string
}

/** What a team is called; undefined for none, and for one that the agent has nothing to do with. */
export const useTeamName = (teamId: string | undefined): string | undefined => {
  const language = useLanguage((state) => state.language)
  const { data } = useViews()
  return data?.teams.find(({ id }) => id === teamId)?.name[language]
}

/** With whom a view can be shared; who may not share can still end it. */
export const useShares = (share: string): readonly Choice[] => {
  const t = useWords()
  const language = useLanguage((state) => state.language)
  const { may } = useSession()
  const { data } = useViews()
  const all: readonly Choice[] = [
    { value: 'me', label: t('views.share.me') },
    { value: 'all', label: t('views.share.all') },
    ...(data?.teams ?? []).map(({ id, name }) => ({
      value: teamOption(id),
      label: t('views.share.team', { team: name[language] }),
    })),
  ]
  return may('view.share') ? all : all.filter(({ value }) => value === 'me' || value === share)
}

/** Whom and what a view can name; what it names and is gone stays among them. */
export const useChoices = ({ teams, inboxes, holder }: Chosen) => {
  const t = useWords()
  const language = useLanguage((state) => state.language)
  const { may } = useSession()
  const { data: there } = useWhoIsThere(may('team.read'))
  const { data: configured } = useQuery({
    queryKey: [...keys.views, 'inboxes'],
    queryFn: ({ signal }) => desk.inboxes(signal),
    enabled: may('inbox.read'),
  })
  const { data: people } = useQuery({
    queryKey: [...keys.views, 'colleagues'],
    queryFn: ({ signal }) => desk.colleagues(signal),
    enabled: may('ticket.note'),
  })
  const holders: readonly Choice[] = (['any', 'me', 'nobody', 'somebody'] as const).map((value) => ({
    value,
    label: t(`views.holder.${value}`),
  }))
  const colleagues = (people?.colleagues ?? []).map(({ id, name }) => ({
    value: agentOption(id),
    label: name,
  }))
  return {
    teams: withGone(
      (there?.teams ?? []).map(({ id, name }) => ({ value: id, label: name[language] })),
      there === undefined ? [] : teams,
      () => t('views.gone.team'),
    ),
    inboxes: withGone(
      (configured?.inboxes ?? []).map(({ inboxId }) => ({ value: inboxId, label: inboxId })),
      inboxes,
      (value) => (configured === undefined ? value : t('views.gone.inbox', { name: value })),
    ),
    holders: withGone([...holders, ...colleagues], people === undefined ? [] : [holder], () =>
      t('views.gone.agent'),
    ),
  }
}
