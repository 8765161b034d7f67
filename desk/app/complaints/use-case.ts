import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import App from 'antd/es/app'
import { useState } from 'react'
import { keys, lookAgain } from '../api/queries.ts'
import { ApiError, createKey } from '../api/request.ts'
import { answerOf, ifMatch, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import type { Translate } from '../words/index.ts'
import { useWords, type WordKey } from '../words/complaint.ts'

export type Case = Schemas['Complaint']
export type Decision = Case['decisions'][number]
export type Verdict = Decision['verdict']
export type Reason = Schemas['PolicyReason']

const caseKey = (ticketId: string) => [...keys.ticket(ticketId), 'case'] as const

/** The case of a ticket; null: it has none. It is read again whenever something of the ticket changes. */
export const useCase = (ticketId: string) =>
  useQuery({
    queryKey: caseKey(ticketId),
    queryFn: async ({ signal }) => {
      const query = { ticket: ticketId, limit: 1 }
      const [summary] = (await answerOf(v1.GET('/complaints', { params: { query }, signal }))).data
      if (summary === undefined) return null
      return answerOf(v1.GET('/complaints/{id}', { params: { path: { id: summary.id } }, signal }))
    },
  })

/** Reasons that decisions may give. */
export const usePolicy = () =>
  useQuery({
    queryKey: ['complaint-policy'],
    queryFn: async ({ signal }) => (await answerOf(v1.GET('/complaint-policy', { signal }))).reasons,
    staleTime: Infinity,
  })

/** Decided cases that are like this one. */
export const useSimilar = (found: Case) =>
  useQuery({
    queryKey: [...caseKey(found.ticketId), 'similar'],
    queryFn: async ({ signal }) => {
      const params = { path: { id: found.id }, query: { limit: 5 } }
      return (await answerOf(v1.GET('/complaints/{id}/similar', { params, signal }))).data
    },
    staleTime: 300_000,
  })

/** What an act on a case is asked with: which, that it takes effect once, and what was seen. */
interface CaseParams {
  readonly path: { readonly id: string }
  readonly header: { readonly 'Idempotency-Key': string; readonly 'If-Match': string }
}

/** A refusal in our words, and the rule behind it in the server's. */
export const refusalOf = (error: unknown, t: Translate): string => {
  const said = explain(error, t)
  const detail = error instanceof ApiError ? error.facts.detail : undefined
  const isRule =
    error instanceof ApiError && ['conflict', 'bad_input', 'forbidden', 'not_found'].includes(error.code)
  return isRule && typeof detail === 'string' ? `${said} (${detail})` : said
}

/** Somebody changed it since it was read. */
export const isStale = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.code === 'stale'

/**
 * Acts on a case. What comes of it is shown at once; where somebody was faster, what they made of it is, and what was
 * typed here stays.
 */
export const useCaseAct = <Asked = void>(
  { id, version, ticketId }: Case,
  done: WordKey,
  act: (params: CaseParams, asked: Asked) => Promise<Case>,
) => {
  const t = useWords()
  const client = useQueryClient()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: (asked: Asked) =>
      act({ path: { id }, header: { 'Idempotency-Key': createKey(), ...ifMatch(version) } }, asked),
    onSuccess: (changed) => {
      client.setQueryData(caseKey(ticketId), changed)
      void message.success(t(done))
      lookAgain(ticketId)
    },
    onError: (error) => {
      void message.error(refusalOf(error, t))
      if (isStale(error)) client.setQueryData(caseKey(ticketId), error.facts.current)
      lookAgain(ticketId)
    },
  })
}

/** What is typed into a form of a case, kept in this tab until it is sent: leaving the case loses nothing. */
export const useKept = <Values extends object>(
  name: string,
  empty: Values,
): readonly [Values, (changes: Partial<Values>) => void, () => void] => {
  const { agent } = useSession()
  const place = `tongda.case.${agent.id}.${name}`
  const [values, setValues] = useState<Values>(() => {
    try {
      const kept: unknown = JSON.parse(sessionStorage.getItem(place) ?? '{}')
      return { ...empty, ...(typeof kept === 'object' ? kept : {}) }
    } catch {
      // Storage switched off or filled by something else: an empty form.
      return empty
    }
  })
  const change = (changes: Partial<Values>): void => {
    const next = { ...values, ...changes }
    setValues(next)
    try {
      sessionStorage.setItem(place, JSON.stringify(next))
    } catch {
      // It stays as long as the form is open.
    }
  }
  const clear = (): void => {
    setValues(empty)
    try {
      sessionStorage.removeItem(place)
    } catch {
      // Nothing was kept.
    }
  }
  return [values, change, clear]
}
