import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useState } from 'react'
import type { CustomView, SavedView } from '../api/desk.ts'
import { useGone, useViews } from '../api/queries.ts'
import { customView } from '../inbox/views.ts'
import { useWords } from '../words/views.ts'
import { useTeamName } from './use-choices.ts'
import { ViewDrawer } from './view-drawer.tsx'

/** What the view names and is not there any more. */
const Gone = ({ view, own }: { readonly view: CustomView; readonly own: boolean }) => {
  const t = useWords()
  const gone = useGone(view)
  if (gone === undefined) return null
  const { agents, teams, inboxes, tags } = gone
  const said = [
    ...(agents.length === 0 ? [] : [t('views.gone.agent')]),
    ...(teams.length === 0 ? [] : [t('views.gone.teams', { n: teams.length })]),
    ...inboxes.map((name) => t('views.gone.inbox', { name })),
    ...tags.map((name) => t('views.gone.tag', { name })),
  ]
  if (said.length === 0) return null
  return (
    <Alert
      type="info"
      showIcon
      title={`${t('views.gone')}${said.join(t('list'))}`}
      description={own ? t('views.gone.what') : undefined}
    />
  )
}

/** Who shares it, and with whom. */
const Shared = ({ view: { own, shared, teamId, ownerName: name } }: { readonly view: SavedView }) => {
  const t = useWords()
  const team = useTeamName(teamId)
  if (own && shared) return <p className="quiet">{t('views.shared.own')}</p>
  if (own && team === undefined) return null
  if (team === undefined) return <p className="quiet">{t('views.shared.by', { name })}</p>
  return <p className="quiet">{t(own ? 'views.shared.team' : 'views.shared.by-team', { name, team })}</p>
}

/** Above the tickets of a view that an agent made: which it is, whose, and how to change it. */
export const ViewHead = ({ view }: { readonly view: CustomView }) => {
  const t = useWords()
  const { data } = useViews()
  const [isOpen, setOpen] = useState(false)
  const found = data?.views.find(({ id }) => customView(id) === view)
  if (found === undefined) return null
  return (
    <header className="view-head">
      <h2>
        <bdi>{found.name}</bdi>
      </h2>
      {found.own ? (
        <Button size="small" onClick={() => setOpen(true)}>
          {t('views.edit')}
        </Button>
      ) : null}
      <Shared view={found} />
      <Gone view={view} own={found.own} />
      {isOpen ? <ViewDrawer view={found} close={() => setOpen(false)} /> : null}
    </header>
  )
}
