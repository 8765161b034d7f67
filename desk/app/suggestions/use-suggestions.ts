import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import App from 'antd/es/app'
import { ApiError, createKey } from '../api/request.ts'
import { answerOf, ifMatch, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useWords, type WordKey } from '../words/suggestions.ts'

export type Theme = Schemas['SuggestionTheme']
export type Status = Theme['status']
export type Item = Schemas['Suggestion']

/** In the order of the columns. */
export const statuses = [
  'collected',
  'considering',
  'planned',
  'shipped',
  'declined',
] as const satisfies readonly Status[]

/** Those who asked hear of it. */
export const isTold = (status: Status): status is 'shipped' | 'declined' =>
  status === 'shipped' || status === 'declined'

const root = ['suggestions'] as const
const perColumn = 20

/** The groups of one state, those that are asked for most first; more of them on demand. */
export const useColumn = (status: Status, text: string) =>
  useInfiniteQuery({
    queryKey: [...root, 'column', status, text],
    queryFn: ({ signal, pageParam }) =>
      answerOf(
        v1.GET('/feedback/themes', {
          params: {
            query: {
              ...{ status, limit: perColumn },
              ...(text === '' ? {} : { text }),
              ...(pageParam === '' ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })

export const useTheme = (id: string) =>
  useQuery({
    queryKey: [...root, 'theme', id],
    queryFn: ({ signal }) => answerOf(v1.GET('/feedback/themes/{id}', { params: { path: { id } }, signal })),
  })

/** Sentences of a group, the latest first. */
export const useItems = (theme: string) =>
  useInfiniteQuery({
    queryKey: [...root, 'items', theme],
    queryFn: ({ signal, pageParam }) =>
      answerOf(
        v1.GET('/feedback/items', {
          params: { query: { theme, limit: 50, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })

/** Groups whose name, sentence or words hold the text. */
export const useFoundThemes = (text: string) =>
  useQuery({
    queryKey: [...root, 'found', text],
    queryFn: async ({ signal }) =>
      (await answerOf(v1.GET('/feedback/themes', { params: { query: { text, limit: 20 } }, signal }))).data,
    enabled: text !== '',
  })

/** Whom a status would tell, and through what; nothing is asked where nobody hears of it. */
export const useTelling = (id: string, status: Status) =>
  useQuery({
    queryKey: [...root, 'telling', id, status],
    queryFn: ({ signal }) =>
      answerOf(
        v1.GET('/feedback/themes/{id}/telling', {
          params: { path: { id }, query: isTold(status) ? { status } : {} },
          signal,
        }),
      ),
    enabled: isTold(status),
    staleTime: 0,
  })

export const useNotices = (id: string) =>
  useQuery({
    queryKey: [...root, 'notices', id],
    queryFn: async ({ signal }) =>
      (
        await answerOf(
          v1.GET('/feedback/themes/{id}/notices', {
            params: { path: { id }, query: { limit: 100 } },
            signal,
          }),
        )
      ).data,
  })

export const useThemeHistory = (id: string) =>
  useQuery({
    queryKey: [...root, 'history', id],
    queryFn: async ({ signal }) =>
      (await answerOf(v1.GET('/feedback/themes/{id}/history', { params: { path: { id } }, signal }))).data,
  })

/** Tickets of whoever suggested something, the newest first. */
export const useTicketsOf = (contact: string | undefined, enabled: boolean) =>
  useQuery({
    queryKey: [...root, 'tickets', contact],
    queryFn: async ({ signal }) =>
      (
        await answerOf(
          v1.GET('/tickets', { params: { query: { contact: contact ?? '', limit: 5 } }, signal }),
        )
      ).data,
    enabled: enabled && contact !== undefined,
  })

/** Takes effect once, on the version that was seen. */
export const onceAt = (version: number) => ({ 'Idempotency-Key': createKey(), ...ifMatch(version) })

/** The group as somebody who was faster left it. */
export const newerOf = (error: unknown): Theme | undefined =>
  error instanceof ApiError && error.code === 'stale' ? (error.facts.current as Theme) : undefined

/** Changes something about suggestions, says so, and looks at all of them again. */
export const useThemeAct = <Answer, Asked = void>(act: (asked: Asked) => Promise<Answer>, done: WordKey) => {
  const t = useWords()
  const client = useQueryClient()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      void message.success(t(done))
      return client.invalidateQueries({ queryKey: root })
    },
    onError: (error) => {
      void message.error(explain(error, t))
      return client.invalidateQueries({ queryKey: root })
    },
  })
}
