import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '../api/queries.ts'
import { createKey } from '../api/request.ts'
import { answerOf, ifMatch, v1, type BodyOf, type Schemas } from '../api/v1.ts'
import { useSession } from '../shell/session.ts'

export type Incident = Schemas['Incident']
export type Spike = Schemas['SpikeProposal']

const most = 20

/** Open incidents, and for those who judge them the spikes that may be some. */
export const useIncidents = () => {
  const { may } = useSession()
  const judges = may('incident.manage')
  const incidents = useQuery({
    queryKey: [...keys.incidents, 'open'],
    queryFn: async ({ signal }) =>
      (await answerOf(v1.GET('/incidents', { params: { query: { state: 'open', limit: most } }, signal })))
        .data,
    enabled: may('incident.read'),
  })
  const spikes = useQuery({
    queryKey: [...keys.incidents, 'spikes'],
    queryFn: async ({ signal }) =>
      (await answerOf(v1.GET('/spikes', { params: { query: { state: 'proposed', limit: most } }, signal })))
        .data,
    enabled: judges,
  })
  return { incidents: incidents.data ?? [], spikes: spikes.data ?? [], judges }
}

const once = () => ({ 'Idempotency-Key': createKey() })

/** What is to be done about incidents and spikes. */
export type IncidentAct =
  | { readonly act: 'declare'; readonly body: BodyOf<'/incidents', 'post'> }
  | { readonly act: 'change'; readonly incident: Incident; readonly body: BodyOf<'/incidents/{id}', 'patch'> }
  | { readonly act: 'update' | 'close'; readonly incident: Incident; readonly wording: Wording | undefined }
  | { readonly act: 'dismiss'; readonly spike: Spike; readonly reason: string }

/** What contacts read: Chinese, and English where it differs. */
export interface Wording {
  readonly zh: string
  readonly en?: string
}

const run = async (wanted: IncidentAct): Promise<unknown> => {
  switch (wanted.act) {
    case 'declare':
      return answerOf(v1.POST('/incidents', { params: { header: once() }, body: wanted.body }))
    case 'change': {
      const { id, version } = wanted.incident
      const params = { path: { id }, header: ifMatch(version) }
      return answerOf(v1.PATCH('/incidents/{id}', { params, body: wanted.body }))
    }
    case 'update':
    case 'close': {
      const params = { path: { id: wanted.incident.id }, header: once() }
      const { wording } = wanted
      if (wanted.act === 'close')
        return answerOf(
          v1.POST('/incidents/{id}/close', { params, body: wording === undefined ? {} : { wording } }),
        )
      if (wording === undefined) throw new TypeError('news need words')
      return answerOf(v1.POST('/incidents/{id}/updates', { params, body: { wording } }))
    }
    case 'dismiss': {
      const params = { path: { id: wanted.spike.id }, header: once() }
      return answerOf(v1.POST('/spikes/{id}/dismiss', { params, body: { reason: wanted.reason } }))
    }
    default:
      return wanted satisfies never
  }
}

export const useIncidentAct = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: run,
    onSettled: () => client.invalidateQueries({ queryKey: keys.incidents }),
  })
}
