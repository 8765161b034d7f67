import { useQuery } from '@tanstack/react-query'
import type { RefObject } from 'react'
import type { Colleagues } from '../../../src/http/api.ts'
import { desk } from '../api/desk.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/canned.ts'
import { Choices } from './choices.tsx'
import type { HearKey } from './use-trigger.ts'

type Colleague = Colleagues['colleagues'][number]

const useColleagues = () =>
  useQuery({
    queryKey: ['colleagues'],
    queryFn: async ({ signal }) => (await desk.colleagues(signal)).colleagues,
  })

const isMeant = ({ name, sounds }: Colleague, typed: string): boolean =>
  name.toLowerCase().includes(typed) || sounds.some((sound) => sound.startsWith(typed))

interface MentionListProps {
  readonly query: string
  readonly keys: RefObject<HearKey | null>
  readonly choose: (name: string) => void
  readonly leave: () => void
  readonly tellActive: (id: string | undefined) => void
}

/** Colleagues whose names match what was typed after `@`. */
export const MentionList = ({ query, choose, ...rest }: MentionListProps) => {
  const t = useWords()
  const { agent } = useSession()
  const { data } = useColleagues()
  if (data === undefined) return null
  const typed = query.toLowerCase()
  return (
    <Choices<Colleague>
      key={query}
      {...rest}
      label={t('mention.list')}
      hint={t('canned.keys')}
      items={data.filter((one) => one.id !== agent.id && isMeant(one, typed))}
      idOf={({ id }) => id}
      nothing={t('mention.none', { query })}
      choose={({ name }) => choose(name)}
      render={({ name }) => <bdi className="choice-name">{name}</bdi>}
    />
  )
}
