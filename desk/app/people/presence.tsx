import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { MenuProps } from 'antd'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import Dropdown from 'antd/es/dropdown'
import { useEffect, useRef, type RefObject } from 'react'
import { desk, type Availability, type WhoIsThere } from '../api/desk.ts'
import { keys } from '../api/queries.ts'
import { isInUse } from '../api/request.ts'
import { explain } from '../shell/explain.ts'
import { useWords } from '../words/index.ts'

const availabilities: readonly Availability[] = ['online', 'busy', 'away', 'offline']
const beatMs = 30_000
const lookMs = 60_000

/** Who is there, and to whom tickets can be handed over. */
export const useWhoIsThere = (enabled = true) =>
  useQuery({
    queryKey: keys.presence,
    queryFn: ({ signal }) => desk.whoIsThere(signal),
    refetchInterval: lookMs,
    enabled,
  })

type Own = WhoIsThere['me']

/** The open desk's sign of life, and what comes of silence. A beat missed is made up for by the next one. */
const useBeat = (chosen: RefObject<Availability | undefined>): void => {
  const t = useWords()
  const client = useQueryClient()
  const { message } = App.useApp()
  const known = useRef<Own>(undefined)
  useEffect(() => {
    const hear = ({ me }: { readonly me?: Own | undefined }): void => {
      if (me === undefined) return
      const before = known.current
      // Silence came of a broken connection, and somebody is at it: what was chosen here is taken up again.
      if (me.automatic && me.availability === 'offline' && chosen.current === 'online' && isInUse()) {
        void desk.setPresence('online').then(
          () => client.invalidateQueries({ queryKey: keys.presence }),
          () => undefined,
        )
        return
      }
      known.current = me
      client.setQueryData<WhoIsThere>(keys.presence, (all) => all && { ...all, me })
      if (!me.automatic || me.availability === before?.availability) return
      void message.warning(
        t(me.availability === 'away' ? 'presence.away.idle' : 'presence.offline.silent'),
        60,
      )
    }
    const timer = setInterval(() => {
      desk.beat(isInUse()).then(hear, () => undefined)
    }, beatMs)
    return () => {
      clearInterval(timer)
    }
  }, [chosen, client, message, t])
}

/** Whether one is there: only who is online is given waiting tickets. Shown once there are teams. */
export const Presence = () => {
  const t = useWords()
  const client = useQueryClient()
  const { message } = App.useApp()
  const { data } = useWhoIsThere()
  /** What was chosen on this page. */
  const chosen = useRef<Availability>(undefined)
  useBeat(chosen)
  const choose = useMutation({
    mutationFn: desk.setPresence,
    onSuccess: (_, availability) => {
      chosen.current = availability
    },
    onError: (error) => void message.error(explain(error, t)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.presence }),
  })
  if (data === undefined || data.teams.length === 0) return null
  const now = data.me?.availability ?? 'offline'
  const items: MenuProps['items'] = availabilities.map((one) => ({
    key: one,
    label: t(`presence.${one}`),
    onClick: () => {
      choose.mutate(one)
    },
  }))
  return (
    <Dropdown menu={{ items, selectedKeys: [now] }} trigger={['click']} placement="topRight">
      <Button
        type="text"
        className="presence"
        data-state={now}
        loading={choose.isPending}
        title={t('presence.hint')}
        aria-label={`${t('presence')}: ${t(`presence.${now}`)}`}
      >
        <span aria-hidden="true">{now === 'online' ? '●' : now === 'offline' ? '○' : '◐'}</span>
      </Button>
    </Dropdown>
  )
}
